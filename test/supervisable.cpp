// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE supervisable
#include <arborist/supervisable.hpp>

#include "support/tree.hpp"

#include <boost/outcome/boost_result.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <type_traits>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

using boost::system::error_code;
using boost::system::system_error;
// Boost.Outcome's own: a library that knows nothing of us may return it.
using coded_result = boost::outcome_v2::boost_result<void, error_code>;

// ---- what is accepted -----------------------------------------------------------------------

template <class Name, class RunResult>
struct good {
    Name name() const;
    asio::awaitable<basic_initialization<RunResult>> initialize(process_shutdown);
};

static_assert(supervisable<good<std::string_view, result<void>>>);
static_assert(supervisable<good<std::string, result<void>>>);
static_assert(supervisable<good<std::string const&, result<void>>>);
static_assert(supervisable<good<char const*, result<void>>>);
static_assert(supervisable<good<std::string, void>>);
static_assert(supervisable<good<std::string, coded_result>>);
static_assert(supervisable<good<std::string, result<void, errc>>>);
static_assert(std::is_same_v<initialization, basic_initialization<result<void>>>);
static_assert(supervisable<probe>);

struct by_reference {
    std::string name() const;
    asio::awaitable<initialization> initialize(process_shutdown const&) const;
};
static_assert(supervisable<by_reference>);

struct with_defaults {
    std::string name() const;
    asio::awaitable<initialization> initialize(process_shutdown, int attempts = 3);
};
static_assert(supervisable<with_defaults>);

struct with_stop_token { // a process_shutdown converts to it
    std::string name() const;
    asio::awaitable<initialization> initialize(std::stop_token);
};
static_assert(supervisable<with_stop_token>);

struct cannot_be_copied : good<std::string, void> {
    std::unique_ptr<int> owned;
};
static_assert(supervisable<cannot_be_copied>);

// ---- what is refused, and by which concept --------------------------------------------------

struct without_name {
    asio::awaitable<initialization> initialize(process_shutdown);
};
static_assert(!supervisable<without_name> && !has_name<without_name>);
static_assert(has_initialize<without_name>);

template <class Name>
struct named {
    Name name() const;
    asio::awaitable<initialization> initialize(process_shutdown);
};
static_assert(!supervisable<named<int>> && !has_name<named<int>>);
static_assert(!has_name<named<void>>);
static_assert(!has_name<named<std::optional<std::string>>>);

struct name_changes_it : without_name {
    std::string name();
};
static_assert(!supervisable<name_changes_it> && !has_name<name_changes_it>);

struct name_is_a_member : without_name {
    std::string name;
};
static_assert(!supervisable<name_is_a_member>);

struct without_initialize {
    std::string name() const;
};
static_assert(!supervisable<without_initialize> && !has_initialize<without_initialize>);
static_assert(!initializes_into_a_run_phase<without_initialize>);

template <class... Parameters>
struct initialized_with {
    std::string name() const;
    asio::awaitable<initialization> initialize(Parameters...);
};
static_assert(!supervisable<initialized_with<>> && !has_initialize<initialized_with<>>);
static_assert(!has_initialize<initialized_with<int>>);
static_assert(!has_initialize<initialized_with<process_shutdown, int>>);
static_assert(!has_initialize<initialized_with<process_shutdown&>>);
static_assert(supervisable<initialized_with<process_shutdown&&>>);

class initialize_is_private : public without_initialize {
    asio::awaitable<initialization> initialize(process_shutdown);
};
static_assert(!has_initialize<initialize_is_private>);

template <class Returned>
struct returning {
    std::string name() const;
    Returned initialize(process_shutdown);
};
template <class Returned>
inline constexpr bool wrong_return_type =
    !supervisable<returning<Returned>> && has_initialize<returning<Returned>> &&
    !initializes_into_a_run_phase<returning<Returned>>;
