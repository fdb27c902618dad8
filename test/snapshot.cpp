// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE snapshot
#include <arborist/snapshot.hpp>

#include "drawing.hpp"
#include "support/snapshots.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fcntl.h>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

using namespace std::chrono_literals;
using arborist::child_info;
using arborist::child_state;
using arborist::exit_kind;
using arborist::exit_reason;
using arborist::snapshot;
using arborist::supervisor_info;
using arborist::supervisor_state;
using snapshots::add;
using snapshots::ready;
using snapshots::running;

namespace {

std::string text(snapshot const& value) {
    std::ostringstream stream;
    stream << value;
    return stream.str();
}

exit_reason panic(std::string const& what) {
    return exit_reason(exit_kind::panicked, std::make_exception_ptr(std::runtime_error(what)));
}

child_info in_state(child_state state, std::string name) {
    child_info child = running(std::move(name));
    child.state = state;
    return child;
}

child_info dynamic(std::string name) {
    child_info child = running(std::move(name));
    child.dynamic = true;
    child.restart = arborist::temporary;
    return child;
}

// What documentation shows.
snapshot example() {
    snapshot tree = snapshots::of("app", ready());
    std::size_t const storage = add(tree, 0, running("storage"),
                                    {.state = supervisor_state::restarting,
                                     .strategy = arborist::rest_for_one,
                                     .intensity = {3, 10s},
                                     .restarts = 2});
    add(tree, storage, running("wal"));
    child_info index = in_state(child_state::waiting, "index");
    index.restarts = 2;
    index.remaining_delay = 2345ms;
    index.last_exit = panic("page 17 is damaged");
    index.since_last_exit = 155ms;
    add(tree, storage, index);
    std::size_t const sessions =
        add(tree, 0, running("sessions"),
            {.state = supervisor_state::ready, .intensity = arborist::unlimited});
    for (int i = 1; i != 10'001; ++i) {
        child_info session = dynamic("peer " + std::to_string(i));
        session.uptime = i * 1234ms;
        if (i % 4000 == 0)
            session.state = child_state::stopping;
        add(tree, sessions, session);
    }
    child_info migration = in_state(child_state::ended, "migration");
    migration.restart = arborist::transient;
    migration.significant = true;
    migration.last_exit = exit_reason(exit_kind::completed);
    migration.since_last_exit = 2h + 59min + 12s;
    add(tree, 0, migration);
    return tree;
}

// The number of columns of the longest line.
std::size_t width(std::string_view lines) {
    std::size_t result = 0;
    for (std::size_t end = 0; (end = lines.find('\n')) != lines.npos; lines.remove_prefix(end + 1))
        result = std::max(result, end);
    return result;
}

std::size_t count_lines(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

} // namespace

BOOST_AUTO_TEST_CASE(the_example_of_the_documentation) {
    std::string const expected = R"(
// tag::tree[]
app              ready       up 3h                   one_for_one, 0 of 1 in 5s
├─ storage       restarting  up 3h       0 restarts  rest_for_one, 2 of 3 in 10s
│  ├─ wal        running     up 3h       0 restarts
│  └─ index      waiting     in 2.3s     2 restarts  last exit 155ms ago: panicked: std::runtime_error: page 17 is damaged
├─ sessions      ready       up 3h       0 restarts  one_for_one, unlimited
│  ├─ peer 1     running     up 1.2s     0 restarts  dynamic, temporary
│  ├─ peer 2     running     up 2.4s     0 restarts  dynamic, temporary
│  ├─ peer 3     running     up 3.7s     0 restarts  dynamic, temporary
│  ├─ peer 4     running     up 4.9s     0 restarts  dynamic, temporary
│  ├─ peer 5     running     up 6.1s     0 restarts  dynamic, temporary
│  ├─ peer 6     running     up 7.4s     0 restarts  dynamic, temporary
│  ├─ peer 7     running     up 8.6s     0 restarts  dynamic, temporary
│  ├─ peer 8     running     up 9.8s     0 restarts  dynamic, temporary
│  ├─ peer 9     running     up 11.1s    0 restarts  dynamic, temporary
│  ├─ peer 10    running     up 12.3s    0 restarts  dynamic, temporary
│  ├─ peer 11    running     up 13.5s    0 restarts  dynamic, temporary
│  ├─ peer 12    running     up 14.8s    0 restarts  dynamic, temporary
│  ├─ peer 13    running     up 16s      0 restarts  dynamic, temporary
│  ├─ peer 14    running     up 17.2s    0 restarts  dynamic, temporary
│  ├─ peer 15    running     up 18.5s    0 restarts  dynamic, temporary
│  ├─ peer 16    running     up 19.7s    0 restarts  dynamic, temporary
│  ├─ peer 17    running     up 20.9s    0 restarts  dynamic, temporary
│  ├─ peer 18    running     up 22.2s    0 restarts  dynamic, temporary
│  ├─ peer 4000  stopping    up 1h 22m   0 restarts  dynamic, temporary
│  ├─ peer 8000  stopping    up 2h 44m   0 restarts  dynamic, temporary
│  └─ … 9980 more: 9980 running
└─ migration     ended       2h 59m ago  0 restarts  significant, transient
// end::tree[]
)";
    BOOST_TEST(text(example()) == snapshots::listing(expected.substr(1)));
}

