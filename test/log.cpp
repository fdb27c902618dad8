// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE log
#include <arborist/log.hpp>

#include "support/tree.hpp"

#include <boost/log/attributes/value_extraction.hpp>
#include <boost/log/core.hpp>
#include <boost/log/expressions.hpp>
#include <boost/log/sinks/basic_sink_backend.hpp>
#include <boost/log/sinks/sync_frontend.hpp>
#include <boost/log/sources/record_ostream.hpp>
#include <boost/log/sources/severity_channel_logger.hpp>
#include <boost/make_shared.hpp>
#include <boost/smart_ptr/shared_ptr.hpp>

#include <cstdint>
#include <iostream>
#include <regex>
#include <sstream>

using namespace tree_test;

namespace {

namespace sinks = boost::log::sinks;
namespace trivial = boost::log::trivial;

// One record, with the attributes that it has.
struct record {
    trivial::severity_level severity = {};
    std::string channel, text;
    std::optional<std::string> supervisor, event, child, exit, process;
    std::optional<std::uint64_t> process_id;
    std::optional<std::size_t> restarts;
    std::optional<std::chrono::nanoseconds> delay;

    [[nodiscard]] std::string line() const {
        return std::string(trivial::to_string(severity)) + ' ' + text;
    }
};

class record_backend : public sinks::basic_sink_backend<sinks::synchronized_feeding> {
public:
    std::vector<record> records;

    void consume(boost::log::record_view const& view) {
        record it;
        it.severity = view[trivial::severity].get();
        it.channel = boost::log::extract<std::string>("Channel", view).get();
        it.text = view[boost::log::expressions::smessage].get();
        get(view[log::supervisor], it.supervisor);
        get(view[log::event], it.event);
        get(view[log::child], it.child);
        get(view[log::exit], it.exit);
        get(view[log::process_id], it.process_id);
        get(view[log::process], it.process);
        get(view[log::restarts], it.restarts);
        get(view[log::delay], it.delay);
        records.push_back(std::move(it));
    }

private:
    template <class Value, class T>
    static void get(Value const& value, std::optional<T>& to) {
        if (value)
            to = value.get();
    }
};

// Everything that is logged while it lives.
class log_fixture {
public:
    log_fixture() { boost::log::core::get()->add_sink(sink_); }
    log_fixture(log_fixture const&) = delete;
    log_fixture& operator=(log_fixture const&) = delete;
    ~log_fixture() {
        boost::log::core::get()->remove_sink(sink_);
        log::enable();
    }

    [[nodiscard]] std::vector<record> const& records() const { return backend_->records; }
    [[nodiscard]] tree_test::lines lines() const {
        tree_test::lines found;
        for (record const& each : records())
            found.push_back(each.line());
        return found;
    }
    // The only one of an event.
    [[nodiscard]] record of(std::string const& event) const {
        std::vector<record> found;
        for (record const& each : records())
            if (each.event == event)
                found.push_back(each);
        BOOST_TEST_REQUIRE(found.size() == 1u);
        return found.front();
    }
    void clear() { backend_->records.clear(); }

private:
    boost::shared_ptr<record_backend> backend_ = boost::make_shared<record_backend>();
    boost::shared_ptr<sinks::synchronous_sink<record_backend>> sink_ =
        boost::make_shared<sinks::synchronous_sink<record_backend>>(backend_);
};

// Starts, becomes ready, and is stopped.
void run_and_stop(supervisor& root) {
    run_of run(root);
    run.stop();
}

supervisor small_tree() {
    supervisor root("app");
    root.add(probe("wal"));
    return root;
}

} // namespace

// ---- a story --------------------------------------------------------------------------------

