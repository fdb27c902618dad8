// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE dataspace
#include <arborist/dataspace.hpp>
#include <arborist/process_shutdown.hpp>

#include "support/dataspaces.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized" // inside of use_future, g++ 12 at -O1
#endif
#include <boost/asio/use_future.hpp>

#include <functional>
#include <future>
#include <thread>
#include <type_traits>

// What it does is in conformance/a_dataspace.cpp; here is how it feels.

using namespace dataspace_test;
using boost::asio::ip::tcp;

static_assert(std::is_nothrow_copy_constructible_v<dataspace>);
static_assert(std::is_nothrow_move_assignable_v<dataspace>);
static_assert(!std::is_copy_constructible_v<subscription<int>>);
static_assert(std::is_nothrow_move_constructible_v<subscription<int>>);
static_assert(std::is_nothrow_move_assignable_v<subscription<int>>);
static_assert(std::is_copy_constructible_v<change<int>>);
static_assert(!std::is_convertible_v<std::nullptr_t, dataspace>);

namespace {

// Awaitable by itself and as it is written in the tutorial.
asio::awaitable<result<void>> tutorial(dataspace data, process_shutdown shutdown, lines& notes) {
    tcp::endpoint const endpoint(asio::ip::make_address("127.0.0.1"), 80);
    if (auto published = data.publish("primary", endpoint); !published)
        co_return published.error();
    std::shared_ptr<tcp::endpoint const> now = data.find<tcp::endpoint>("primary");
    BOOST_TEST_REQUIRE(now != nullptr);
    BOOST_TEST(*now == endpoint);

    auto primaries = data.subscribe<tcp::endpoint>(prefix("primary"));
    while (auto update = co_await primaries.async_receive()) {
        auto const& what = update.value();
        if (what) {
            notes.push_back("connect " + what.key().name() + ' ' + std::to_string(what->port()));
            auto retracted = data.retract<tcp::endpoint>("primary");
            BOOST_TEST(retracted.has_value());
        } else {
            notes.push_back("forget " + what.key().name());
            break;
        }
    }
    auto update = co_await shutdown.until(primaries.async_receive());
    BOOST_TEST((update.has_error() && update.error().code() == errc::shutdown_requested));
    co_return success();
}

} // namespace

BOOST_AUTO_TEST_CASE(the_tutorial_works) {
    asio::io_context context(1);
    lines notes;
    shutdown_source source(context);
    bool ended = false;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            auto const result = co_await tutorial(dataspace(), source.get_shutdown(), notes);
            BOOST_TEST(result.has_value());
            ended = true;
        },
        rethrow);
    settle(context);
    BOOST_TEST(!ended);
    source.request();
    settle(context);
    BOOST_TEST(ended);
    BOOST_TEST(notes == (lines{"connect primary 80", "forget primary"}),
               boost::test_tools::per_element());
}

// ---- handles

BOOST_AUTO_TEST_CASE(copies_refer_to_the_same_dataspace) {
    dataspace const first;
    dataspace second = first; // NOLINT(performance-unnecessary-copy-initialization)
    BOOST_TEST((first == second));
    BOOST_TEST((first != dataspace()));
    BOOST_TEST(second.publish("a", 1).has_value());
    BOOST_TEST(*first.find<int>("a") == 1);
    dataspace const third = std::move(second);
    BOOST_TEST((third == first));
    BOOST_TEST(!second); // NOLINT(bugprone-use-after-move)
}

BOOST_AUTO_TEST_CASE(a_null_handle_fails_and_says_so) {
    dataspace const none(nullptr);
    BOOST_TEST(!none);
    BOOST_TEST((none == dataspace(nullptr)));
    BOOST_TEST((none.publish("a", 1).error().code() == errc::no_dataspace));
    BOOST_TEST((none.retract<int>("a").error().code() == errc::no_dataspace));
    BOOST_TEST(none.find<int>("a") == nullptr);

    asio::io_context context(1);
    auto nothing = none.subscribe<int>();
    BOOST_TEST(!nothing.try_receive());
    BOOST_TEST(nothing.conflated() == 0u);
    for (int i = 0; i != 2; ++i) {
        received<int> got(context, nothing);
        BOOST_TEST(!got.arrived());
        settle(context);
        BOOST_TEST(got.failed_with(errc::no_dataspace));
    }
    auto other = none.subscribe<int>(exact(7));
    other = none.subscribe<int>(prefix("a"));
}