static_assert(supervisable<returning<asio::awaitable<initialization>>>);
static_assert(wrong_return_type<void>);
static_assert(wrong_return_type<initialization>);
static_assert(wrong_return_type<asio::awaitable<void>>);
static_assert(wrong_return_type<asio::awaitable<result<void>>>);
static_assert(wrong_return_type<asio::awaitable<initialization_error>>);
static_assert(wrong_return_type<asio::awaitable<asio::awaitable<void>>>);
static_assert(wrong_return_type<asio::awaitable<basic_initialization<int>>>);
static_assert(wrong_return_type<asio::awaitable<basic_initialization<result<int>>>>);
static_assert(wrong_return_type<asio::awaitable<basic_initialization<result<void, without_name>>>>);
// E2: what says that initialisation failed has its own type.
static_assert(wrong_return_type<asio::awaitable<result<asio::awaitable<void>>>>);
static_assert(wrong_return_type<asio::awaitable<result<asio::awaitable<void>, error_code>>>);
static_assert(wrong_return_type<asio::awaitable<result<void, initialization_error>>>);

struct cannot_be_moved : good<std::string, void> {
    cannot_be_moved(cannot_be_moved&&) = delete;
};
static_assert(!supervisable<cannot_be_moved>);
static_assert(!supervisable<int>);
static_assert(!supervisable<supervisor>); // a child, but no worker
static_assert(!supervisable<good<std::string, void>&>);

// ---- types that run -------------------------------------------------------------------------

asio::awaitable<void> until_shutdown(process_shutdown shutdown) {
    co_await shutdown.async_wait(asio::use_awaitable);
}

// What became of a child that is started, and stopped if it still runs.
lines life_of(child_specification child) {
    lines seen;
    supervisor root("root");
    root.observe([&seen](event const& what) {
        if (what.child.empty() || what.kind == event_kind::child_starting)
            return;
        std::string line = std::string(to_string(what.kind)).substr(6);
        if (what.kind == event_kind::child_exited)
            line = what.exit->message();
        else if (what.kind == event_kind::child_failed_to_initialize)
            line = "not initialised: " + what.exit->why().message();
        seen.push_back(std::move(line));
    });
    root.add(std::move(child), {.restart = temporary});
    run_of run(root);
    run.stop();
    BOOST_TEST(run.ended());
    return seen;
}

lines const lived_well{"ready", "stopping", "completed"};
lines const completed{"ready", "completed"};

// Fails in its run phase, by a result of the type given.
template <class RunResult>
struct failing_worker {
    [[nodiscard]] std::string name() const { return "it"; }
    asio::awaitable<basic_initialization<RunResult>> initialize(process_shutdown) {
        co_return run();
    }
    asio::awaitable<RunResult> run();
};

} // namespace

template <>
asio::awaitable<result<void>> failing_worker<result<void>>::run() {
    co_return cause(asio::error::eof, "reading");
}
template <>
asio::awaitable<coded_result> failing_worker<coded_result>::run() {
    co_return asio::error::eof;
}
template <>
asio::awaitable<void> failing_worker<void>::run() {
    throw std::runtime_error("boom");
    co_return;
}