BOOST_FIXTURE_TEST_CASE(the_whole_story_line_by_line, log_fixture) {
    log::enable(trivial::debug);
    probe wal("wal");
    supervisor storage("storage", {.intensity = {1, 10s}});
    storage.add(probe("index")).add(wal);
    supervisor root("app", {.intensity = {0, 1h}});
    root.add(std::move(storage));
    run_of run(root);
    BOOST_TEST(lines() == (tree_test::lines{
                              "info app: starting",
                              "debug app: child 'storage' starting",
                              "info app.storage: starting",
                              "debug app.storage: child 'index' starting",
                              "debug app.storage: child 'wal' starting",
                              "debug app.storage: child 'index' ready",
                              "debug app.storage: child 'wal' ready",
                              "info app.storage: ready",
                              "debug app: child 'storage' ready",
                              "info app: ready",
                          }),
               boost::test_tools::per_element());
    clear();

    wal.panic("disk full");
    run.settle();
    BOOST_TEST(lines() == (tree_test::lines{
                              "warning app.storage: child 'wal' panicked: std::runtime_error: disk "
                              "full",
                              "warning app.storage: child 'wal' restarting, 1 of 1 restart within "
                              "10s",
                              "debug app.storage: child 'wal' starting",
                              "debug app.storage: child 'wal' ready",
                          }),
               boost::test_tools::per_element());
    clear();

    wal.fail("disk still full");
    run.settle();
    std::string const gave_up =
        "app.storage: gave up on child 'wal' after 1 restart within 10s; it "
        "terminated: disk still full";
    BOOST_TEST(lines() ==
                   (tree_test::lines{
                       "warning app.storage: child 'wal' terminated: disk still full",
                       "error app.storage: child 'wal' not restarted: 1 restart within 10s is the "
                       "limit",
                       "info app.storage: stopping",
                       "debug app.storage: child 'index' stopping",
                       "debug app.storage: child 'index' completed",
                       "error " + gave_up,
                       "warning app: child 'storage' terminated: " + gave_up,
                       "error app: child 'storage' not restarted: no restarts are allowed",
                       "info app: stopping",
                       "error app: gave up on child 'storage', since no restarts are allowed; it "
                       "terminated: " +
                           gave_up,
                   }),
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_clean_run_is_told_in_four_lines, log_fixture) {
    supervisor root = small_tree();
    run_and_stop(root);
    BOOST_TEST(lines() == (tree_test::lines{"info app: starting", "info app: ready",
                                            "info app: stopping", "info app: stopped"}),
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(an_unlimited_budget_is_not_counted, log_fixture) {
    log::enable(trivial::warning);
    probe child("wal");
    supervisor root("app", {.intensity = unlimited});
    root.add(child);
    run_of run(root);
    child.complete();
    run.settle();
    BOOST_TEST(lines() == tree_test::lines{"warning app: child 'wal' restarting"},
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_child_that_cannot_be_started, log_fixture) {
    log::enable(trivial::warning);
    probe broken("listener");
    broken.break_initialization(cause(asio::error::address_in_use, "cannot listen on port 80"));
    supervisor root("app");
    root.add(broken);
    run_of const run(root);
    BOOST_TEST(lines() == (tree_test::lines{
                              "error app: child 'listener' failed to initialise: cannot listen on "
                              "port 80: Address already in use",
                              "error app: child 'listener' failed to initialise: cannot listen on "
                              "port 80: Address already in use",
                          }),
               boost::test_tools::per_element());
    BOOST_TEST((records()[0].event == "child_failed_to_initialize"));
    BOOST_TEST(
        (records()[0].exit == "terminated: cannot listen on port 80: Address already in use"));
    BOOST_TEST((records()[1].event == "supervisor_stopped"));
    BOOST_TEST(!records()[1].child.has_value());
}

BOOST_FIXTURE_TEST_CASE(a_child_that_will_not_die, log_fixture) { // D9
    log::enable(trivial::warning);
    asio::steady_timer* inside = nullptr;
    supervisor root("app", {.abort_grace = 1ms});
    root.add(worker("stubborn",
                    [&inside]() -> asio::awaitable<void> {
                        asio::steady_timer timer(co_await asio::this_coro::executor,
                                                 asio::steady_timer::time_point::max());
                        inside = &timer;
                        boost::system::error_code ignored;
                        co_await timer.async_wait(asio::bind_cancellation_slot(
                            asio::cancellation_slot(),
                            asio::redirect_error(asio::use_awaitable, ignored)));
                    }),
             {.shutdown = graceful(1ms)});
    run_of run(root);
    run.stop();
    run.context().restart();
    while (!run.ended())
        run.context().run_one();
    BOOST_TEST(lines() == (tree_test::lines{
                              "warning app: child 'stubborn' aborting",
                              "fatal app: child 'stubborn' ABANDONED: it did not end when it was "
                              "aborted",
                              "error app: shutdown timed out: abandoned stubborn",
                          }),
               boost::test_tools::per_element());
    BOOST_TEST((of("child_abandoned").exit == "abandoned"));
    BOOST_TEST(!of("child_aborting").exit.has_value());
    clear();
    inside->cancel();
    run.settle();
    BOOST_TEST_REQUIRE(records().size() == 1u);
    BOOST_TEST((records()[0].event == "child_exited_late"));
    BOOST_TEST(records()[0].line().starts_with("warning app: child 'stubborn' abandoned before, "));
    BOOST_TEST(records()[0].line().ends_with(" at last"));
}

BOOST_FIXTURE_TEST_CASE(an_observer_that_throws, log_fixture) {
    log::enable(trivial::warning);
    supervisor root = small_tree();
    root.observe([](event const& what) {
        if (what.kind == event_kind::supervisor_ready)
            throw std::runtime_error("I cannot look");
    });
    run_and_stop(root);
    BOOST_TEST(lines() == tree_test::lines{"error app: an observer failed: std::runtime_error: I "
                                           "cannot look"},
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(the_log_is_told_before_the_observers_of_the_program, log_fixture) {
    std::optional<std::string> before;
    supervisor root = small_tree();
    root.observe([&](event const& what) {
        if (what.kind == event_kind::supervisor_stopped)
            before = lines().back();
    });
    run_and_stop(root);
    BOOST_TEST((before == "info app: stopped"));
}

// ---- attributes -----------------------------------------------------------------------------

BOOST_FIXTURE_TEST_CASE(each_record_has_the_attributes_that_its_event_has, log_fixture) {
    log::enable(trivial::debug);
    probe child("w-a-l");
    supervisor root("my-app", {.intensity = {3, 10s}});
    root.add(child);
    run_of run(root);
    std::uint64_t const first = of("child_starting").process_id.value_or(0);
    BOOST_TEST(first != 0u);
    BOOST_TEST((of("child_ready").process_id == first));
    child.panic("boom");
    run.settle();
    record const exited = of("child_exited");
    record const restarting = of("child_restarting");
    run.stop();

    for (record const& each : records()) {
        BOOST_TEST(each.channel == "arborist");
        BOOST_TEST((each.supervisor == "my_app")); // N3
        BOOST_TEST_REQUIRE(each.event.has_value());
        bool const of_child = each.event->starts_with("child_");
        BOOST_TEST(each.child.has_value() == of_child);
        BOOST_TEST(each.process_id.has_value() == of_child);
        if (of_child)
            BOOST_TEST((each.child == "w-a-l")); // as declared
        bool const restart = each.event == "child_restarting";
        BOOST_TEST(each.restarts.has_value() == restart);
        BOOST_TEST(each.delay.has_value() == restart);
        BOOST_TEST((each.exit.has_value() == (restart || each.event == "child_exited")));
    }
    BOOST_TEST((exited.exit == "panicked: std::runtime_error: boom"));
    BOOST_TEST((exited.process_id == first));
    BOOST_TEST((restarting.restarts == std::size_t(1)));
    BOOST_TEST((restarting.delay == std::chrono::nanoseconds(0)));
    BOOST_TEST((of("supervisor_stopped").supervisor == "my_app"));
    BOOST_TEST((records().back().event == "supervisor_stopped"));
    // The second process ended well, and is another one.
    record const last = records()[records().size() - 2];
    BOOST_TEST((last.event == "child_exited"));
    BOOST_TEST((last.exit == "completed"));
    BOOST_TEST(last.process_id.value_or(0) > first);
}

BOOST_FIXTURE_TEST_CASE(giving_up_has_the_number_of_restarts, log_fixture) {
    log::enable(trivial::error);
    probe child("wal");
    supervisor root("app", {.intensity = {1, 10s}});
    root.add(child);
    run_of run(root);
    child.fail("first");
    run.settle();
    child.fail("second");
    run.settle();
    record const gave_up = of("gave_up");
    BOOST_TEST((gave_up.restarts == std::size_t(1)));
    BOOST_TEST((gave_up.exit == "terminated: second"));
    BOOST_TEST((gave_up.child == "wal"));
    BOOST_TEST(gave_up.process_id.value_or(0) != 0u);
}

// ---- levels ---------------------------------------------------------------------------------

BOOST_FIXTURE_TEST_CASE(what_is_below_the_level_makes_no_record, log_fixture) {
    for (auto const& [level, count] :
         {std::pair(trivial::trace, 8u), std::pair(trivial::debug, 8u),
          std::pair(trivial::info, 4u), std::pair(trivial::warning, 0u),
          std::pair(trivial::fatal, 0u)}) {
        clear();
        log::enable(level);
        supervisor root = small_tree();
        run_and_stop(root);
        BOOST_TEST(records().size() == count);
        for (record const& each : records())
            BOOST_TEST(each.severity >= level);
    }
}

BOOST_FIXTURE_TEST_CASE(the_level_can_be_asked_for, log_fixture) {
    auto const levels = [] {
        std::string text;
        for (int level = trivial::trace; level <= trivial::fatal; ++level)
            text += log::enabled(static_cast<log::severity>(level)) ? '+' : '-';
        return text;
    };
    BOOST_TEST(levels() == "--++++"); // the default
    log::enable(trivial::trace);
    BOOST_TEST(levels() == "++++++");
    log::enable(trivial::fatal);
    BOOST_TEST(levels() == "-----+");
    log::disable();
    BOOST_TEST(levels() == "------");
    log::enable();
    BOOST_TEST(levels() == "--++++");
}

BOOST_FIXTURE_TEST_CASE(disabled_and_enabled_at_run_time, log_fixture) {
    probe child("wal");
    supervisor root("app", {.intensity = unlimited});
    root.add(child);
    run_of run(root);
    BOOST_TEST(records().size() == 2u);
    log::disable();
    child.fail("unseen");
    run.settle();
    BOOST_TEST(child.runs() == 2);
    BOOST_TEST(records().size() == 2u);
    log::enable(trivial::warning);
    child.fail("seen");
    run.settle();
    BOOST_TEST(records().size() == 4u);
    BOOST_TEST(records()[2].line() == "warning app: child 'wal' terminated: seen");
}

BOOST_FIXTURE_TEST_CASE(the_filters_of_the_program_apply, log_fixture) {
    boost::log::core::get()->set_filter(boost::log::expressions::attr<std::string>("Channel") !=
                                        log::channel);
    supervisor root = small_tree();
    run_and_stop(root);
    boost::log::core::get()->reset_filter();
    BOOST_TEST(records().empty());
}

// ---- records of others (P2) -----------------------------------------------------------------

BOOST_FIXTURE_TEST_CASE(P2_records_made_in_a_child_carry_its_id_and_full_name, log_fixture) {
    std::uint64_t id = 0;
    supervisor storage("storage");
    storage.add(worker("w-a-l", [&](auto shutdown) -> asio::awaitable<void> {
        id = this_process::id();
        BOOST_LOG_SEV(this_process::logger(), trivial::warning) << "with ours";
        log::logger own(boost::log::keywords::channel = "own");
        BOOST_LOG_SEV(own, trivial::info) << "with his own";
        auto wait = shutdown.async_wait(asio::deferred);
        co_await std::move(wait)(asio::use_awaitable);
    }));
    supervisor root("app");
    root.add(std::move(storage));
    run_of run(root);
    BOOST_LOG_SEV(this_process::logger(), trivial::info) << "outside";
    run.stop();

    auto const find = [&](std::string const& text) {
        auto const it = std::ranges::find(records(), text, &record::text);
        BOOST_TEST_REQUIRE((it != records().end()), text);
        return *it;
    };
    for (char const* text : {"with ours", "with his own"}) {
        BOOST_TEST((find(text).process_id == id));
        BOOST_TEST((find(text).process == "app.storage.w_a_l"));
    }
    BOOST_TEST(find("with ours").channel == log::process_channel);
    BOOST_TEST(!find("outside").process_id);
    BOOST_TEST(!find("outside").process);
    for (record const& each : records())
        if (each.channel == log::channel)
            BOOST_TEST(!each.process); // made by a supervisor
}

// ---- the console ----------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(the_console_shows_our_records_to_people) {
    std::ostringstream captured;
    std::streambuf* const previous = std::clog.rdbuf(captured.rdbuf());
    log::to_console();
    probe child("wal");
    supervisor storage("storage");
    storage.add(child);
    storage.add(worker("talker", [](auto shutdown) -> asio::awaitable<void> {
        BOOST_LOG_SEV(this_process::logger(), trivial::info) << "hello";
        auto wait = shutdown.async_wait(asio::deferred);
        co_await std::move(wait)(asio::use_awaitable);
    }));
    supervisor root("app");
    root.add(std::move(storage));
    run_of run(root);
    child.panic("disk full");
    run.settle();
    BOOST_LOG_SEV(this_process::logger(), trivial::info) << "outside";
    log::logger others(boost::log::keywords::channel = "others");
    BOOST_LOG_SEV(others, trivial::fatal) << "not ours";
    run.stop();
    boost::log::core::get()->remove_all_sinks();
    std::clog.rdbuf(previous);

    tree_test::lines lines;
    std::istringstream text(captured.str());
    for (std::string line; std::getline(text, line);)
        lines.push_back(line);
    char const* const expected[] = {
        "info    app: starting",
        "info    app\\.storage: starting",
        "info    app\\.storage\\.talker: hello",
        "info    app\\.storage: ready",
        "info    app: ready",
        "warning app\\.storage: child 'wal' panicked: std::runtime_error: disk full",
        "warning app\\.storage: child 'wal' restarting, 1 of 1 restart within 5s",
        "info    outside",
        "info    app: stopping",
        "info    app\\.storage: stopping",
        "info    app\\.storage: stopped",
        "info    app: stopped",
    };
    BOOST_TEST_REQUIRE(lines.size() == std::size(expected));
    for (std::size_t i = 0; i != lines.size(); ++i)
        BOOST_TEST(
            std::regex_match(
                lines[i], std::regex(std::string("\\d\\d:\\d\\d:\\d\\d\\.\\d{6} ") + expected[i])),
            '\'' << lines[i] << "' is not: " << expected[i]);
}
