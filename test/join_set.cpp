// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/join_set.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <new>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

#define BOOST_TEST_MODULE join_set
#include <boost/test/unit_test.hpp>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define JOIN_SET_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define JOIN_SET_TEST_SANITIZED 1
#endif
#endif

// ------------------------------------------------------------------------- counting allocations

// The sanitizers have allocation functions of their own, and the test that counts is not for them.
#if !defined(JOIN_SET_TEST_SANITIZED)

static std::atomic<std::size_t> allocations{0};

// Not inlined: g++ would see free() of what came from operator new.
[[gnu::noinline]] void* operator new(std::size_t size) {
    allocations.fetch_add(1, std::memory_order_relaxed);
    if (void* p = std::malloc(size))
        return p;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p) noexcept {
    std::free(p);
}
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept {
    std::free(p);
}

#if defined(__GLIBC__)
// Asio's recycling allocator does not go through operator new.
extern "C" void* __libc_memalign(std::size_t, std::size_t); // NOLINT(bugprone-reserved-identifier)
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    allocations.fetch_add(1, std::memory_order_relaxed);
    return __libc_memalign(alignment, size);
}
#endif

#endif // JOIN_SET_TEST_SANITIZED

namespace {

namespace asio = boost::asio;
using arborist::errc;
using arborist::join_set;
using arborist::joined;
using arborist::task_id;
using boost::system::error_code;

constexpr auto tuple_awaitable = asio::as_tuple(asio::use_awaitable);

// A task that waits until the gate is opened, or until it is aborted.
class gate {
public:
    explicit gate(asio::any_io_executor executor) : timer_(std::move(executor)) {
        timer_.expires_at(std::chrono::steady_clock::time_point::max());
    }
    explicit gate(asio::io_context& io) : gate(io.get_executor()) {}

    void open() { timer_.cancel(); }

    // Ends without an error if the gate was opened.
    asio::awaitable<void> pass() {
        auto [error] = co_await timer_.async_wait(tuple_awaitable);
        auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none)
            throw boost::system::system_error(error);
    }
    asio::steady_timer& timer() { return timer_; }

private:
    asio::steady_timer timer_;
};

asio::awaitable<void> nothing() {
    co_return;
}

asio::awaitable<int> value_of(int value) {
    co_return value;
}

asio::awaitable<void> yields(int times) {
    for (int i = 0; i != times; ++i)
        co_await asio::post(asio::use_awaitable);
}

struct counts_itself {
    static inline std::atomic<int> alive{0};
    counts_itself() { ++alive; }
    counts_itself(counts_itself const&) { ++alive; }
    counts_itself(counts_itself&&) noexcept { ++alive; }
    counts_itself& operator=(counts_itself const&) = default;
    counts_itself& operator=(counts_itself&&) = default;
    ~counts_itself() { --alive; }
};

template <class T>
std::vector<joined<T>> join_ready(join_set<T>& set) {
    std::vector<joined<T>> all;
    while (auto next = set.try_join_next())
        all.push_back(std::move(*next));
    return all;
}

struct io_fixture {
    asio::io_context io{1};

    std::size_t poll() { return poll(io); }
    static std::size_t poll(asio::io_context& context) {
        context.restart();
        return context.poll();
    }
};

