// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE accounting_threads
#include <arborist/accounting.hpp>

#include "accounting/charging.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <barrier>
#include <cstddef>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace accounting = arborist::accounting;

namespace {

using arborist::resource_usage;
using test::bytes;
using test::charging;
using test::make_bytes;
using test::memory;
using test::seen;

} // namespace

BOOST_AUTO_TEST_CASE(another_thread_may_free) {
    test::group group;
    std::vector<bytes> objects(1000);
    {
        charging const on(group);
        for (std::size_t i = 0; i != objects.size(); ++i)
            objects[i] = make_bytes(i);
    }
    std::thread([&] {
        test::group other("other");
        charging const on(other);
        for (auto& each : objects)
            each.reset();
        BOOST_TEST(memory(other.usage()) == memory(0, 0, 0, 0));
    }).join();
    BOOST_TEST(memory(group.usage()) == memory(1000, 499'500, 1000, 499'500));
}

// More than there are places to count in: some share.
BOOST_AUTO_TEST_CASE(nothing_is_lost_between_many_threads) {
    constexpr std::size_t threads = 40;
    constexpr std::size_t turns = 10'000;
    test::group a("a");
    test::group b("b");
    std::array<std::atomic<char*>, 64> slots{};
    std::barrier start(threads);
    std::vector<std::thread> all;
    for (std::size_t t = 0; t != threads; ++t) {
        all.emplace_back([&, t] {
            start.arrive_and_wait(); // all of them live at the same time
            std::minstd_rand random(static_cast<unsigned>(t + 1));
            for (std::size_t i = 0; i != turns; ++i) {
                charging const on(i % 2 == 0 ? a : b);
                // Frees what some other thread has left there.
                delete[] slots[random() % slots.size()].exchange(seen(new char[t + 1]));
            }
            start.arrive_and_wait();
        });
    }
    for (auto& each : all)
        each.join();
    for (auto& each : slots)
        delete[] each.load();
    constexpr std::size_t bytes = turns / 2 * (threads * (threads + 1) / 2);
    constexpr std::size_t objects = turns / 2 * threads;
    BOOST_TEST(memory(a.usage()) == memory(objects, bytes, objects, bytes));
    BOOST_TEST(memory(b.usage()) == memory(objects, bytes, objects, bytes));
}

BOOST_AUTO_TEST_CASE(nothing_is_lost_when_threads_come_and_go) {
    test::group group;
    std::vector<bytes> objects(300);
    for (std::size_t i = 0; i != objects.size(); i += 3) {
        std::vector<std::thread> three;
        for (std::size_t t = 0; t != 3; ++t) {
            three.emplace_back([&, at = i + t] {
                charging const on(group);
                objects[at] = make_bytes(100);
                if (at >= 30)
                    objects[at - 30].reset();
            });
        }
        for (auto& each : three)
            each.join();
    }
    BOOST_TEST(memory(group.usage()) == memory(300, 30'000, 270, 27'000));
}

// After the destructors of thread-local variables come those of POSIX, among them our own.
BOOST_AUTO_TEST_CASE(what_a_thread_frees_at_its_very_end_is_counted) {
    using text = std::array<char, 100>;
    ::pthread_key_t keys[3];
    for (auto& each : keys)
        ::pthread_key_create(&each, [](void* object) {
            delete static_cast<text*>(object);
            delete seen(new text());
        });
    test::group group;
    std::thread([&] {
        charging const on(group);
        for (auto const& each : keys)
            ::pthread_setspecific(each, seen(new text()));
        thread_local std::unique_ptr<text> kept;
        kept.reset(seen(new text()));
        arborist::detail::current().charged = nullptr; // what remains of the thread is nobody's
    }).join();
    for (auto const& each : keys)
        ::pthread_key_delete(each);
    BOOST_TEST(memory(group.usage()) == memory(4, 400, 4, 400));
}

BOOST_AUTO_TEST_CASE(readers_never_see_more_freed_than_allocated) {
    test::group group;
    std::atomic<bool> stop = false;
    auto const churn = [&] {
        charging const on(group);
        while (!stop)
            delete seen(new int(1));
    };
    std::thread one(churn);
    std::thread two(churn);
    resource_usage last;
    for (int i = 0; i < 500'000 || last.freed_objects < 1000; ++i) {
        resource_usage const usage = group.usage();
        if (usage.freed_objects > usage.allocated_objects ||
            usage.freed_bytes > usage.allocated_bytes ||
            usage.allocated_objects < last.allocated_objects ||
            usage.freed_objects < last.freed_objects)
            BOOST_FAIL(last << ", then " << usage);
        last = usage;
    }
    stop = true;
    one.join();
    two.join();
    BOOST_TEST(group.usage().live_objects() == 0u);
}

// Groups end and are reclaimed in some threads while others read them and free what was theirs.
BOOST_AUTO_TEST_CASE(groups_may_be_reclaimed_while_others_read) {
    std::atomic<bool> stop = false;
    std::mutex mutex;
    std::vector<bytes> left;
    auto const live_and_end = [&] {
        for (int i = 0; i != 2000; ++i) {
            test::group group("short");
            bytes object;
            {
                charging const on(group);
                object = make_bytes(4);
            }
            group.release();
            std::lock_guard const lock(mutex);
            left.push_back(std::move(object));
        }
    };
    auto const free_them = [&] {
        while (!stop) {
            std::vector<bytes> now;
            std::lock_guard const lock(mutex);
            now.swap(left);
        }
    };
    auto const read = [&] {
        while (!stop) {
            resource_usage const before = accounting::total();
            for (auto const& each : accounting::groups())
                if (each.usage.freed_objects > each.usage.allocated_objects)
                    std::abort();
            if (accounting::total().allocated_objects < before.allocated_objects)
                std::abort();
        }
    };
    std::size_t const before = accounting::groups().size();
    std::thread others[] = {std::thread(free_them), std::thread(read), std::thread(read)};
    std::thread one(live_and_end);
    std::thread two(live_and_end);
    one.join();
    two.join();
    stop = true;
    for (auto& each : others)
        each.join();
    left.clear();
    BOOST_TEST(accounting::groups().size() == before);
}