BOOST_AUTO_TEST_CASE(nothing_is_drawn_of_nothing) {
    BOOST_TEST(text(snapshot()).empty());
}

BOOST_AUTO_TEST_CASE(the_supervisor_at_the_top_is_no_child) {
    BOOST_TEST(text(snapshots::of("app")) == "app  not running  one_for_one, 0 of 1 in 5s\n");
    BOOST_TEST(text(snapshots::of("app", ready())) ==
               "app  ready  up 3h  one_for_one, 0 of 1 in 5s\n");
}

BOOST_AUTO_TEST_CASE(every_state_has_the_time_that_belongs_to_it) {
    snapshot tree = snapshots::of("app", ready());
    for (int i = 0; i != 9; ++i) {
        child_info child = in_state(child_state(i), std::to_string(i));
        child.last_exit = exit_reason();
        child.since_last_exit = 90s;
        child.remaining_delay = 1500ms;
        add(tree, 0, child);
    }
    child_info child = in_state(child_state::waiting, "9");
    add(tree, 0, child);
    child.state = child_state::stopped; // before it was ever started
    add(tree, 0, child);
    BOOST_TEST(text(tree) ==
               R"(app   ready        up 3h                      one_for_one, 0 of 1 in 5s
├─ 0  not started                 0 restarts
├─ 1  starting     up 3h          0 restarts
├─ 2  running      up 3h          0 restarts
├─ 3  waiting      in 1.5s        0 restarts
├─ 4  stopping     up 3h          0 restarts
├─ 5  aborting     up 3h          0 restarts
├─ 6  abandoned    up 3h          0 restarts
├─ 7  ended        1m 30s ago     0 restarts
├─ 8  stopped      1m 30s ago     0 restarts
├─ 9  waiting      for its group  0 restarts
└─ 9  stopped                     0 restarts
)");
}

BOOST_AUTO_TEST_CASE(a_nested_supervisor_tells_its_own_state_while_it_is_left_alone) {
    snapshot tree = snapshots::of("app", {.state = supervisor_state::starting, .uptime = 1s});
    supervisor_info const restarting{.state = supervisor_state::restarting};
    add(tree, 0, in_state(child_state::starting, "a"), restarting);
    add(tree, 0, in_state(child_state::running, "b"), restarting);
    add(tree, 0, in_state(child_state::aborting, "c"), restarting);
    child_info down = in_state(child_state::stopped, "d");
    down.is_supervisor = true;
    add(tree, 0, down);
    BOOST_TEST(text(tree) == R"(app   starting    up 1s              one_for_one, 0 of 1 in 5s
├─ a  restarting  up 3h  0 restarts  one_for_one, 0 of 1 in 5s
├─ b  restarting  up 3h  0 restarts  one_for_one, 0 of 1 in 5s
├─ c  aborting    up 3h  0 restarts  one_for_one, 0 of 1 in 5s
└─ d  stopped            0 restarts
)");
}

