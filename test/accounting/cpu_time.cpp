// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE accounting_cpu_time
#include <arborist/accounting.hpp>

#include "accounting/charging.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <thread>
#include <time.h>

namespace accounting = arborist::accounting;

namespace {

using namespace std::chrono_literals;
using arborist::duration;
using test::charging;

duration thread_clock() {
    ::timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

// Uses this much of the thread's own time, however long that takes.
void burn(duration how_much) {
    for (auto const until = thread_clock() + how_much; thread_clock() < until;)
        continue;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_group_is_charged_what_its_thread_used) {
    test::group group;
    burn(10ms); // not its own
    auto const before = thread_clock();
    {
        charging const on(group);
        burn(20ms);
    }
    auto const after = thread_clock();
    burn(10ms);
    BOOST_TEST((group.usage().cpu_time >= 20ms));
    BOOST_TEST((group.usage().cpu_time <= after - before));
}

BOOST_AUTO_TEST_CASE(each_is_charged_its_own_part) {
    test::group outer;
    test::group inner;
    auto const before = thread_clock();
    {
        charging const on_outer(outer);
        burn(10ms);
        {
            charging const on_inner(inner);
            burn(20ms);
            charging const on_nobody(nullptr);
            burn(30ms);
        }
        {
            charging const on_outer_again(outer);
            burn(10ms);
        }
    }
    auto const used = thread_clock() - before;
    BOOST_TEST((outer.usage().cpu_time >= 20ms));
    BOOST_TEST((inner.usage().cpu_time >= 20ms));
    BOOST_TEST((outer.usage().cpu_time <= used - 50ms));
    BOOST_TEST((inner.usage().cpu_time <= used - 50ms));
}

BOOST_AUTO_TEST_CASE(threads_add_up_and_waiting_is_free) {
    test::group group;
    duration used[2]{};
    {
        charging const on(group); // this thread waits
        auto const work = [&](duration& mine) {
            {
                charging const on_it(group);
                burn(20ms);
            }
            mine = thread_clock();
        };
        std::thread one([&] { work(used[0]); });
        std::thread two([&] { work(used[1]); });
        auto const before = thread_clock();
        one.join();
        two.join();
        used[0] += thread_clock() - before;
    }
    BOOST_TEST((group.usage().cpu_time >= 40ms));
    BOOST_TEST((group.usage().cpu_time <= used[0] + used[1] + 20ms));
}

BOOST_AUTO_TEST_CASE(what_a_thread_did_before_is_outside) {
    auto const before = accounting::groups().front().usage.cpu_time;
    duration used{};
    std::thread([&] {
        burn(20ms);
        {
            test::group group;
            charging const on(group);
        }
        used = thread_clock();
    }).join();
    auto const outside = accounting::groups().front().usage.cpu_time - before;
    BOOST_TEST((outside >= 20ms));
    BOOST_TEST((outside <= used));
}

BOOST_AUTO_TEST_CASE(the_total_is_what_all_threads_used) {
    test::group group;
    { charging const turn(group); } // all of this thread until now is charged
    auto const before = accounting::total().cpu_time;
    auto const start = thread_clock();
    {
        charging const on(group);
        burn(5ms);
    }
    burn(5ms);
    { charging const turn(group); }
    auto const used = accounting::total().cpu_time - before;
    BOOST_TEST((used >= 10ms));
    BOOST_TEST((used <= thread_clock() - start + 5ms));
}
