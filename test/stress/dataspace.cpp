// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE stress_dataspace
#include <arborist/process_shutdown.hpp>

#include "support/dataspaces.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized" // inside of use_future, g++ 12 at -O1
#endif
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <array>
#include <future>
#include <latch>
#include <map>
#include <thread>

// Threads that publish, and others that receive. What is wrong here is seen by the thread
// sanitizer; the numbers prove that both sides of each race did occur.

using namespace dataspace_test;

namespace {

// More than one, and no less on a machine with one processor.
constexpr int threads = 4;

// Of one key: each value has to be newer than the one before.
struct versioned {
    int writer;
    int version;
};

// What somebody has received so far. Boost.Test is not for several threads, so what is wrong is
// counted.
struct view {
    std::map<identifier, int> known;
    std::uint64_t received = 0;
    std::uint64_t conflated = 0;
    static inline std::atomic<int> wrong = 0;

    void take(change<versioned> const& what) {
        ++received;
        conflated += what.conflated();
        if (what) {
            auto const [at, is_new] = known.try_emplace(what.key(), what->version);
            wrong += !is_new && at->second >= what->version;
            at->second = what->version;
        } else {
            wrong += known.erase(what.key()) != 1u;
        }
    }
};

// Takes its time in the thread that wakes somebody up.
struct slow_executor {
    asio::io_context::executor_type inner;
    std::latch* entered;
    std::atomic<bool>* left;

    asio::execution_context& query(asio::execution::context_t) const noexcept {
        return inner.context();
    }
    static constexpr auto query(asio::execution::blocking_t) noexcept {
        return asio::execution::blocking.never;
    }
    template <class Function>
    void execute(Function function) const {
        entered->count_down();
        for (int i = 0; i != 1000; ++i)
            std::this_thread::yield();
        asio::post(inner, std::move(function));
        *left = true;
    }
    [[maybe_unused]] friend bool operator==(slow_executor const&,
                                            slow_executor const&) noexcept = default;
};

} // namespace

BOOST_AUTO_TEST_CASE(A6_who_sleeps_through_a_million_updates_finds_the_last_states) {
    constexpr int keys = 10, updates = 100'000, step = 100;
    counted::live = 0;
    dataspace const data;
    auto slow = data.subscribe<counted>();
    auto one = data.subscribe<counted>(exact(3));
    std::atomic<int> most = 0;
    {
        std::vector<std::thread> writers;
        for (int key = 0; key != keys; ++key)
            writers.emplace_back([&, key] {
                for (int i = 1; i <= updates; ++i) {
                    bool const good = data.publish(key, counted(i)).has_value();
                    int const live = counted::live;
                    for (int m = most; m < live && !most.compare_exchange_weak(m, live);)
                        ;
                    if (!good ||
                        (i % step == 0 && i != updates && data.retract<counted>(key).has_error()))
                        std::terminate();
                }
            });
        for (auto& writer : writers)
            writer.join();
    }
    // In the dataspace one for each key; on its way one for each writer, moved twice.
    BOOST_TEST(most <= keys + 3 * keys);
    BOOST_TEST(counted::live == keys);
    BOOST_TEST(counts(data).links == std::size_t(keys + 1));
    BOOST_TEST(counts(data).slots == std::size_t(keys));

    std::map<std::uint64_t, int> last;
    std::uint64_t conflated = 0;
    while (auto const next = slow.try_receive()) {
        BOOST_TEST_REQUIRE(bool(*next));
        BOOST_TEST(last.try_emplace(next->key().number(), (*next)->value).second);
        conflated += next->conflated();
    }
    BOOST_TEST(last.size() == std::size_t(keys));
    for (auto const& [key, value] : last)
        BOOST_TEST(value == updates);
    std::uint64_t const told = keys * (updates + updates / step - 1);
    BOOST_TEST(slow.conflated() == told - keys);
    BOOST_TEST(conflated <= slow.conflated());
    BOOST_TEST(text(one.try_receive()) == "3=100000+100998");
}