BOOST_AUTO_TEST_CASE(run_phases_of_every_result_type) {
    BOOST_TEST(life_of(failing_worker<result<void>>()) ==
                   (lines{"ready", "terminated: reading: End of file"}),
               boost::test_tools::per_element());
    BOOST_TEST(life_of(failing_worker<coded_result>()) ==
                   (lines{"ready", "terminated: End of file"}),
               boost::test_tools::per_element());
    BOOST_TEST(life_of(failing_worker<void>()) ==
                   (lines{"ready", "panicked: std::runtime_error: boom"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_type_that_can_only_be_moved_and_a_name_that_is_made_on_the_fly) {
    struct owning {
        std::unique_ptr<int> owned;
        [[nodiscard]] std::string name() const { return "it-" + std::to_string(*owned); }
        asio::awaitable<basic_initialization<void>> initialize(process_shutdown shutdown) {
            co_return until_shutdown(std::move(shutdown));
        }
    };
    child_specification child(owning{std::make_unique<int>(7)});
    BOOST_TEST(child.name() == "it-7");
    BOOST_TEST(life_of(std::move(child)) == lived_well, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_object_serves_all_incarnations) {
    struct counting {
        journal* notes;
        int incarnations = 0;
        [[nodiscard]] std::string_view name() const { return "counting"; }
        asio::awaitable<initialization> initialize(process_shutdown) {
            ++incarnations;
            co_return run();
        }
        asio::awaitable<result<void>> run() {
            notes->write(std::to_string(incarnations));
            co_return cause("again");
        }
    };
    journal notes;
    supervisor root("root", {.intensity = {2, 1h}});
    root.add(counting{&notes});
    run_of const run(root);
    BOOST_TEST(notes.lines() == (lines{"1", "2", "3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_lvalue_is_copied_and_an_rvalue_moved) {
    struct worker_type {
        std::shared_ptr<int> owned;
        [[nodiscard]] std::string_view name() const { return "it"; }
        asio::awaitable<basic_initialization<void>> initialize(process_shutdown shutdown) {
            co_return until_shutdown(std::move(shutdown));
        }
    };
    worker_type mine{std::make_shared<int>(7)};
    child_specification const copied(mine);
    BOOST_TEST(mine.owned.use_count() == 2);
    child_specification const moved(std::move(mine));
    BOOST_TEST(copied.name() == moved.name());
    child_specification const shared = moved; // NOLINT(performance-unnecessary-copy-initialization)
    BOOST_TEST(&shared.model() == &moved.model());
    BOOST_TEST(&shared.model() != &copied.model());
}

BOOST_AUTO_TEST_CASE(initialisation_fails_by_its_own_error_or_an_exception) { // E1, E3
    struct refusing {
        int how;
        [[nodiscard]] std::string_view name() const { return "it"; }
        asio::awaitable<initialization> initialize(process_shutdown) {
            if (how == 0)
                co_return initialization_error(asio::error::address_in_use, "cannot listen");
            if (how == 1)
                co_return cause("no configuration");
            throw std::runtime_error("boom");
        }
    };
    char const* const expected[] = {"cannot listen: Address already in use", "no configuration",
                                    "std::runtime_error: boom"};
    for (int how = 0; how != 3; ++how)
        BOOST_TEST(life_of(refusing{how}) ==
                       lines{std::string("not initialised: ") + expected[how]},
                   boost::test_tools::per_element());
}

// ---- worker functions -----------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_function_with_and_without_the_shutdown) {
    BOOST_TEST(life_of(worker("it", until_shutdown)) == lived_well,
               boost::test_tools::per_element());
    BOOST_TEST(life_of(worker("it", &until_shutdown)) == lived_well,
               boost::test_tools::per_element());
    BOOST_TEST(life_of(worker("it",
                              [](process_shutdown shutdown) {
                                  return until_shutdown(std::move(shutdown));
                              })) == lived_well,
               boost::test_tools::per_element());
    BOOST_TEST(life_of(worker("it",
                              [](process_shutdown const& shutdown) {
                                  return until_shutdown(shutdown);
                              })) == lived_well,
               boost::test_tools::per_element());
    BOOST_TEST(
        life_of(worker("it", [](auto shutdown) { return until_shutdown(std::move(shutdown)); })) ==
            lived_well,
        boost::test_tools::per_element());
    BOOST_TEST(life_of(worker("it", []() -> asio::awaitable<void> { co_return; })) == completed,
               boost::test_tools::per_element());
    std::function<asio::awaitable<void>(process_shutdown)> const erased = until_shutdown;
    BOOST_TEST(life_of(worker("it", erased)) == lived_well, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_function_with_a_result) {
    BOOST_TEST(life_of(worker("it",
                              [](process_shutdown shutdown) -> asio::awaitable<result<void>> {
                                  co_await shutdown.async_wait(asio::use_awaitable);
                                  co_return boost::outcome_v2::success();
                              })) == lived_well,
               boost::test_tools::per_element());
    BOOST_TEST(life_of(worker("it",
                              []() -> asio::awaitable<result<void>> {
                                  co_return cause("out of paper");
                              })) == (lines{"ready", "terminated: out of paper"}),
               boost::test_tools::per_element());
    BOOST_TEST(life_of(worker(
                   "it", []() -> asio::awaitable<coded_result> { co_return asio::error::eof; })) ==
                   (lines{"ready", "terminated: End of file"}),
               boost::test_tools::per_element());
    BOOST_TEST(life_of(worker("it",
                              []() -> asio::awaitable<coded_result> {
                                  co_return boost::outcome_v2::success();
                              })) == completed,
               boost::test_tools::per_element());
    BOOST_TEST(life_of(worker("it",
                              []() -> asio::awaitable<coded_result> {
                                  throw std::runtime_error("boom");
                                  co_return boost::outcome_v2::success();
                              })) == (lines{"ready", "panicked: std::runtime_error: boom"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_function_that_initialises) {
    auto const fail = []() -> asio::awaitable<result<void>> { co_return cause("later"); };
    BOOST_TEST(life_of(worker("it",
                              [fail](process_shutdown) -> asio::awaitable<initialization> {
                                  co_return fail();
                              })) == (lines{"ready", "terminated: later"}),
               boost::test_tools::per_element());
    BOOST_TEST(life_of(worker(
                   "it",
                   [](process_shutdown shutdown) -> asio::awaitable<basic_initialization<void>> {
                       co_return until_shutdown(std::move(shutdown));
                   })) == lived_well,
               boost::test_tools::per_element());
    auto const coded = []() -> asio::awaitable<coded_result> { co_return asio::error::eof; };
    BOOST_TEST(life_of(worker("it",
                              [coded]() -> asio::awaitable<basic_initialization<coded_result>> {
                                  co_return coded();
                              })) == (lines{"ready", "terminated: End of file"}),
               boost::test_tools::per_element());
    BOOST_TEST(life_of(worker("it",
                              []() -> asio::awaitable<basic_initialization<coded_result>> {
                                  co_return initialization_error("no configuration");
                              })) == lines{"not initialised: no configuration"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_function_object_with_state_that_can_only_be_moved) {
    std::vector<int> seen;
    supervisor root("root", {.intensity = {2, 1h}});
    root.add(worker("it", [owned = std::make_unique<int>(0), &seen]() -> asio::awaitable<void> {
        seen.push_back(++*owned); // the same object, each time
        co_return;
    }));
    run_of const run(root);
    BOOST_TEST(seen == (std::vector{1, 2, 3}), boost::test_tools::per_element());

    struct mutable_object {
        int calls = 0;
        asio::awaitable<void> operator()(process_shutdown shutdown) {
            BOOST_TEST(++calls == 1);
            return until_shutdown(std::move(shutdown));
        }
    };
    BOOST_TEST(life_of(worker("it", mutable_object())) == lived_well,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_function_that_can_do_both_is_given_the_shutdown) {
    struct either {
        asio::awaitable<void> operator()(process_shutdown shutdown) {
            return until_shutdown(std::move(shutdown));
        }
        asio::awaitable<void> operator()() { throw std::logic_error("not this one"); }
    };
    BOOST_TEST(life_of(worker("it", either())) == lived_well, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_a_function_throws_before_it_is_a_coroutine) {
    BOOST_TEST(life_of(worker("it",
                              [](process_shutdown) -> asio::awaitable<void> {
                                  throw std::runtime_error("early");
                              })) == (lines{"ready", "panicked: std::runtime_error: early"}),
               boost::test_tools::per_element());
    BOOST_TEST(life_of(worker("it",
                              [](process_shutdown) -> asio::awaitable<initialization> {
                                  throw std::runtime_error("early");
                              })) == lines{"not initialised: std::runtime_error: early"},
               boost::test_tools::per_element());
}