BOOST_AUTO_TEST_CASE(a_dataspace_is_one_of_many) {
    dataspace const one, other;
    BOOST_TEST(one.publish("a", 1).has_value());
    BOOST_TEST(other.find<int>("a") == nullptr);
}

// ---- values

BOOST_AUTO_TEST_CASE(a_value_is_moved_and_never_copied) {
    dataspace const data;
    BOOST_TEST(data.publish("a", std::make_unique<int>(7)).has_value());
    auto const found = data.find<std::unique_ptr<int>>("a");
    BOOST_TEST_REQUIRE(found != nullptr);
    BOOST_TEST(**found == 7);
}

BOOST_AUTO_TEST_CASE(a_shared_value_is_published_as_what_it_points_to) {
    dataspace const data;
    auto const made = std::make_shared<std::string>("hello");
    BOOST_TEST(data.publish("a", made).has_value());
    BOOST_TEST(data.find<std::string>("a") == made);
    std::shared_ptr<std::string const> const fixed = made;
    BOOST_TEST(data.publish("b", fixed).has_value());
    BOOST_TEST(data.find<std::string>("b") == made);
    // Who asks for it gets the pointer itself.
    BOOST_TEST((data.publish<std::shared_ptr<std::string>>("c", made).has_value()));
    BOOST_TEST(*data.find<std::shared_ptr<std::string>>("c") == made);
    BOOST_TEST(data.find<std::string>("c") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_null_pointer_is_no_value) {
    dataspace const data;
    auto const published = data.publish("a", std::shared_ptr<int>());
    BOOST_TEST_REQUIRE(published.has_error());
    BOOST_TEST((published.error().code() == errc::invalid_option));
    BOOST_TEST(published.error().message() ==
               "cannot publish 'a' of type int: it is null: invalid option");
    BOOST_TEST(data.find<int>("a") == nullptr);
}

BOOST_AUTO_TEST_CASE(the_type_may_be_said) {
    dataspace const data;
    BOOST_TEST(data.publish<std::string>("a", "text").has_value());
    BOOST_TEST(*data.find<std::string>("a") == "text");
    BOOST_TEST(data.publish<double>(7, 1).has_value());
    BOOST_TEST(*data.find<double>(7) == 1.0);
}

BOOST_AUTO_TEST_CASE(whoever_has_found_a_value_keeps_it) {
    dataspace const data;
    BOOST_TEST(data.publish("a", std::string("old")).has_value());
    auto const found = data.find<std::string>("a");
    BOOST_TEST(data.publish("a", std::string("new")).has_value());
    BOOST_TEST(*found == "old");
    BOOST_TEST(data.retract<std::string>("a").has_value());
    BOOST_TEST(*found == "old");
}

BOOST_AUTO_TEST_CASE(a_change_outlives_what_it_is_of) {
    std::optional<change<std::string>> kept;
    {
        dataspace const data;
        auto all = data.subscribe<std::string>();
        BOOST_TEST(data.publish("a name that does not fit into a string object", std::string("v"))
                       .has_value());
        kept = all.try_receive();
        BOOST_TEST(
            data.retract<std::string>("a name that does not fit into a string object").has_value());
    }
    BOOST_TEST_REQUIRE(kept.has_value());
    BOOST_TEST(kept->key().name() == "a name that does not fit into a string object");
    BOOST_TEST(**kept == "v");
    BOOST_TEST((*kept)->size() == 1u);
    BOOST_TEST(*kept->shared() == "v");
}

// ---- completion tokens and executors

BOOST_AUTO_TEST_CASE(nothing_happens_before_the_operation_is_initiated) {
    dataspace const data;
    auto all = data.subscribe<int>();
    {
        auto const dropped = all.async_receive();
        (void)dropped;
    }
    asio::io_context context(1);
    BOOST_TEST(data.publish("a", 1).has_value());
    received<int> got(context, all);
    settle(context);
    BOOST_TEST(got.text() == "a=1");
}

BOOST_AUTO_TEST_CASE(any_completion_token_will_do) {
    asio::io_context context(1);
    dataspace const data;
    auto all = data.subscribe<int>();

    auto future = all.async_receive(asio::use_future);
    BOOST_TEST(data.publish("a", 1).has_value());
    BOOST_TEST(*future.get().value() == 1);

    std::promise<int> told;
    all.async_receive([&told](result<change<int>> r) { told.set_value(*r.value()); });
    BOOST_TEST(data.publish("a", 2).has_value());
    BOOST_TEST(told.get_future().get() == 2);

    auto deferred = all.async_receive(asio::deferred);
    BOOST_TEST(data.publish("a", 3).has_value());
    std::promise<int> later;
    std::move(deferred)([&later](result<change<int>> r) { later.set_value(*r.value()); });
    BOOST_TEST(later.get_future().get() == 3);

    auto awaited = asio::co_spawn(
        context,
        [&]() -> asio::awaitable<int> {
            auto const update = co_await all.async_receive(asio::use_awaitable);
            co_return *update.value();
        },
        asio::use_future);
    BOOST_TEST(data.publish("a", 4).has_value());
    context.run();
    BOOST_TEST(awaited.get() == 4);
}

BOOST_AUTO_TEST_CASE(a_handler_runs_on_its_executor) {
    dataspace const data;
    auto all = data.subscribe<int>();
    asio::thread_pool pool(1);
    asio::io_context context(1);
    auto const strand = asio::make_strand(pool);

    std::promise<bool> in_strand;
    all.async_receive(asio::bind_executor(strand, [&](result<change<int>>) {
        in_strand.set_value(strand.running_in_this_thread());
    }));
    BOOST_TEST(data.publish("a", 1).has_value());
    BOOST_TEST(in_strand.get_future().get());

    // What is there already is not delivered from within either.
    bool called = false;
    BOOST_TEST(data.publish("a", 2).has_value());
    all.async_receive(asio::bind_executor(context, [&](result<change<int>> r) {
        called = true;
        BOOST_TEST(context.get_executor().running_in_this_thread());
        BOOST_TEST(*r.value() == 2);
    }));
    BOOST_TEST(!called);
    context.run(); // the pending operation is work
    BOOST_TEST(called);
}

BOOST_AUTO_TEST_CASE(without_an_executor_it_is_the_system_executor) {
    dataspace const data;
    auto all = data.subscribe<int>();
    std::promise<std::thread::id> where;
    all.async_receive([&](result<change<int>>) { where.set_value(std::this_thread::get_id()); });
    BOOST_TEST(data.publish("a", 1).has_value());
    BOOST_TEST((where.get_future().get() != std::this_thread::get_id())); // one of the system's
    static_assert(std::is_same_v<detail::initiate_receive<change<int>>::executor_type,
                                 asio::any_io_executor>);
    BOOST_TEST((detail::initiate_receive<change<int>>(nullptr).get_executor() ==
                asio::any_io_executor(asio::system_executor())));
}

BOOST_AUTO_TEST_CASE(a_pending_operation_is_work) {
    dataspace const data;
    auto all = data.subscribe<int>();
    asio::io_context context(1);
    received<int> got(context, all);
    BOOST_TEST(context.poll() == 0u);
    BOOST_TEST(!context.stopped());
    BOOST_TEST(data.publish("a", 1).has_value());
    context.run();
    BOOST_TEST(got.text() == "a=1");
}

BOOST_AUTO_TEST_CASE(nobody_is_woken_up_for_nothing) {
    dataspace const data;
    auto ones = data.subscribe<int>(exact("one"));
    asio::io_context context(1);
    received<int> got(context, ones);
    BOOST_TEST(data.publish("two", 2).has_value());
    BOOST_TEST(data.publish("one", 1.0).has_value());
    BOOST_TEST(data.retract<int>("two").has_value());
    BOOST_TEST(context.poll() == 0u);
    BOOST_TEST(data.publish("one", 1).has_value());
    BOOST_TEST(data.publish("one", 2).has_value());
    BOOST_TEST(context.poll() == 1u);
    BOOST_TEST(got.text() == "one=2+1");
}

BOOST_AUTO_TEST_CASE(try_receive_may_come_before_a_receive_that_waits) {
    dataspace const data;
    auto all = data.subscribe<int>();
    asio::io_context context(1);
    received<int> got(context, all);
    BOOST_TEST(data.publish("a", 1).has_value()); // wakes it up
    BOOST_TEST(text(all.try_receive()) == "a=1");
    settle(context);
    BOOST_TEST(!got.arrived());
    BOOST_TEST(data.publish("a", 2).has_value());
    settle(context);
    BOOST_TEST(got.text() == "a=2");
}

// ---- cancellation

BOOST_AUTO_TEST_CASE(a_receive_that_waits_may_be_cancelled) {
    using asio::cancellation_type;
    for (auto const type :
         {cancellation_type::terminal, cancellation_type::partial, cancellation_type::total}) {
        dataspace const data;
        auto all = data.subscribe<int>();
        asio::io_context context(1);
        asio::cancellation_signal signal;
        received<int> got(context, all, signal.slot());
        settle(context);
        signal.emit(type);
        BOOST_TEST(!got.arrived()); // never from within
        BOOST_TEST(data.publish("a", 1).has_value());
        settle(context);
        BOOST_TEST(got.failed_with(asio::error::operation_aborted));
        signal.emit(type); // finds nothing
        BOOST_TEST(text(all.try_receive()) == "a=1");
    }
}

BOOST_AUTO_TEST_CASE(a_cancelled_receive_takes_nothing_even_if_it_was_woken_up) {
    dataspace const data;
    auto all = data.subscribe<int>();
    asio::io_context context(1);
    asio::cancellation_signal signal;
    received<int> got(context, all, signal.slot());
    BOOST_TEST(data.publish("a", 1).has_value());
    BOOST_TEST(data.publish("b", 2).has_value());
    signal.emit(asio::cancellation_type::total);
    signal.emit(asio::cancellation_type::terminal);
    settle(context);
    BOOST_TEST(got.failed_with(asio::error::operation_aborted));
    received<int> next(context, all);
    settle(context);
    BOOST_TEST(next.text() == "a=1");
    BOOST_TEST(text(all.try_receive()) == "b=2");
}

BOOST_AUTO_TEST_CASE(a_lost_race_loses_no_change) {
    using namespace asio::experimental::awaitable_operators;
    dataspace const data;
    auto first = data.subscribe<int>(exact("first"));
    auto second = data.subscribe<int>(exact("second"));
    asio::io_context context(1);
    lines notes;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            for (int i = 0; i != 4; ++i) {
                BOOST_TEST(data.publish("first", i).has_value());
                BOOST_TEST(data.publish("second", i).has_value());
                auto race = first.async_receive(asio::use_awaitable) ||
                            second.async_receive(asio::use_awaitable);
                auto const won = co_await std::move(race);
                notes.push_back(won.index() == 0 ? text(std::get<0>(won).value())
                                                 : text(std::get<1>(won).value()));
            }
        },
        rethrow);
    settle(context);
    BOOST_TEST(notes.size() == 4u);
    // Whoever has lost has not lost the value.
    BOOST_TEST(text(second.try_receive()) == "second=3+3");
}