// Writers, each with keys of its own, and readers that come, receive for a while and go; one stays
// to the end.
BOOST_AUTO_TEST_CASE(A5_readers_that_come_and_go) {
    constexpr int writers = 3, keys = 5, rounds = 4000;
    asio::thread_pool pool(threads);
    std::optional<dataspace> data(std::in_place);
    std::atomic<int> writing = writers;
    std::atomic<int> replayed = 0, partial = 0;

    std::vector<std::thread> publishing;
    for (int w = 0; w != writers; ++w)
        publishing.emplace_back([&, w, shared = *data] {
            as_process const process(shared, static_cast<std::uint64_t>(w + 1));
            for (int i = 0; i < rounds || replayed < 100 || partial < 100; ++i) {
                if (!process.publish(w * keys + i % keys, versioned{w, i}))
                    std::terminate();
                if (i % 7 == 6)
                    process.retract<versioned>(w * keys + (i / 7) % keys);
                if (i % 97 == 96)
                    process.end();
            }
            --writing;
        });

    auto stays = data->subscribe<versioned>();
    auto whole = asio::co_spawn(
        asio::make_strand(pool),
        [&]() -> asio::awaitable<view> {
            view all;
            for (;;) {
                auto receiving = stays.async_receive();
                auto const next = co_await std::move(receiving);
                if (!next) {
                    view::wrong += next.error().code() != errc::dataspace_gone;
                    break;
                }
                all.take(next.value());
            }
            co_return all;
        },
        asio::use_future);

    std::vector<std::future<void>> visitors;
    for (int r = 0; r != threads; ++r)
        visitors.push_back(asio::co_spawn(
            asio::make_strand(pool),
            [&, r, shared = *data]() -> asio::awaitable<void> {
                for (int visit = 0; writing != 0; ++visit) {
                    view seen;
                    auto some = r == 0 ? shared.subscribe<versioned>(exact(visit % keys))
                                       : shared.subscribe<versioned>();
                    if (auto const first = some.try_receive()) {
                        ++replayed;
                        seen.take(*first);
                    }
                    for (int i = 0; i != visit % 5; ++i) {
                        auto receiving = some.async_receive();
                        // An exact one might wait for a key that does not come any more.
                        if (r == 0 || writing == 0)
                            break;
                        auto const next = co_await std::move(receiving);
                        seen.take(next.value());
                        ++partial;
                    }
                    auto turn = asio::post(asio::deferred);
                    co_await std::move(turn);
                }
            },
            asio::use_future));
    for (auto& thread : publishing)
        thread.join();
    // Who waits for a change although nobody publishes any more.
    for (int i = 0; i != 5; ++i)
        (void)data->publish(1000 + i, versioned{0, i}).has_value();
    for (auto& visitor : visitors)
        visitor.get();

    std::map<identifier, int> truth;
    {
        auto now = data->subscribe<versioned>();
        while (auto const next = now.try_receive())
            truth[next->key()] = (*next)->version;
    }
    data.reset();
    view const all = whole.get();
    pool.join();
    BOOST_TEST(view::wrong == 0);
    BOOST_TEST((all.known == truth));
    BOOST_TEST(all.conflated <= stays.conflated());
    BOOST_TEST(all.received > 0u);
    BOOST_TEST(replayed > 0);
    BOOST_TEST(partial > 0);
}

// Whoever subscribes at any moment gets each value once, those from before and those from after.
BOOST_AUTO_TEST_CASE(A5_no_gap_between_what_is_there_and_what_follows) {
    constexpr int rounds = 200;
    for (int round = 0; round != rounds; ++round) {
        dataspace const data;
        std::latch go(2);
        std::thread writer([&] {
            go.arrive_and_wait();
            for (int i = 0; i != 50; ++i)
                if (data.publish(i, i).has_error())
                    std::terminate();
        });
        go.arrive_and_wait();
        auto all = data.subscribe<int>();
        writer.join();
        std::vector<int> got;
        while (auto const next = all.try_receive())
            got.push_back(**next);
        BOOST_TEST_REQUIRE(got.size() == 50u);
        BOOST_TEST_REQUIRE(std::is_sorted(got.begin(), got.end()));
        BOOST_TEST_REQUIRE(all.conflated() == 0u);
    }
}

// Cancelling from the executor of the handler, while others publish: each change is received once.
BOOST_AUTO_TEST_CASE(A7_cancellations_that_meet_changes_lose_nothing) {
    constexpr int changes = 500;
    asio::thread_pool pool(threads);
    dataspace const data;
    auto all = data.subscribe<int>();
    std::atomic<int> received_so_far = 0;
    auto const strand = asio::make_strand(pool);
    int aborted = 0;

    auto reading = asio::co_spawn(
        strand,
        [&]() -> asio::awaitable<std::vector<int>> {
            std::vector<int> got;
            while (got.size() != std::size_t(changes)) {
                // Each receive races against a request that comes at about the same time.
                shutdown_source source(strand);
                auto const shutdown = source.get_shutdown();
                asio::post(pool, [s = std::move(source)]() mutable { s.request(); });
                auto const next = co_await shutdown.until(all.async_receive());
                if (next) {
                    got.push_back(*next.value());
                    ++received_so_far;
                } else {
                    aborted += next.error().code() == errc::shutdown_requested;
                }
            }
            co_return got;
        },
        asio::use_future);
    std::thread writer([&] {
        for (int i = 0; i != changes; ++i) {
            while (received_so_far + 3 < i)
                std::this_thread::yield();
            if (data.publish(i, i).has_error())
                std::terminate();
        }
    });
    std::vector<int> const got = reading.get();
    writer.join();
    pool.join();
    BOOST_TEST(got.size() == std::size_t(changes));
    BOOST_TEST(std::is_sorted(got.begin(), got.end()));
    BOOST_TEST((std::adjacent_find(got.begin(), got.end()) == got.end()));
    BOOST_TEST(aborted > 0);
}