BOOST_AUTO_TEST_CASE(budgets_are_told_as_they_are_used) {
    auto const budget = [](arborist::restart_intensity limit, std::size_t used) {
        return text(snapshots::of("a", {.intensity = limit, .restarts = used}));
    };
    BOOST_TEST(budget({3, 10s}, 0) == "a  not running  one_for_one, 0 of 3 in 10s\n");
    BOOST_TEST(budget({1000, 1h}, 1000) == "a  not running  one_for_one, 1000 of 1000 in 1h\n");
    BOOST_TEST(budget({0, 5s}, 0) == "a  not running  one_for_one, no restarts\n");
    BOOST_TEST(budget(arborist::unlimited, 7) == "a  not running  one_for_one, unlimited\n");
}

BOOST_AUTO_TEST_CASE(T2_T9_P4_threads_stalls_and_resources_are_shown) {
    snapshot tree = snapshots::of("app", ready());
    arborist::supervisor_info info = ready();
    info.threads = 4;
    info.resources = arborist::resource_usage{
        .allocated_bytes = 1'300'000, .freed_bytes = 100'000, .cpu_time = 2300ms};
    child_info crunch = running("crunch");
    add(tree, 0, crunch, info);
    crunch.stalled = true;
    info.threads = 1;
    info.resources.reset();
    add(tree, 0, crunch, info);
    BOOST_TEST(text(tree) == R"(app        ready    up 3h              one_for_one, 0 of 1 in 5s
├─ crunch  ready    up 3h  0 restarts  one_for_one, 0 of 1 in 5s, 4 threads, 1.2 MB live, cpu 2.3s
└─ crunch  stalled  up 3h  0 restarts  one_for_one, 0 of 1 in 5s, 1 thread
)");
}

BOOST_AUTO_TEST_CASE(what_differs_from_the_ordinary_is_said) {
    snapshot tree = snapshots::of("app", ready());
    child_info child = running("a");
    child.significant = true;
    child.restart = arborist::transient;
    child.restarts = 1;
    add(tree, 0, child);
    child.dynamic = true;
    child.restarts = 12;
    child.last_exit = panic("boom");
    child.since_last_exit = 50h;
    add(tree, 0, child, {.state = supervisor_state::ready, .strategy = arborist::one_for_all});
    BOOST_TEST(text(tree) == R"(app   ready    up 3h               one_for_one, 0 of 1 in 5s
├─ a  running  up 3h  1 restart    significant, transient
└─ a  ready    up 3h  12 restarts  one_for_all, 0 of 1 in 5s, dynamic, significant, transient; last exit 2d 2h ago: panicked: std::runtime_error: boom
)");
}

BOOST_AUTO_TEST_CASE(the_last_exit_is_told_if_it_was_abnormal) {
    snapshot tree = snapshots::of("app", ready());
    child_info child = running("a");
    child.last_exit = exit_reason();
    add(tree, 0, child);
    child.last_exit = exit_reason(exit_kind::terminated, boost::asio::error::connection_refused);
    child.since_last_exit = 5min + 12s;
    add(tree, 0, child);
    child.state = child_state::ended;
    add(tree, 0, child);
    child.last_exit = exit_reason(exit_kind::aborted);
    child.state = child_state::stopped;
    add(tree, 0, child);
    BOOST_TEST(text(tree) == R"(app   ready    up 3h                   one_for_one, 0 of 1 in 5s
├─ a  running  up 3h       0 restarts
├─ a  running  up 3h       0 restarts  last exit 5m 12s ago: terminated: Connection refused
├─ a  ended    5m 12s ago  0 restarts  terminated: Connection refused
└─ a  stopped  5m 12s ago  0 restarts  aborted
)");
}

BOOST_AUTO_TEST_CASE(a_name_or_message_cannot_garble_the_terminal) {
    snapshot tree = snapshots::of("\x1B[2J", ready());
    child_info child = running("a\nb");
    child.last_exit = panic("line\nline\x1B[31m \xFF");
    add(tree, 0, child);
    BOOST_TEST(text(tree) == R"(\x1b[2J  ready    up 3h              one_for_one, 0 of 1 in 5s
└─ a\nb  running  up 3h  0 restarts  last exit 0ms ago: panicked: std::runtime_error: line\nline\x1b[31m \xff
)");
}

BOOST_AUTO_TEST_CASE(columns_count_code_points) {
    snapshot tree = snapshots::of("app", ready());
    add(tree, 0, running("Löschmaß"));
    add(tree, 0, running("ledger78"));
    BOOST_TEST(text(tree) == R"(app          ready    up 3h              one_for_one, 0 of 1 in 5s
├─ Löschmaß  running  up 3h  0 restarts
└─ ledger78  running  up 3h  0 restarts
)");
}

BOOST_AUTO_TEST_CASE(a_long_name_moves_only_its_own_line) {
    snapshot tree = snapshots::of("app", ready());
    add(tree, 0, running("forty-one columns with the line before"));
    add(tree, 0, running(std::string(37, 'b')));
    add(tree, 0, running("c"));
    BOOST_TEST(
        text(tree) ==
        R"(app                                       ready    up 3h              one_for_one, 0 of 1 in 5s
├─ forty-one columns with the line before  running  up 3h  0 restarts
├─ bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb  running  up 3h  0 restarts
└─ c                                      running  up 3h  0 restarts
)");
}

BOOST_AUTO_TEST_CASE(up_to_twenty_dynamic_children_are_drawn) {
    snapshot tree = snapshots::of("app", ready());
    for (int i = 0; i != 20; ++i)
        add(tree, 0, dynamic("d"));
    BOOST_TEST(count_lines(text(tree)) == 21U);
    add(tree, 0, dynamic("d"));
    BOOST_TEST(count_lines(text(tree)) == 22U);
    BOOST_TEST(text(tree).ends_with("└─ … 1 more: 1 running\n"));
}

BOOST_AUTO_TEST_CASE(declared_children_are_all_drawn) {
    snapshot tree = snapshots::of("app", ready());
    for (int i = 0; i != 1000; ++i)
        add(tree, 0, running("w"));
    BOOST_TEST(count_lines(text(tree)) == 1001U);
    BOOST_TEST(text(tree).find("more") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(of_many_dynamic_children_those_are_drawn_that_are_not_simply_running) {
    snapshot tree = snapshots::of("app", ready());
    for (int i = 0; i != 10'000; ++i)
        add(tree, 0, dynamic("quiet"));
    add(tree, 0, in_state(child_state::running, "declared"));
    for (int i = 0; i != 19; ++i) {
        child_info child = dynamic("waits");
        child.state = child_state::waiting;
        add(tree, 0, child);
    }
    std::string drawn = text(tree);
    BOOST_TEST(count_lines(drawn) == 23U);
    BOOST_TEST(drawn.find("├─ quiet     running") == drawn.find("├─ quiet"));
    BOOST_TEST(drawn.find("quiet") == drawn.rfind("quiet"));
    BOOST_TEST(drawn.ends_with("└─ … 9999 more: 9999 running\n"));

    for (auto const state : {child_state::waiting, child_state::starting, child_state::stopping}) {
        child_info child = dynamic("late");
        child.state = state;
        add(tree, 0, child);
    }
    drawn = text(tree);
    BOOST_TEST(count_lines(drawn) == 23U);
    BOOST_TEST(drawn.find("quiet") == std::string::npos);
    BOOST_TEST(drawn.ends_with("└─ … 10002 more: 10000 running, 1 starting, 1 stopping\n"));
}

BOOST_AUTO_TEST_CASE(what_is_below_children_that_are_not_drawn_is_counted_too) {
    snapshot tree = snapshots::of("app", ready());
    std::size_t const pool = add(tree, 0, running("pool"), ready());
    for (int i = 0; i != 21; ++i) {
        std::size_t const session = add(tree, pool, dynamic("session"), ready());
        std::size_t const inner = add(tree, session, running("inner"), ready());
        add(tree, inner, running("reader"));
        add(tree, session, running("writer"));
    }
    supervisor_info const stopping{.state = supervisor_state::stopping};
    add(tree, pool, dynamic("noticed"), stopping);
    add(tree, 0, running("last"));
    std::string const drawn = text(tree);
    BOOST_TEST(count_lines(drawn) == 2U + 19 * 4 + 1 + 1 + 1);
    BOOST_TEST(drawn.find("│  ├─ noticed       stopping") != std::string::npos);
    BOOST_TEST(drawn.find("│  └─ … 2 more: 2 ready; 6 below them\n└─ last") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_supervisor_has_a_crowd_of_its_own) {
    snapshot tree = snapshots::of("app", ready());
    for (int i = 0; i != 2; ++i) {
        std::size_t const pool = add(tree, 0, running("pool"), ready());
        for (int j = 0; j != 25; ++j)
            add(tree, pool, dynamic("d"));
    }
    std::string const drawn = text(tree);
    BOOST_TEST(count_lines(drawn) == 1U + 2 * 22);
    BOOST_TEST(drawn.find("│  └─ … 5 more: 5 running\n└─ pool") != std::string::npos);
    BOOST_TEST(drawn.ends_with("   └─ … 5 more: 5 running\n"));
}

BOOST_AUTO_TEST_CASE(a_deep_tree_needs_no_more_stack_than_a_flat_one) {
    snapshot const tree = snapshots::chain(10'000);
    std::string drawn;
    snapshots::with_little_stack([&] { drawn = text(tree); });
    BOOST_TEST(count_lines(drawn) == 10'000U);
}

BOOST_AUTO_TEST_CASE(beyond_forty_levels_the_level_is_told) {
    std::string const drawn = text(snapshots::chain(10'000));
    std::string const deepest(117, ' ');
    BOOST_TEST(drawn.find('\n' + deepest + "└─ 40  ready") != std::string::npos);
    BOOST_TEST(drawn.find('\n' + deepest + "└─[41] 41  ready") != std::string::npos);
    BOOST_TEST(drawn.find('\n' + deepest + "└─[9999] 9999  ready") != std::string::npos);
    BOOST_TEST(width(drawn) < 200U);
}

BOOST_AUTO_TEST_CASE(branches_go_on_until_the_last_child) {
    snapshot tree = snapshots::of("a", ready());
    std::size_t const b = add(tree, 0, running("b"), ready());
    std::size_t const c = add(tree, b, running("c"), ready());
    add(tree, c, running("d"));
    std::size_t const e = add(tree, 0, running("e"), ready());
    add(tree, e, running("f"));
    std::string shape;
    std::istringstream lines(text(tree));
    for (std::string line; std::getline(lines, line);)
        shape += line.substr(0, line.find_last_of("abcdef", line.find("  r")) + 1) + '\n';
    BOOST_TEST(shape == R"(a
├─ b
│  └─ c
│     └─ d
└─ e
   └─ f
)");
}

BOOST_AUTO_TEST_CASE(the_stream_is_taken_as_it_is_and_left_so) {
    std::ostringstream stream;
    stream << std::hex << std::showbase << std::left << std::setfill('*') << std::setw(100)
           << snapshots::of("app", {.state = supervisor_state::ready,
                                    .intensity = {255, 16s},
                                    .restarts = 17,
                                    .uptime = 18s})
           << 16 << std::setw(4) << 'x';
    BOOST_TEST(stream.str() == "app  ready  up 18s  one_for_one, 17 of 255 in 16s\n0x10x***");
}

BOOST_AUTO_TEST_CASE(colours_belong_to_states) {
    snapshot tree = snapshots::of("app", ready());
    child_info child = running("a");
    child.restarts = 1;
    add(tree, 0, child);
    child.state = child_state::waiting;
    add(tree, 0, child);
    child.state = child_state::ended;
    child.last_exit = exit_reason();
    add(tree, 0, child);
    child.last_exit = exit_reason(exit_kind::aborted);
    add(tree, 0, child);
    add(tree, 0, in_state(child_state::abandoned, "b"));
    std::string const drawn = arborist::drawing::draw(tree, true);
    BOOST_TEST(
        drawn ==
        "app   \x1b[32mready\x1b[0m      up 3h                      one_for_one, 0 of 1 in 5s\n"
        "├─ a  \x1b[32mrunning\x1b[0m    up 3h          \x1b[33m1 restart\x1b[0m\n"
        "├─ a  \x1b[33mwaiting\x1b[0m    for its group  \x1b[33m1 restart\x1b[0m\n"
        "├─ a  \x1b[2mended\x1b[0m      0ms ago        \x1b[33m1 restart\x1b[0m\n"
        "├─ a  \x1b[31mended\x1b[0m      0ms ago        \x1b[33m1 restart\x1b[0m   aborted\n"
        "└─ b  \x1b[31mabandoned\x1b[0m  up 3h          0 restarts\n");
}

namespace {

// Lets a standard stream write to a terminal, for as long as it lives.
class terminal {
public:
    explicit terminal(int descriptor)
        : descriptor_(descriptor), saved_(::dup(descriptor)),
          master_(::posix_openpt(O_RDWR | O_NOCTTY)) {
        BOOST_REQUIRE(saved_ >= 0 && master_ >= 0);
        BOOST_REQUIRE(::grantpt(master_) == 0 && ::unlockpt(master_) == 0);
        int const slave = ::open(::ptsname(master_), O_RDWR | O_NOCTTY);
        BOOST_REQUIRE(slave >= 0);
        ::dup2(slave, descriptor_);
        ::close(slave);
    }
    ~terminal() {
        restore();
        ::close(master_);
    }
    terminal(terminal const&) = delete;
    terminal& operator=(terminal const&) = delete;

    std::string read() {
        char buffer[1024];
        ssize_t const size = ::read(master_, buffer, sizeof buffer);
        restore(); // what fails from here on is to be seen
        return size < 0 ? "nothing" : std::string(buffer, static_cast<std::size_t>(size));
    }

private:
    void restore() {
        if (saved_ >= 0) {
            ::dup2(saved_, descriptor_);
            ::close(saved_);
            saved_ = -1;
        }
    }

    int descriptor_;
    int saved_;
    int master_;
};

std::string on_terminal(std::ostream& stream, int descriptor) {
    stream << std::flush;
    terminal there(descriptor);
    stream << snapshots::of("app", ready()) << std::flush;
    return there.read();
}

std::string_view const coloured = "app  \x1b[32mready\x1b[0m  up 3h  one_for_one, 0 of 1 in 5s\r\n";
std::string_view const plain = "app  ready  up 3h  one_for_one, 0 of 1 in 5s\r\n";

} // namespace

BOOST_AUTO_TEST_CASE(a_terminal_gets_colours) {
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("NO_COLOR");
    BOOST_TEST(on_terminal(std::cout, 1) == coloured);
    BOOST_TEST(on_terminal(std::cerr, 2) == coloured);
    BOOST_TEST(on_terminal(std::clog, 2) == coloured);
    ::setenv("NO_COLOR", "", 1);
    BOOST_TEST(on_terminal(std::cout, 1) == coloured);
}

BOOST_AUTO_TEST_CASE(a_terminal_that_cannot_or_should_not_gets_none) {
    ::unsetenv("NO_COLOR");
    ::setenv("TERM", "dumb", 1);
    BOOST_TEST(on_terminal(std::cout, 1) == plain);
    ::unsetenv("TERM");
    BOOST_TEST(on_terminal(std::cout, 1) == plain);
    ::setenv("TERM", "xterm", 1);
    ::setenv("NO_COLOR", "1", 1);
    BOOST_TEST(on_terminal(std::cout, 1) == plain);
}

BOOST_AUTO_TEST_CASE(other_streams_get_no_colours_even_if_there_is_a_terminal) {
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("NO_COLOR");
    std::string captured;
    {
        terminal there(1);
        captured = text(snapshots::of("app", ready()));
    }
    BOOST_TEST(captured.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(totals_count_kinds_and_what_children_do) {
    snapshot tree = snapshots::of("app", ready());
    for (int i = 0; i != 9; ++i) {
        child_info child = in_state(child_state(i), "w");
        child.restarts = 2;
        add(tree, 0, child);
    }
    child_info nested = running("s");
    nested.restarts = 1;
    add(tree, 0, nested, ready());
    snapshot::totals_type const totals = tree.totals();
    BOOST_TEST(totals.supervisors == 2U);
    BOOST_TEST(totals.workers == 9U);
    BOOST_TEST(totals.running == 2U);
    BOOST_TEST(totals.starting == 2U);
    BOOST_TEST(totals.stopping == 2U);
    BOOST_TEST(totals.down == 3U);
    BOOST_TEST(totals.abandoned == 1U);
    BOOST_TEST(totals.restarts == 19U);
}

BOOST_AUTO_TEST_CASE(there_are_totals_of_nothing) {
    snapshot::totals_type const totals = snapshot().totals();
    BOOST_TEST(totals.supervisors + totals.workers + totals.running + totals.starting +
                   totals.stopping + totals.down + totals.abandoned + totals.restarts ==
               0U);
}