BOOST_AUTO_TEST_CASE(until_keeps_a_change_that_it_has) {
    dataspace const data;
    auto all = data.subscribe<int>();
    asio::io_context context(1);
    shutdown_source source(context);
    auto const shutdown = source.get_shutdown();
    lines notes;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            for (;;) {
                auto const update = co_await shutdown.until(all.async_receive());
                if (!update) {
                    notes.push_back(update.error().message());
                    co_return;
                }
                notes.push_back(text(update.value()));
            }
        },
        rethrow);
    settle(context);
    BOOST_TEST(data.publish("a", 1).has_value());
    settle(context);
    BOOST_TEST(data.publish("a", 2).has_value());
    source.request();
    settle(context);
    BOOST_TEST_REQUIRE(notes.size() >= 2u);
    BOOST_TEST(notes.front() == "a=1");
    BOOST_TEST(notes.back() == "shutdown requested");
    // Delivered, or still there; never neither, never both.
    BOOST_TEST((notes.size() == 3u) != all.try_receive().has_value());
}

// ---- lifetimes

BOOST_AUTO_TEST_CASE(a_subscription_that_ends_aborts_its_receive) {
    dataspace const data;
    asio::io_context context(1);
    std::optional<subscription<int>> all = data.subscribe<int>();
    received<int> waiting(context, *all);
    all.reset();
    BOOST_TEST(!waiting.arrived());
    settle(context);
    BOOST_TEST(waiting.failed_with(asio::error::operation_aborted));

    all = data.subscribe<int>();
    received<int> woken(context, *all);
    BOOST_TEST(data.publish("a", 1).has_value());
    all.reset();
    settle(context);
    BOOST_TEST(woken.failed_with(asio::error::operation_aborted));

    all = data.subscribe<int>();
    auto late = all->async_receive();
    all.reset();
    received<int> got;
    std::move(late)(asio::bind_executor(context, got.handler()));
    settle(context);
    BOOST_TEST(got.failed_with(asio::error::operation_aborted));
}