struct no_default {
    explicit no_default(int v) : value(v) {}
    int value;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(join_set_, io_fixture)

// ------------------------------------------------------------------------------------------- ids

BOOST_AUTO_TEST_CASE(an_id_is_a_value) {
    static_assert(std::is_trivially_copyable_v<task_id>);
    join_set<> set(io);
    task_id const a = set.spawn(nothing());
    task_id const b = set.spawn(nothing());
    BOOST_TEST(a == a);
    BOOST_TEST(a != b);
    BOOST_TEST((a < b) != (b < a));
    BOOST_TEST(a != task_id());
    std::unordered_set<task_id> ids{a, b, a};
    BOOST_TEST(ids.size() == 2u);
    std::ostringstream text;
    text << a << ' ' << b;
    BOOST_TEST(text.str() == "0.1 1.1");
    io.run();
}

BOOST_AUTO_TEST_CASE(a_slot_is_reused_under_a_new_id) {
    join_set<> set(io);
    std::set<task_id> ids;
    for (int round = 0; round != 100; ++round) {
        ids.insert(set.spawn(nothing()));
        ids.insert(set.spawn(nothing()));
        io.restart();
        io.run();
        BOOST_TEST_REQUIRE(join_ready(set).size() == 2u);
    }
    BOOST_TEST(ids.size() == 200u);
    std::ostringstream last;
    last << *ids.rbegin();
    BOOST_TEST(last.str() == "1.100");
}

// -------------------------------------------------------------------------------------- outcomes

BOOST_AUTO_TEST_CASE(tasks_are_joined_in_the_order_in_which_they_end) {
    join_set<> set(io);
    std::vector<task_id> ids;
    for (int times : {4, 2, 3, 1})
        ids.push_back(set.spawn(yields(times)));
    BOOST_TEST(set.size() == 4u);
    BOOST_TEST(!set.try_join_next());
    io.run();
    auto all = join_ready(set);
    BOOST_TEST_REQUIRE(all.size() == 4u);
    for (std::size_t i : {0, 1, 2, 3})
        BOOST_TEST(all[i].outcome.has_value());
    BOOST_TEST(all[0].id == ids[3]);
    BOOST_TEST(all[1].id == ids[1]);
    BOOST_TEST(all[2].id == ids[2]);
    BOOST_TEST(all[3].id == ids[0]);
    BOOST_TEST(set.empty());
}

BOOST_AUTO_TEST_CASE(values_errors_and_exceptions_are_outcomes) {
    join_set<int> set(io);
    auto const value = set.spawn(value_of(42));
    auto const thrown = set.spawn([]() -> asio::awaitable<int> {
        throw std::runtime_error("boom");
        co_return 0;
    });
    auto const returned =
        set.spawn([]() -> asio::awaitable<arborist::result<int>> { co_return errc::no_children; });
    auto const returned_value =
        set.spawn([]() -> asio::awaitable<arborist::result<int>> { co_return 7; });
    auto const converted = set.spawn([]() -> asio::awaitable<char> { co_return '\x05'; });
    io.run();
    auto all = join_ready(set);
    BOOST_TEST_REQUIRE(all.size() == 5u);
    for (auto& task : all) {
        if (task.id == value) {
            BOOST_TEST(task.outcome.value() == 42);
        } else if (task.id == thrown) {
            BOOST_TEST_REQUIRE(task.outcome.has_error());
            BOOST_TEST(task.outcome.error().message() == "std::runtime_error: boom");
            BOOST_CHECK_THROW(task.outcome.value(), std::runtime_error);
        } else if (task.id == returned) {
            BOOST_TEST_REQUIRE(task.outcome.has_error());
            BOOST_TEST((task.outcome.error().code() == errc::no_children));
        } else if (task.id == returned_value) {
            BOOST_TEST(task.outcome.value() == 7);
        } else {
            BOOST_TEST(task.id == converted);
            BOOST_TEST(task.outcome.value() == 5);
        }
    }
}

BOOST_AUTO_TEST_CASE(values_of_every_kind) {
    join_set<std::string> strings(io);
    strings.spawn([]() -> asio::awaitable<std::string> { co_return std::string(1000, 'x'); });
    strings.spawn([]() -> asio::awaitable<char const*> { co_return "converted"; });
    join_set<no_default> without(io);
    without.spawn([]() -> asio::awaitable<no_default> { co_return no_default(9); });
    without.spawn([]() -> asio::awaitable<no_default> {
        throw std::logic_error("none");
        co_return no_default(0);
    });
    auto make = []() -> asio::awaitable<no_default> { co_return no_default(10); };
    without.spawn(make());
    join_set<std::unique_ptr<int>> moved(io);
    moved.spawn([p = std::make_unique<int>(3)]() mutable -> asio::awaitable<std::unique_ptr<int>> {
        co_return std::move(p);
    });
    join_set<std::array<char, 500>> large(io);
    large.spawn([]() -> asio::awaitable<std::array<char, 500>> {
        std::array<char, 500> bytes;
        bytes.fill('z');
        co_return bytes;
    });
    join_set<> results(io);
    results.spawn(
        []() -> asio::awaitable<arborist::result<void>> { co_return errc::shutdown_timed_out; });
    io.run();
    auto s = join_ready(strings);
    BOOST_TEST_REQUIRE(s.size() == 2u);
    BOOST_TEST(s[0].outcome.value() == std::string(1000, 'x'));
    BOOST_TEST(s[1].outcome.value() == "converted");
    auto w = join_ready(without);
    BOOST_TEST_REQUIRE(w.size() == 3u);
    BOOST_TEST(w[0].outcome.value().value == 9);
    BOOST_TEST(w[1].outcome.has_error());
    BOOST_TEST(w[2].outcome.value().value == 10);
    BOOST_TEST(*join_ready(moved).at(0).outcome.value() == 3);
    BOOST_TEST(join_ready(large).at(0).outcome.value()[499] == 'z');
    BOOST_TEST((join_ready(results).at(0).outcome.error().code() == errc::shutdown_timed_out));
}

BOOST_AUTO_TEST_CASE(deferred_operations_of_every_signature) {
    join_set<> set(io);
    asio::steady_timer past(io);
    past.expires_at(std::chrono::steady_clock::time_point::min());
    std::vector<task_id> ids;
    ids.push_back(set.spawn(past.async_wait(asio::deferred)));               // void(error_code)
    ids.push_back(set.spawn(asio::post(io, asio::deferred)));                // void()
    ids.push_back(set.spawn(asio::co_spawn(io, nothing(), asio::deferred))); // void(exception_ptr)
    ids.push_back(set.spawn([](auto handler) {                               // fails
        auto executor = asio::get_associated_executor(handler);
        asio::post(executor, [handler = std::move(handler)]() mutable {
            std::move(handler)(error_code(asio::error::eof));
        });
    }));
    io.run();
    auto all = join_ready(set);
    BOOST_TEST_REQUIRE(all.size() == ids.size());
    for (auto& task : all) {
        BOOST_TEST(task.outcome.has_value() == (task.id != ids[3]));
        if (task.id == ids[3])
            BOOST_TEST((task.outcome.error().code() == asio::error::eof));
    }

    join_set<int> ints(io);
    auto const plain = ints.spawn([](auto handler) { std::move(handler)(1); });
    auto const coded = ints.spawn([](auto handler) { std::move(handler)(error_code(), 2); });
    auto const failed =
        ints.spawn([](auto handler) { std::move(handler)(error_code(asio::error::eof), 3); });
    auto const spawned = ints.spawn(asio::co_spawn(io, value_of(4), asio::deferred));
    io.restart();
    io.run();
    for (auto& task : join_ready(ints)) {
        if (task.id == failed)
            BOOST_TEST((task.outcome.error().code() == asio::error::eof));
        else
            BOOST_TEST(task.outcome.value() == (task.id == plain     ? 1
                                                : task.id == coded   ? 2
                                                : task.id == spawned ? 4
                                                                     : 0));
    }
    BOOST_TEST(ints.empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_task_is_rejected_at_compile_time) {
    auto accepts = []<class T, class Operation>(join_set<T>&, Operation*) {
        return requires(join_set<T> set, Operation operation) {
            set.spawn(std::move(operation));
        };
    };
    join_set<> set(io);
    join_set<int> ints(io);
    using int_coroutine = asio::awaitable<int> (*)();
    using coroutine = asio::awaitable<void> (*)();
    BOOST_TEST(accepts(ints, static_cast<int_coroutine*>(nullptr)));
    BOOST_TEST(accepts(set, static_cast<coroutine*>(nullptr)));
    BOOST_TEST(!accepts(set, static_cast<int_coroutine*>(nullptr)));
    BOOST_TEST(!accepts(ints, static_cast<coroutine*>(nullptr)));
    BOOST_TEST(!accepts(ints, static_cast<int*>(nullptr)));
}

BOOST_AUTO_TEST_CASE(a_callable_lives_as_long_as_its_coroutine) {
    join_set<std::string> set(io);
    gate g(io);
    {
        std::string text(100, 'c');
        auto alive = counts_itself();
        set.spawn([text, alive, &g]() -> asio::awaitable<std::string> {
            co_await g.pass();
            co_return text;
        });
    }
    poll();
    BOOST_TEST(counts_itself::alive == 1);
    g.open();
    io.restart();
    io.run();
    BOOST_TEST(counts_itself::alive == 0);
    BOOST_TEST(join_ready(set).at(0).outcome.value() == std::string(100, 'c'));
}

// ----------------------------------------------------------------------------------------- waits

BOOST_AUTO_TEST_CASE(join_next_waits_for_the_next_and_then_for_nothing) {
    join_set<> set(io);
    gate first(io), second(io);
    auto const a = set.spawn(first.pass());
    auto const b = set.spawn(second.pass());
    std::vector<task_id> order;
    bool ended = false;
    auto joiner = [&]() -> asio::awaitable<void> {
        for (;;) {
            auto next = co_await set.async_join_next(asio::use_awaitable);
            if (!next)
                break;
            order.push_back(next->id);
        }
        ended = true;
    };
    asio::co_spawn(io, joiner(), asio::detached);
    poll();
    BOOST_TEST(order.empty());
    second.open();
    poll();
    BOOST_TEST(order == std::vector{b}, boost::test_tools::per_element());
    BOOST_TEST(!ended);
    first.open();
    io.restart();
    io.run();
    BOOST_TEST((order == std::vector{b, a}));
    BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(join_next_of_an_empty_set_completes_with_nothing_through_a_post) {
    join_set<> set(io);
    int calls = 0;
    asio::post(io, [&] {
        set.async_join_next([&](error_code error, std::optional<joined<void>> next) {
            ++calls;
            BOOST_TEST(!error);
            BOOST_TEST(!next);
        });
        BOOST_TEST(calls == 0);
    });
    io.run();
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(join_next_of_an_ended_task_completes_through_a_post) {
    join_set<int> set(io);
    set.spawn(value_of(5));
    io.run();
    int calls = 0;
    asio::post(io, [&] {
        set.async_join_next([&](error_code error, std::optional<joined<int>> next) {
            ++calls;
            BOOST_TEST(!error);
            BOOST_TEST_REQUIRE(!!next);
            BOOST_TEST(next->outcome.value() == 5);
        });
        BOOST_TEST(calls == 0);
    });
    io.restart();
    io.run();
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(every_completion_token) {
    join_set<int> set(io);
    int joined_values = 0;
    auto add = [&](std::optional<joined<int>> next) {
        BOOST_TEST_REQUIRE(!!next);
        joined_values += next->outcome.value();
    };
    for (int value : {1, 10, 100, 1000, 10000})
        set.spawn(value_of(value));

    set.async_join_next([&](error_code error, std::optional<joined<int>> next) {
        BOOST_TEST(!error);
        add(std::move(next));
    });
    io.run();
    BOOST_TEST(joined_values == 1);

    auto by_coroutine = [&]() -> asio::awaitable<void> {
        auto next = co_await set.async_join_next(asio::use_awaitable);
        add(std::move(next));
        auto operation = set.async_join_next(asio::deferred);
        auto deferred = co_await std::move(operation)(asio::use_awaitable);
        add(std::move(deferred));
    };
    asio::co_spawn(io, by_coroutine(), asio::detached);
    io.restart();
    io.run();
    BOOST_TEST(joined_values == 111);

    auto future = set.async_join_next(asio::use_future);
    io.restart();
    io.run();
    add(future.get());
    BOOST_TEST(joined_values == 1111);

    asio::spawn(
        io,
        [&](asio::yield_context yield) {
            add(set.async_join_next(yield));
            error_code error;
            set.async_drain(yield[error]);
            BOOST_TEST(!error);
        },
        asio::detached);
    io.restart();
    io.run();
    BOOST_TEST(joined_values == 11111);

    auto defaulted = set.async_join_next();
    bool called = false;
    std::move(defaulted)([&](error_code, std::optional<joined<int>> next) {
        called = true;
        BOOST_TEST(!next);
    });
    auto drained = set.async_drain(asio::use_future);
    io.restart();
    io.run();
    drained.get();
    BOOST_TEST(called);
}

BOOST_AUTO_TEST_CASE(handlers_run_on_their_executor) {
    asio::io_context other(1);
    join_set<> set(io);
    gate g(io);
    int on_other = 0;
    auto on_its_executor = [&](auto&&...) {
        BOOST_TEST(other.get_executor().running_in_this_thread());
        ++on_other;
    };
    auto run_both = [&] {
        while (poll() + poll(other) != 0) {
        }
    };
    // Nothing to join; parked; ended already; drained; cancelled.
    set.async_join_next(asio::bind_executor(other, on_its_executor));
    run_both();
    BOOST_TEST(on_other == 1);
    set.spawn(g.pass());
    set.async_join_next(asio::bind_executor(other, on_its_executor));
    poll();
    BOOST_TEST(!io.stopped());
    poll(other);
    BOOST_TEST(!other.stopped()); // the pending wait is work for it
    g.open();
    run_both();
    BOOST_TEST(on_other == 2);
    set.spawn(nothing());
    run_both();
    set.async_join_next(asio::bind_executor(other, on_its_executor));
    run_both();
    BOOST_TEST(on_other == 3);
    asio::cancellation_signal cancel;
    set.spawn(g.pass());
    set.async_join_next(
        asio::bind_cancellation_slot(cancel.slot(), asio::bind_executor(other, on_its_executor)));
    run_both();
    BOOST_TEST(on_other == 3);
    asio::post(other, [&] { cancel.emit(asio::cancellation_type::total); });
    run_both();
    BOOST_TEST(on_other == 4);
    set.async_drain(asio::bind_executor(other, on_its_executor));
    run_both();
    BOOST_TEST(on_other == 4);
    g.open();
    run_both();
    BOOST_TEST(on_other == 5);
    // Without one: on the set's.
    bool on_io = false;
    set.async_join_next([&](auto&&...) { on_io = io.get_executor().running_in_this_thread(); });
    run_both();
    BOOST_TEST(on_io);
}

BOOST_AUTO_TEST_CASE(work_is_outstanding_while_somebody_waits_and_only_then) {
    join_set<> set(io);
    io.run(); // returns
    set.spawn(nothing());
    io.restart();
    io.run(); // returns, though the task is not joined
    BOOST_TEST(set.size() == 1u);

    asio::thread_pool pool(1);
    gate g(asio::make_strand(pool));
    join_ready(set);
    set.spawn(g.timer().get_executor(), [&] { return g.pass(); });
    io.restart();
    BOOST_TEST(io.run() == 0u); // a task elsewhere is not work here
    bool joined_it = false;
    set.async_join_next([&](auto&&...) { joined_it = true; });
    asio::post(g.timer().get_executor(), [&] { g.open(); });
    io.restart();
    io.run();
    BOOST_TEST(joined_it);
}

// ---------------------------------------------------------------------------------- cancel safety

BOOST_AUTO_TEST_CASE(a_join_that_loses_a_race_loses_no_outcome) {
    join_set<int> set(io);
    int won = 0, lost = 0, sum = 0, rounds = 1000;
    auto race = [&]() -> asio::awaitable<void> {
        auto add = [&](std::optional<joined<int>> next) {
            BOOST_TEST_REQUIRE(!!next);
            sum += next->outcome.value();
        };
        for (int i = 0; i != rounds; ++i) {
            asio::cancellation_signal cancel;
            set.spawn([i]() -> asio::awaitable<int> {
                for (int k = 0; k != i % 3; ++k)
                    co_await asio::post(asio::use_awaitable);
                co_return i;
            });
            auto emit = [&cancel, i]() -> asio::awaitable<void> {
                for (int k = 0; k != i / 3 % 5; ++k)
                    co_await asio::post(asio::use_awaitable);
                cancel.emit(asio::cancellation_type::total);
            };
            asio::co_spawn(io, emit(), asio::detached);
            if (i % 7 == 0) // let the task end before
                co_await yields(5);
            auto token = asio::bind_cancellation_slot(cancel.slot(), tuple_awaitable);
            auto [error, next] = co_await set.async_join_next(token);
            if (!error) {
                ++won;
                add(std::move(next));
            } else {
                ++lost;
                BOOST_TEST((error == asio::error::operation_aborted));
                BOOST_TEST(!next);
                auto again = co_await set.async_join_next(asio::use_awaitable);
                add(std::move(again));
            }
            co_await yields(6); // past the emission
        }
    };
    asio::co_spawn(io, race(), asio::detached);
    io.run();
    BOOST_TEST(sum == rounds * (rounds - 1) / 2);
    BOOST_TEST(won > 100);
    BOOST_TEST(lost > 100);
    BOOST_TEST(set.empty());
}

BOOST_AUTO_TEST_CASE(a_late_cancellation_does_not_hit_the_next_wait) {
    join_set<> set(io);
    gate g(io);
    set.spawn(nothing());
    set.spawn(g.pass());
    poll();
    asio::cancellation_signal cancel;
    int second = 0;
    auto wait_again = [&](error_code error, std::optional<joined<void>>) {
        BOOST_TEST(!error);
        set.async_join_next([&](error_code again, std::optional<joined<void>> next) {
            BOOST_TEST(!again);
            BOOST_TEST(!!next);
            ++second;
        });
    };
    set.async_join_next(asio::bind_cancellation_slot(cancel.slot(), wait_again));
    cancel.emit(asio::cancellation_type::total); // arrives behind the outcome
    poll();
    BOOST_TEST(second == 0);
    g.open();
    poll();
    BOOST_TEST(second == 1);
}

BOOST_AUTO_TEST_CASE(a_join_may_lose_in_an_or_of_awaitables) {
    using namespace asio::experimental::awaitable_operators;
    join_set<int> set(io);
    int won = 0, lost = 0, sum = 0, rounds = 1000;
    auto race = [&]() -> asio::awaitable<void> {
        for (int i = 0; i != rounds; ++i) {
            set.spawn([i]() -> asio::awaitable<int> {
                for (int k = 0; k != i % 5; ++k)
                    co_await asio::post(asio::use_awaitable);
                co_return i;
            });
            if (i % 7 == 0) // let the task end before
                co_await yields(5);
            // yields() cannot be cancelled between two posts: it may end after the join has.
            auto both = set.async_join_next(asio::use_awaitable) || yields(i / 5 % 5);
            auto first = co_await std::move(both);
            if (first.index() == 0) {
                ++won;
                sum += std::get<0>(first)->outcome.value();
            } else {
                ++lost;
                auto next = co_await set.async_join_next(asio::use_awaitable);
                sum += next->outcome.value();
            }
        }
    };
    asio::co_spawn(io, race(), [](std::exception_ptr e) { BOOST_TEST((e == nullptr)); });
    io.run();
    BOOST_TEST(sum == rounds * (rounds - 1) / 2);
    BOOST_TEST(won > 100);
    BOOST_TEST(lost > 100);
}

// ----------------------------------------------------------------------------------------- aborts

BOOST_AUTO_TEST_CASE(abort_ends_one_task) {
    join_set<> set(io);
    gate g(io);
    auto const a = set.spawn(g.pass());
    auto const b = set.spawn(g.pass());
    poll();
    BOOST_TEST(set.abort(a));
    BOOST_TEST(set.abort(a)); // requested once; it still runs
    poll();
    auto ended = join_ready(set);
    BOOST_TEST_REQUIRE(ended.size() == 1u);
    BOOST_TEST(ended[0].id == a);
    BOOST_TEST(ended[0].outcome.has_error());
    BOOST_TEST(!set.abort(a));
    g.open();
    io.run();
    BOOST_TEST(!set.abort(b));
    ended = join_ready(set);
    BOOST_TEST_REQUIRE(ended.size() == 1u);
    BOOST_TEST(ended[0].outcome.has_value());
    BOOST_TEST(!set.abort(task_id()));
}

BOOST_AUTO_TEST_CASE(abort_before_the_start_is_not_lost) {
    join_set<> set(io);
    gate g(io);
    bool got_further = false;
    auto const coroutine = set.spawn([&]() -> asio::awaitable<void> {
        co_await g.pass();
        got_further = true;
    });
    auto const deferred = set.spawn(g.timer().async_wait(asio::deferred));
    bool initiated = false;
    auto const callable = set.spawn([&](auto handler) {
        initiated = true;
        std::move(handler)();
    });
    for (auto id : {coroutine, deferred, callable})
        BOOST_TEST(set.abort(id));
    io.run(); // returns
    BOOST_TEST(!got_further);
    BOOST_TEST(!initiated);
    auto ended = join_ready(set);
    BOOST_TEST_REQUIRE(ended.size() == 3u);
    for (auto& task : ended)
        BOOST_TEST(task.outcome.has_error());
    BOOST_TEST(std::ranges::count_if(ended, [](auto& task) {
                   return task.outcome.error().code() == asio::error::operation_aborted;
               }) == 2); // the exception of the coroutine has not been looked at
}

BOOST_AUTO_TEST_CASE(abort_reaches_a_deferred_operation) {
    join_set<> set(io);
    gate g(io);
    auto const id = set.spawn(g.timer().async_wait(asio::deferred));
    poll();
    BOOST_TEST(set.abort(id));
    io.run();
    BOOST_TEST((join_ready(set).at(0).outcome.error().code() == asio::error::operation_aborted));
}

template <class U>
using typed_awaitable = asio::awaitable<U, asio::io_context::executor_type>;

BOOST_AUTO_TEST_CASE(a_coroutine_may_know_the_type_of_its_executor) {
    struct number { // without a default constructor
        explicit number(int n) : value(n) {}
        int value;
    };
    join_set<number> set(io);
    auto const here = io.get_executor();
    set.spawn(here, [](int n) -> typed_awaitable<number> { co_return number(n); }(1));
    set.spawn(here, []() -> typed_awaitable<number> { co_return number(2); });
    auto const id = set.spawn(here, [here]() -> typed_awaitable<number> {
        asio::basic_waitable_timer<std::chrono::steady_clock,
                                   asio::wait_traits<std::chrono::steady_clock>,
                                   asio::io_context::executor_type>
            forever(here, std::chrono::steady_clock::time_point::max());
        co_await forever.async_wait(asio::use_awaitable_t<asio::io_context::executor_type>());
        co_return number(3);
    });
    poll();
    auto ended = join_ready(set);
    BOOST_TEST_REQUIRE(ended.size() == 2u);
    BOOST_TEST(ended[0].outcome.value().value == 1);
    BOOST_TEST(ended[1].outcome.value().value == 2);
    BOOST_TEST(set.abort(id));
    poll();
    BOOST_TEST_REQUIRE((ended = join_ready(set)).size() == 1u);
    BOOST_TEST(ended[0].outcome.has_error());
}

BOOST_AUTO_TEST_CASE(a_late_abort_does_not_hit_the_next_task_in_the_slot) {
    asio::io_context other(1); // of the tasks
    join_set<> set(io);
    gate g(other);
    for (int i = 0; i != 10; ++i) {
        auto const first = set.spawn(other.get_executor(), nothing());
        other.restart();
        other.poll_one();              // starts
        other.poll_one();              // ends
        BOOST_TEST(!set.abort(first)); // it ended before
        BOOST_TEST_REQUIRE(join_ready(set).size() == 1u);

        auto const second = set.spawn(other.get_executor(), [] { return yields(1); });
        other.restart();
        other.poll_one();
        BOOST_TEST(set.abort(second)); // behind its end in the queue
        other.poll_one();
        BOOST_TEST_REQUIRE(join_ready(set).size() == 1u);
        set.spawn(other.get_executor(), [&] { return g.pass(); });
        poll(other);
        BOOST_TEST(join_ready(set).empty());
        g.open();
        poll(other);
        auto third = join_ready(set);
        BOOST_TEST_REQUIRE(third.size() == 1u);
        BOOST_TEST(third[0].outcome.has_value());
    }
}

BOOST_AUTO_TEST_CASE(abort_all_ends_what_runs_and_the_set_goes_on) {
    join_set<> set(io);
    gate g(io);
    for (int round = 0; round != 20; ++round) {
        for (int i = 0; i != 1000; ++i)
            set.spawn(g.pass());
        set.spawn(nothing());
        poll();
        BOOST_TEST(join_ready(set).size() == 1u);
        set.abort_all();
        set.abort_all();
        auto const later = set.spawn(g.pass());
        poll();
        auto ended = join_ready(set);
        BOOST_TEST_REQUIRE(ended.size() == 1000u);
        for (auto& task : ended)
            BOOST_TEST_REQUIRE(task.outcome.has_error());
        BOOST_TEST(set.abort(later));
        poll();
        BOOST_TEST(join_ready(set).size() == 1u);
    }
    // The slots of an aborted chunk came back; else the last were one of 20,000.
    std::ostringstream text;
    text << set.spawn(nothing());
    BOOST_TEST(std::stoul(text.str()) < 6000u);
    BOOST_TEST(set.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_task_that_ignores_its_abort_is_not_asked_again) {
    join_set<> set(io);
    int asked = 0;
    std::function<void()> finish;
    auto const id = set.spawn([&](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        finish = [shared] { std::move (*shared)(); };
        slot.assign([&](asio::cancellation_type type) {
            BOOST_TEST((type == asio::cancellation_type::terminal));
            ++asked;
        });
    });
    poll();
    BOOST_TEST(set.abort(id));
    BOOST_TEST(set.abort(id));
    set.abort_all();
    set.abort_all();
    poll();
    BOOST_TEST(asked == 1);
    BOOST_TEST(set.size() == 1u);
    asio::dispatch(io, [&] { finish(); });
    io.restart();
    io.run();
    BOOST_TEST(join_ready(set).at(0).outcome.has_value());
}

BOOST_AUTO_TEST_CASE(a_task_may_end_while_it_is_being_told_to) {
    asio::thread_pool pool(1);
    join_set<> set(io);
    int intact = 0; // the closures
    std::atomic<int> started{0};
    for (int i = 0; i != 100; ++i) {
        auto const strand = asio::make_strand(pool);
        auto const id = set.spawn(strand, [&](auto handler) {
            auto slot = asio::get_associated_cancellation_slot(handler);
            auto shared = std::make_shared<decltype(handler)>(std::move(handler));
            slot.assign([&intact, shared, text = std::string(100, 't')](asio::cancellation_type) {
                std::move (*shared)();
                intact += text == std::string(100, 't');
            });
            started = i + 1;
            started.notify_one();
        });
        started.wait(i);
        BOOST_TEST(set.abort(id));
        bool ended = false;
        set.async_join_next([&](auto&&, auto next) { ended = next->outcome.has_value(); });
        io.restart();
        io.run();
        BOOST_TEST(ended);
    }
    BOOST_TEST(intact == 100);
}

// --------------------------------------------------------------------------------- close and drain

BOOST_AUTO_TEST_CASE(nothing_is_spawned_in_a_closed_set) {
    join_set<> set(io);
    gate g(io);
    set.spawn(g.pass());
    poll();
    set.close();
    set.close();
    BOOST_CHECK_EXCEPTION(set.spawn(nothing()), boost::system::system_error,
                          [](auto& e) { return e.code() == errc::shutdown_requested; });
    BOOST_TEST(set.size() == 1u);
    g.open();
    poll();
    set.abort_all();
    BOOST_TEST(join_ready(set).size() == 1u);
}

BOOST_AUTO_TEST_CASE(drain_completes_when_the_last_task_has_ended) {
    for (std::size_t tasks : {0, 1, 7, 8, 9, 1000}) {
        join_set<> set(io);
        gate early(io), late(io);
        for (std::size_t i = 0; i != tasks; ++i)
            set.spawn(i % 2 == 0 ? late.pass() : early.pass());
        int drained = 0;
        set.async_drain([&](error_code error) {
            BOOST_TEST(!error);
            ++drained;
        });
        BOOST_TEST(drained == 0);
        poll();
        BOOST_TEST(drained == (tasks == 0 ? 1 : 0));
        early.open();
        poll();
        BOOST_TEST(drained == (tasks == 0 ? 1 : 0));
        late.open();
        io.restart();
        io.run();
        BOOST_TEST(drained == 1);
        BOOST_TEST(set.size() == tasks);
        BOOST_TEST(join_ready(set).size() == tasks);
        BOOST_CHECK_THROW(set.spawn(nothing()), boost::system::system_error);
        set.async_drain([&](error_code) { ++drained; });
        io.restart();
        io.run();
        BOOST_TEST(drained == 2);
    }
}

BOOST_AUTO_TEST_CASE(drain_and_join_may_be_pending_together) {
    join_set<> set(io);
    gate g(io);
    std::vector<std::string> events;
    for (int i = 0; i != 3; ++i)
        set.spawn(g.pass());
    auto joiner = [&]() -> asio::awaitable<void> {
        for (;;) {
            auto next = co_await set.async_join_next(asio::use_awaitable);
            if (!next)
                break;
            events.emplace_back("joined");
        }
        events.emplace_back("empty");
    };
    asio::co_spawn(io, joiner(), asio::detached);
    poll();
    set.async_drain([&](error_code) { events.emplace_back("drained"); });
    set.abort_all();
    io.run();
    std::ranges::sort(events);
    BOOST_TEST(events ==
                   (std::vector<std::string>{"drained", "empty", "joined", "joined", "joined"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(drain_can_be_cancelled_and_repeated) {
    join_set<> set(io);
    gate g(io);
    set.spawn(g.pass());
    asio::cancellation_signal cancel;
    std::vector<error_code> ends;
    auto record = [&](error_code error) { ends.push_back(error); };
    set.async_drain(asio::bind_cancellation_slot(cancel.slot(), record));
    cancel.emit(asio::cancellation_type::partial);
    BOOST_TEST(ends.empty());
    poll();
    BOOST_TEST_REQUIRE(ends.size() == 1u);
    BOOST_TEST((ends[0] == asio::error::operation_aborted));
    set.async_drain(record);
    g.open();
    io.restart();
    io.run();
    BOOST_TEST_REQUIRE(ends.size() == 2u);
    BOOST_TEST(!ends[1]);
    cancel.emit(asio::cancellation_type::terminal); // nothing there any more
}

BOOST_AUTO_TEST_CASE(drain_after_abort_all_with_results_not_joined) {
    join_set<> set(io);
    gate g(io);
    for (int i = 0; i != 20; ++i)
        set.spawn(g.pass());
    poll();
    set.abort_all();
    for (int i = 0; i != 20; ++i)
        set.spawn(g.pass());
    bool drained = false;
    set.async_drain([&](error_code) { drained = true; });
    poll();
    BOOST_TEST(!drained);
    set.abort_all();
    io.restart();
    io.run();
    BOOST_TEST(drained);
    BOOST_TEST(join_ready(set).size() == 40u);
}

// ------------------------------------------------------------------------------------ destruction

BOOST_AUTO_TEST_CASE(the_destructor_aborts_and_detaches) {
    gate g(io);
    bool aborted = false;
    {
        join_set<counts_itself> set(io);
        set.spawn([&]() -> asio::awaitable<counts_itself> {
            try {
                co_await g.pass();
            } catch (boost::system::system_error const&) {
                aborted = true;
            }
            co_return counts_itself(); // nobody will see it
        });
        set.spawn([]() -> asio::awaitable<counts_itself> { co_return counts_itself(); });
        poll();
        BOOST_TEST(counts_itself::alive == 1);
        BOOST_TEST(!aborted);
    }
    BOOST_TEST(counts_itself::alive == 0);
    io.restart();
    io.run(); // returns
    BOOST_TEST(aborted);
    BOOST_TEST(counts_itself::alive == 0);
}

BOOST_AUTO_TEST_CASE(the_destructor_completes_pending_waits) {
    gate g(io);
    std::vector<error_code> ends;
    auto set = std::make_unique<join_set<>>(io);
    set->spawn(g.pass());
    set->async_join_next([&](error_code error, auto next) {
        ends.push_back(error);
        BOOST_TEST(!next);
    });
    set->async_drain([&](error_code error) { ends.push_back(error); });
    auto too_late = set->async_join_next();
    set.reset();
    BOOST_TEST(ends.empty());
    std::move(too_late)([&](error_code error, auto) { ends.push_back(error); });
    io.run();
    BOOST_TEST_REQUIRE(ends.size() == 3u);
    for (auto error : ends)
        BOOST_TEST((error == asio::error::operation_aborted));
}

BOOST_AUTO_TEST_CASE(a_set_can_be_moved) {
    static_assert(std::is_nothrow_move_constructible_v<join_set<>>);
    static_assert(!std::is_copy_constructible_v<join_set<>>);
    join_set<int> first(io);
    gate g(io);
    auto const id = first.spawn(value_of(8));
    join_set<int> second(std::move(first));
    BOOST_TEST(second.size() == 1u);
    join_set<int> third(io);
    auto const dropped = [&]() -> asio::awaitable<int> {
        co_await g.pass();
        co_return 0;
    };
    third.spawn(dropped);
    third = std::move(second);
    io.run(); // the third's first task was aborted
    auto all = join_ready(third);
    BOOST_TEST_REQUIRE(all.size() == 1u);
    BOOST_TEST(all[0].id == id);
    auto& itself = third;
    third = std::move(itself);
    BOOST_TEST(third.empty());
    BOOST_TEST((third.get_executor() == io.get_executor()));
}

BOOST_AUTO_TEST_CASE(the_context_may_be_destroyed_while_tasks_and_waits_are_pending) {
    auto context = std::make_unique<asio::io_context>(1);
    join_set<counts_itself> set(*context); // outlives it
    bool completed = false;
    {
        auto blocked = [&](auto executor, counts_itself witness) -> asio::awaitable<counts_itself> {
            gate g(executor);
            co_await g.pass();
            completed = true;
            co_return witness;
        };
        set.spawn(blocked(context->get_executor(), {}));
        auto strand = asio::make_strand(*context);
        set.spawn(strand, blocked(strand, {}));
        set.spawn([]() -> asio::awaitable<counts_itself> { co_return counts_itself(); });
        context->poll();
        BOOST_TEST(set.size() == 3u); // the last has ended
        BOOST_TEST(counts_itself::alive == 3);
        auto join = [&, w = counts_itself()](join_set<counts_itself> own) -> asio::awaitable<void> {
            own.spawn(blocked(context->get_executor(), {}));
            co_await own.async_join_next(tuple_awaitable);
            completed = true;
        };
        auto drain = [&,
                      w = counts_itself()](join_set<counts_itself> own) -> asio::awaitable<void> {
            own.spawn(blocked(context->get_executor(), {}));
            co_await own.async_drain(tuple_awaitable);
            completed = true;
        };
        // The callables live in the frame that owns the set.
        asio::co_spawn(
            *context, [join, &context] { return join(join_set<counts_itself>(*context)); },
            asio::detached);
        asio::co_spawn(
            *context, [drain, &context] { return drain(join_set<counts_itself>(*context)); },
            asio::detached);
        context->restart();
        context->poll();
        set.async_join_next([&, w = counts_itself()](auto&&...) { completed = true; });
    }
    BOOST_TEST(counts_itself::alive == 3 + 2 + 2 + 1);
    context.reset();
    BOOST_TEST(counts_itself::alive == 0);
    BOOST_TEST(!completed);
    auto more = []() -> asio::awaitable<counts_itself> { co_return counts_itself(); };
    BOOST_CHECK_THROW(set.spawn(more), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(tasks_elsewhere_may_outlive_the_context_of_the_set) {
    asio::thread_pool pool(2);
    for (int round = 0; round != 200; ++round) {
        auto context = std::make_unique<asio::io_context>(1);
        join_set<std::string> set(*context);
        for (int i = 0; i != 10; ++i)
            set.spawn(asio::make_strand(pool), [i]() -> asio::awaitable<std::string> {
                co_await yields(i);
                co_return std::string(100, 'x');
            });
        set.async_join_next([](auto&&...) {});
        context->poll();
        context.reset();
    }
    pool.join();
}

BOOST_AUTO_TEST_CASE(the_context_of_a_task_may_be_destroyed_before_its_outcome_is_joined) {
    join_set<> set(io);
    {
        asio::io_context other(1); // a strand needs its context to the last
        asio::steady_timer past(other, std::chrono::steady_clock::time_point::min());
        set.spawn(asio::make_strand(other), nothing());
        set.spawn(asio::make_strand(other), past.async_wait(asio::deferred));
        auto const id = set.spawn(asio::make_strand(other), [] { return yields(3); });
        set.abort(id);
        other.run();
    }
    BOOST_TEST(join_ready(set).size() == 3u);
    set.spawn(nothing());
    io.run();
}

BOOST_AUTO_TEST_CASE(a_dropped_task_is_joined) {
    join_set<> set(io);
    {
        asio::io_context other(1);
        gate g(other);
        set.spawn(other.get_executor(), [&] { return g.pass(); });
        set.spawn(asio::make_strand(other), [&] { return g.pass(); });
        set.spawn(asio::make_strand(other), g.timer().async_wait(asio::deferred));
        set.spawn(other.get_executor(), nothing()); // never started
        other.poll_one();
        other.poll_one();
        other.poll_one();
    }
    int dropped = 0;
    auto joiner = [&]() -> asio::awaitable<void> {
        while (auto next = co_await set.async_join_next(asio::use_awaitable))
            dropped +=
                next->outcome.has_error() && next->outcome.error().code() == errc::task_dropped;
    };
    asio::co_spawn(io, joiner(), asio::detached);
    io.run();
    BOOST_TEST(dropped == 4);
}

BOOST_AUTO_TEST_CASE(a_drop_wakes_a_pending_join) {
    join_set<> set(io);
    auto other = std::make_unique<asio::io_context>(1);
    gate g(io);
    set.spawn(other->get_executor(), nothing());
    error_code outcome;
    set.async_join_next([&](error_code, std::optional<joined<void>> next) {
        outcome = next.value().outcome.error().code();
    });
    poll();
    other.reset();
    io.restart();
    io.run();
    BOOST_TEST((outcome == errc::task_dropped));
}

// ---------------------------------------------------------------------------------------- threads

BOOST_AUTO_TEST_CASE(tasks_on_a_pool_are_all_delivered_exactly_once) {
    constexpr int tasks = 100000;
    asio::thread_pool pool(4);
    join_set<int> set(asio::make_strand(io));
    std::vector<int> seen(tasks);
    std::unordered_set<task_id> ids;
    std::atomic<int> off_thread{0};
    auto const here = std::this_thread::get_id();
    int waits = 0;
    auto body = [&]() -> asio::awaitable<void> {
        auto count = [&](joined<int> const& task) {
            ++seen[static_cast<std::size_t>(task.outcome.value())];
            BOOST_TEST_REQUIRE(ids.insert(task.id).second);
        };
        for (int i = 0; i != tasks; ++i) {
            set.spawn(pool.get_executor(), [&, i]() -> asio::awaitable<int> {
                off_thread += std::this_thread::get_id() != here;
                co_return i;
            });
            if (i % 1000 == 0)
                while (auto task = set.try_join_next())
                    count(*task);
        }
        for (;;) {
            auto next = co_await set.async_join_next(asio::use_awaitable);
            if (!next)
                break;
            ++waits;
            count(*next);
            while (auto task = set.try_join_next())
                count(*task);
        }
    };
    asio::co_spawn(set.get_executor(), body(),
                   [](std::exception_ptr e) { BOOST_TEST((e == nullptr)); });
    io.run();
    BOOST_TEST(off_thread == tasks);
    BOOST_TEST(std::ranges::count(seen, 1) == tasks);
    BOOST_TEST(waits > 0);
    BOOST_TEST(set.empty());
}

BOOST_AUTO_TEST_CASE(aborts_race_with_the_ends_of_tasks_on_other_threads) {
    asio::thread_pool pool(4);
    join_set<> set(io);
    std::size_t spawned = 0, aborted = 0, too_late = 0, ended = 0, failed = 0;
    auto body = [&]() -> asio::awaitable<void> {
        std::vector<task_id> ids;
        auto count = [&](joined<void> const& task) {
            ++ended;
            failed += task.outcome.has_error();
        };
        auto proven = [&] {
            return aborted != 0 && too_late != 0 && failed != 0 && failed < ended;
        };
        while (spawned < 20000 || (!proven() && spawned < 2000000)) {
            int const times = static_cast<int>(spawned % 8);
            ids.push_back(set.spawn(asio::make_strand(pool), [times] { return yields(times); }));
            if (++spawned % 16 == 0) {
                for (auto id : ids)
                    ++(set.abort(id) ? aborted : too_late);
                ids.erase(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(ids.size() / 2));
            }
            if (spawned % 1024 == 0)
                set.abort_all();
            if (spawned % 512 == 0) {
                auto task = co_await set.async_join_next(asio::use_awaitable);
                if (task)
                    count(*task);
            }
            if (spawned % 4 == 0)
                while (auto task = set.try_join_next())
                    count(*task);
        }
        co_await set.async_drain(asio::use_awaitable);
        while (auto task = set.try_join_next())
            count(*task);
    };
    asio::co_spawn(io, body(), [](std::exception_ptr e) { BOOST_TEST((e == nullptr)); });
    io.run();
    BOOST_TEST(ended == spawned);
    BOOST_TEST(aborted > 0u);
    BOOST_TEST(too_late > 0u);
    BOOST_TEST(failed > 0u);
    BOOST_TEST(failed < ended);
}

BOOST_AUTO_TEST_CASE(a_set_may_be_destroyed_while_tasks_end_on_other_threads) {
    asio::thread_pool pool(4);
    std::atomic<int> alive{0};
    for (int round = 0; round != 300; ++round) {
        join_set<std::string> set(io);
        for (int i = 0; i != 20; ++i)
            set.spawn(asio::make_strand(pool), [&alive, i]() -> asio::awaitable<std::string> {
                ++alive;
                auto guard = std::shared_ptr<void>(nullptr, [&](void*) { --alive; });
                co_await yields(i % 4);
                co_return std::string(64, 'y');
            });
        if (round % 2 == 0)
            set.async_join_next([](auto&&...) {});
        poll();
    }
    pool.join();
    io.restart();
    io.run();
    BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_CASE(a_batch_wakes_the_joiner_once) {
    asio::io_context other(1);
    join_set<> set(io);
    for (int i = 0; i != 100; ++i)
        set.spawn(other.get_executor(), nothing());
    std::size_t joined_tasks = 0;
    set.async_join_next([&](auto&&...) { ++joined_tasks; });
    poll();
    other.run();
    io.restart();
    BOOST_TEST(poll() == 1u); // the wake-up; the handler runs in it
    BOOST_TEST(joined_tasks == 1u);
    BOOST_TEST(join_ready(set).size() == 99u);
}

BOOST_AUTO_TEST_CASE(a_task_stays_on_its_executor) {
    asio::io_context other(1);
    join_set<> set(io);
    auto there = [&] { return other.get_executor().running_in_this_thread(); };
    bool ran = false, initiated = false, cancelled = false;
    set.spawn(other.get_executor(), [&]() -> asio::awaitable<void> {
        ran = there();
        co_await asio::post(asio::use_awaitable);
        ran = ran && there();
    });
    auto const id = set.spawn(other.get_executor(), [&](auto handler) {
        initiated = there();
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto executor = asio::get_associated_executor(handler);
        BOOST_TEST((executor == other.get_executor()));
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        slot.assign([&, shared](asio::cancellation_type) mutable {
            cancelled = there();
            asio::post(other, [shared] { std::move (*shared)(); });
        });
    });
    poll();
    other.poll();
    set.abort(id);
    BOOST_TEST(!cancelled);
    poll(other);
    BOOST_TEST(ran);
    BOOST_TEST(initiated);
    BOOST_TEST(cancelled);
    BOOST_TEST(join_ready(set).size() == 2u);
}

// ------------------------------------------------------------------------------------------- cost

#if !defined(JOIN_SET_TEST_SANITIZED)

BOOST_AUTO_TEST_CASE(a_task_allocates_nothing_beyond_co_spawn) {
    join_set<> set(io);
    std::size_t bare = 0, ours = 0, waited = 0;
    auto measure = [&]() -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        for (int round = 0; round != 2; ++round) { // the first warms up
            std::size_t start = allocations;
            for (int i = 0; i != 1000; ++i) {
                asio::co_spawn(executor, nothing(), [](std::exception_ptr) {});
                co_await asio::post(asio::use_awaitable);
            }
            bare = allocations - start;
            start = allocations;
            for (int i = 0; i != 1000; ++i) {
                set.spawn(nothing());
                co_await asio::post(asio::use_awaitable);
                auto task = set.try_join_next();
                BOOST_REQUIRE(task);
            }
            ours = allocations - start;
            start = allocations;
            for (int i = 0; i != 1000; ++i) {
                set.spawn(nothing());
                auto task = co_await set.async_join_next(asio::use_awaitable);
                BOOST_REQUIRE(task);
            }
            waited = allocations - start;
        }
    };
    asio::co_spawn(io, measure(), [](std::exception_ptr e) { BOOST_TEST((e == nullptr)); });
    io.run();
    BOOST_TEST(bare >= 1000u); // the counters count
    BOOST_TEST(ours <= bare);
    BOOST_TEST(waited <= bare);
}

#endif // JOIN_SET_TEST_SANITIZED

// ------------------------------------------------------------------------------------ interruption

namespace {

// Everything at once; the set is in the frame of a coroutine.
void start_everything(asio::io_context& io) {
    auto body = [](asio::io_context& context) -> asio::awaitable<void> {
        counts_itself witness;
        join_set<counts_itself> set(context);
        gate g(context);
        asio::steady_timer past(context);
        past.expires_at(std::chrono::steady_clock::time_point::min());
        auto with_witness = [witness](int times) -> asio::awaitable<counts_itself> {
            counts_itself local;
            co_await yields(times);
            co_return local;
        };
        std::vector<task_id> ids;
        for (int i = 0; i != 10; ++i)
            ids.push_back(set.spawn(with_witness(i)));
        for (int i = 0; i != 10; ++i)
            ids.push_back(set.spawn(asio::make_strand(context), with_witness(i)));
        auto blocked = [&g, witness]() -> asio::awaitable<counts_itself> {
            co_await g.pass();
            co_return witness;
        };
        for (int i = 0; i != 10; ++i)
            ids.push_back(set.spawn(asio::make_strand(context), blocked));
        ids.push_back(set.spawn(asio::make_strand(context), [&past, witness](auto handler) {
            past.async_wait([handler = std::move(handler), witness](error_code) mutable {
                std::move(handler)(std::move(witness));
            });
        }));
        for (int i = 0; i != 5; ++i) {
            auto next = co_await set.async_join_next(asio::use_awaitable);
            BOOST_TEST_REQUIRE(!!next);
        }
        set.abort(ids[20]);
        set.abort(ids[9]);
        set.abort(ids[19]);
        {
            asio::cancellation_signal cancel;
            asio::post(context, [&cancel] { cancel.emit(asio::cancellation_type::total); });
            auto token = asio::bind_cancellation_slot(cancel.slot(), tuple_awaitable);
            auto [error, next] = co_await set.async_join_next(token);
            co_await yields(2);
        }
        join_set<> children(context);
        auto nested = [&set]() -> asio::awaitable<void> {
            for (;;) {
                auto next = co_await set.async_join_next(asio::use_awaitable);
                if (!next)
                    break;
            }
        };
        children.spawn(nested);
        auto drain = [&set]() -> asio::awaitable<void> {
            co_await set.async_drain(asio::use_awaitable);
        };
        children.spawn(asio::make_strand(context), drain);
        co_await yields(3);
        set.abort_all();
        co_await children.async_drain(asio::use_awaitable);
    };
    asio::co_spawn(io, body(io), [](std::exception_ptr e) { BOOST_TEST((e == nullptr)); });
}

} // namespace

BOOST_AUTO_TEST_CASE(the_context_may_be_destroyed_after_any_handler) {
    std::size_t total = 0;
    {
        asio::io_context context(1);
        start_everything(context);
        while (context.run_one() != 0)
            ++total;
    }
    BOOST_TEST(counts_itself::alive == 0);
    BOOST_TEST(total > 100u);
    for (std::size_t k = 0; k <= total; ++k) {
        {
            asio::io_context context(1);
            start_everything(context);
            for (std::size_t i = 0; i != k; ++i)
                context.run_one();
        }
        BOOST_TEST_REQUIRE(counts_itself::alive == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