// Contexts that are destroyed while others publish, and subscriptions that are destroyed in other
// threads than those of their handlers.
BOOST_AUTO_TEST_CASE(A7_contexts_and_subscriptions_go_while_others_publish) {
    constexpr int rounds = 300;
    dataspace const data;
    std::atomic<bool> stop = false;
    std::vector<std::thread> writers;
    for (int w = 0; w != 2; ++w)
        writers.emplace_back([&, w] {
            for (int i = 0; !stop; ++i)
                if (data.publish(w, i).has_error())
                    std::terminate();
        });
    std::atomic<int> completed = 0, aborted = 0, dropped = 0;
    struct told {
        explicit told(std::atomic<int>& d) : dropped(&d) {}
        told(told&& other) noexcept : dropped(std::exchange(other.dropped, nullptr)) {}
        told(told const&) = delete;
        told& operator=(told const&) = delete;
        ~told() {
            if (dropped != nullptr)
                ++*dropped;
        }
        std::atomic<int>* dropped;
    };
    for (int round = 0; round != rounds || dropped == 0 || completed == 0 || aborted == 0;
         ++round) {
        std::optional<subscription<int>> some = data.subscribe<int>();
        {
            asio::thread_pool pool(1);
            while (some->try_receive())
                ;
            some->async_receive(
                asio::bind_executor(pool, [&, t = told(dropped)](result<change<int>> r) mutable {
                    t.dropped = nullptr;
                    ++(r ? completed : aborted);
                }));
            switch (round % 3) {
            case 0:
                pool.join(); // there are changes enough
                break;
            case 1:
                some.reset();
                pool.join();
                break;
            default:
                pool.stop(); // may come before the handler
            }
        }
    }
    stop = true;
    for (auto& writer : writers)
        writer.join();
    BOOST_TEST(completed > 0);
    BOOST_TEST(aborted > 0);
    BOOST_TEST(dropped > 0);
    BOOST_TEST(counts(data).links == 0u);
}

// The context is not destroyed while another thread submits something to it.
BOOST_AUTO_TEST_CASE(A7_a_context_that_goes_waits_for_who_wakes_somebody_up) {
    for (int round = 0; round != 20; ++round) {
        dataspace const data;
        auto all = data.subscribe<int>();
        std::latch entered(1);
        std::atomic<bool> left = false;
        auto const token = std::make_shared<int>();
        std::thread writer;
        {
            asio::io_context context(1);
            slow_executor const executor{context.get_executor(), &entered, &left};
            all.async_receive(
                asio::bind_executor(executor, [token](result<change<int>>) { std::terminate(); }));
            writer = std::thread([&] { (void)data.publish(1, 1).has_value(); });
            entered.wait();
        }
        BOOST_TEST(left);
        BOOST_TEST(token.use_count() == 1);
        writer.join();
        BOOST_TEST(all.try_receive().has_value());
    }
}

// A8: destructors that use the dataspace, in many threads.
BOOST_AUTO_TEST_CASE(A8_values_that_use_the_dataspace) {
    struct busy {
        explicit busy(dataspace const& d) : data(&d) {}
        busy(busy&& other) noexcept : data(std::exchange(other.data, nullptr)) {}
        busy(busy const&) = delete;
        busy& operator=(busy const&) = delete;
        ~busy() {
            if (data == nullptr)
                return;
            (void)data->publish("last", 1).has_value();
            (void)data->find<busy>(0);
            auto all = data->subscribe<int>();
            (void)all.try_receive();
        }
        dataspace const* data;
    };
    dataspace const data;
    auto slow = data.subscribe<busy>();
    std::vector<std::thread> workers;
    for (int t = 0; t != threads; ++t)
        workers.emplace_back([&, t] {
            as_process const process(data, static_cast<std::uint64_t>(t + 1));
            for (int i = 0; i != 1000; ++i) {
                process.publish(t * 10 + i % 10, busy(data));
                if (i % 50 == 49)
                    process.end();
                (void)data.find<busy>((t + 1) % threads * 10);
            }
            process.end();
        });
    for (auto& worker : workers)
        worker.join();
    BOOST_TEST(data.find<busy>(0) == nullptr);
    BOOST_TEST(*data.find<int>("last") == 1);
}