BOOST_AUTO_TEST_CASE(a_subscription_may_be_moved_while_it_is_received_from) {
    dataspace const data;
    asio::io_context context(1);
    auto first = data.subscribe<int>();
    received<int> got(context, first);
    subscription<int> second = std::move(first);
    BOOST_TEST(data.publish("a", 1).has_value());
    settle(context);
    BOOST_TEST(got.text() == "a=1");
    auto third = data.subscribe<int>();
    received<int> other(context, third);
    settle(context);
    BOOST_TEST(other.text() == "a=1");
    received<int> ended(context, third);
    third = std::move(second);
    settle(context);
    BOOST_TEST(ended.failed_with(asio::error::operation_aborted));
    BOOST_TEST(!third.try_receive()); // the second has received it before
}

BOOST_AUTO_TEST_CASE(a_handler_may_destroy_the_subscription_or_receive_again) {
    dataspace const data;
    asio::io_context context(1);
    auto all = std::make_shared<subscription<int>>(data.subscribe<int>());
    lines notes;
    std::function<void()> again = [&] {
        all->async_receive(asio::bind_executor(context, [&](result<change<int>> r) {
            notes.push_back(text(r.value()));
            if (*r.value() == 3)
                all.reset();
            else
                again();
        }));
    };
    again();
    for (int i = 1; i != 5; ++i) {
        BOOST_TEST(data.publish("a", i).has_value());
        settle(context);
    }
    BOOST_TEST(notes == (lines{"a=1", "a=2", "a=3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_subscription_does_not_keep_the_dataspace) {
    asio::io_context context(1);
    std::optional<dataspace> data(std::in_place);
    std::optional<dataspace> copy = data;
    auto all = data->subscribe<int>();
    auto one = data->subscribe<int>(exact("a"));
    BOOST_TEST(data->publish("a", 1).has_value());
    BOOST_TEST(data->publish("b", 2).has_value());
    data.reset();
    BOOST_TEST(copy->publish("b", 3).has_value());
    copy.reset();
    // First what is pending.
    for (char const* expected : {"a=1", "b=3+1"}) {
        received<int> got(context, all);
        settle(context);
        BOOST_TEST(got.text() == expected);
    }
    for (int i = 0; i != 2; ++i) {
        received<int> got(context, all);
        settle(context);
        BOOST_TEST(got.failed_with(errc::dataspace_gone));
        BOOST_TEST(!all.try_receive());
    }
    BOOST_TEST(text(one.try_receive()) == "a=1");
    BOOST_TEST(!one.try_receive());
}

BOOST_AUTO_TEST_CASE(who_waits_is_told_when_the_dataspace_goes) {
    asio::io_context context(1);
    std::optional<dataspace> data(std::in_place);
    auto all = data->subscribe<int>();
    auto none = data->subscribe<int>(exact("none"));
    received<int> waiting(context, all), in_vain(context, none);
    settle(context);
    data.reset();
    settle(context);
    BOOST_TEST(waiting.failed_with(errc::dataspace_gone));
    BOOST_TEST(in_vain.failed_with(errc::dataspace_gone));
}

BOOST_AUTO_TEST_CASE(a_value_is_released_with_the_last_who_needs_it) {
    counted::live = 0;
    std::optional<dataspace> data(std::in_place);
    auto slow = data->subscribe<counted>();
    auto quick = data->subscribe<counted>();
    auto exactly = data->subscribe<counted>(exact("a"));
    BOOST_TEST(data->publish("a", counted(1)).has_value());
    BOOST_TEST(data->publish("b", counted(2)).has_value());
    BOOST_TEST(counted::live == 2);
    BOOST_TEST(quick.try_receive().has_value());
    BOOST_TEST(quick.try_receive().has_value());
    data.reset();
    BOOST_TEST(counted::live == 2); // pending
    BOOST_TEST(slow.try_receive()->key().name() == "a");
    BOOST_TEST(counted::live == 2); // for the third
    BOOST_TEST(exactly.try_receive().has_value());
    BOOST_TEST(counted::live == 1);
    {
        auto const moved = std::move(slow);
        BOOST_TEST(counted::live == 1);
    }
    BOOST_TEST(counted::live == 0);
}

BOOST_AUTO_TEST_CASE(a_subscription_that_ends_releases_what_it_held) {
    counted::live = 0;
    dataspace const data;
    {
        auto all = data.subscribe<counted>();
        auto one = data.subscribe<counted>(exact(7));
        for (int i = 0; i != 1000; ++i)
            BOOST_TEST(data.publish(i, counted(i)).has_value());
        for (int i = 0; i != 500; ++i)
            BOOST_TEST(all.try_receive().has_value());
        for (int i = 0; i != 1000; ++i)
            BOOST_TEST(data.retract<counted>(i).has_value());
        BOOST_TEST(counted::live == 0);
        BOOST_TEST(counts(data).links == 501u); // what was received must be taken back
    }
    BOOST_TEST(counts(data).links == 0u);
    BOOST_TEST(counts(data).slots == 0u);
}

// ---- contexts

BOOST_AUTO_TEST_CASE(a_context_may_go_while_others_publish) {
    dataspace const data;
    auto all = data.subscribe<int>();
    {
        asio::io_context context(1);
        received<int> waiting(context, all);
    }
    BOOST_TEST(data.publish("a", 1).has_value());
    {
        asio::io_context context(1);
        received<int> woken(context, all);
    }
    asio::io_context other(1);
    received<int> got(other, all);
    settle(other);
    BOOST_TEST(got.text() == "a=1");
}

BOOST_AUTO_TEST_CASE(a_handler_is_destroyed_with_its_context) {
    dataspace const data;
    auto const token = std::make_shared<int>();
    auto all = data.subscribe<int>();
    {
        asio::io_context context(1);
        all.async_receive(asio::bind_executor(context, [token](result<change<int>>) {}));
        BOOST_TEST(token.use_count() == 2);
    }
    BOOST_TEST(token.use_count() == 1);
    {
        asio::io_context context(1);
        all.async_receive(asio::bind_executor(context, [token](result<change<int>>) {}));
        BOOST_TEST(data.publish("a", 1).has_value());
        context.stop();
        context.run();
        BOOST_TEST(token.use_count() == 2);
    }
    BOOST_TEST(token.use_count() == 1);
    BOOST_TEST(text(all.try_receive()) == "a=1");
}

BOOST_AUTO_TEST_CASE(a_coroutine_that_owns_its_subscription_goes_with_the_context) {
    counted::live = 0;
    dataspace const data;
    {
        asio::io_context context(1);
        asio::co_spawn(
            context,
            [data]() -> asio::awaitable<void> {
                counted const here(0);
                auto all = data.subscribe<int>();
                while (auto update = co_await all.async_receive())
                    BOOST_TEST(update.value().key().is_name());
            },
            asio::detached);
        context.poll();
        BOOST_TEST(data.publish("a", 1).has_value());
        context.poll();
        BOOST_TEST(counted::live == 1);
    }
    BOOST_TEST(counted::live == 0);
    BOOST_TEST(counts(data).links == 0u);
}
