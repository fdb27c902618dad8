// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE conformance_p_processes
#include "support/tree.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <future>
#include <set>
#include <thread>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

struct publishes_at_its_end {
    std::string key;
    ~publishes_at_its_end() {
        if (!this_process::dataspace().publish(key, 2))
            key.clear();
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(P1_there_is_no_dataspace_outside) {
    BOOST_TEST(!this_process::dataspace());
}

BOOST_AUTO_TEST_CASE(P1_A1_all_processes_of_a_tree_have_the_dataspace_of_its_root) {
    std::vector<dataspace> seen;
    auto const note = [&](process_shutdown shutdown) -> asio::awaitable<void> {
        seen.push_back(this_process::dataspace());
        co_await idle(std::move(shutdown));
    };
    supervisor nested("nested");
    nested.add(worker("a", note));
    supervisor root("app");
    root.add(std::move(nested)).add(worker("b", note));
    dataspace const data = root.dataspace();
    run_of run(root);
    run.stop();
    BOOST_TEST_REQUIRE(seen.size() == 2u);
    BOOST_TEST((seen[0] == data));
    BOOST_TEST((seen[1] == data));
}

// Two processes and a thread that is in neither, on three threads.
BOOST_AUTO_TEST_CASE(P1_ten_thousand_hops_and_nobody_else) {
    constexpr int hops = 10'000;
    std::atomic<int> wrong = 0;
    std::atomic<int> done = 0;
    auto const hop = [&](process_shutdown) -> asio::awaitable<void> {
        auto const id = this_process::id();
        auto const name = this_process::name();
        auto const data = this_process::dataspace();
        asio::any_io_executor const own = co_await asio::this_coro::executor;
        std::set<std::thread::id> threads;
        for (int i = 0; i < hops || threads.size() < 2; ++i) {
            auto turn = asio::post(own, asio::deferred);
            co_await std::move(turn)(asio::use_awaitable);
            threads.insert(std::this_thread::get_id());
            if (this_process::id() != id || this_process::name() != name ||
                this_process::dataspace() != data)
                ++wrong;
        }
        if (id == 0)
            ++wrong;
        ++done;
    };
    supervisor root("app");
    for (char const* name : {"a", "b", "c", "d"})
        root.add(worker(name, hop), {.restart = temporary});
    asio::thread_pool pool(3);
    supervisor_handle const handle = root.handle();
    std::promise<run_result> ended;
    root.async_run(pool, [&](run_result result) { ended.set_value(std::move(result)); });
    while (done != 4) {
        std::promise<void> turn;
        asio::post(pool, [&] {
            if (this_process::id() != 0 || this_process::dataspace())
                ++wrong;
            turn.set_value();
        });
        turn.get_future().wait();
    }
    handle.request_stop();
    BOOST_TEST(ended.get_future().get().has_value());
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(P3_A4_what_it_asserted_is_gone_before_its_supervisor_is_told) {
    probe other("other");
    bool there_at_exit = true;
    bool there_before = false;
    supervisor root("app", {.intensity = {1, 1h}});
    dataspace const data = root.dataspace();
    root.observe([&](event const& what) {
        if (what.kind == event_kind::child_exited)
            there_at_exit = data.find<int>("here") != nullptr;
    });
    root.add(worker("w",
                    [&](process_shutdown) -> asio::awaitable<void> {
                        BOOST_TEST(this_process::dataspace().publish("here", 1).has_value());
                        there_before = data.find<int>("here") != nullptr;
                        co_return;
                    }),
             {.restart = temporary});
    root.add(other);
    run_of run(root);
    run.stop();
    BOOST_TEST(there_before);
    BOOST_TEST(!there_at_exit);
}

BOOST_AUTO_TEST_CASE(P3_what_its_destructors_assert_is_retracted_too) {
    for (bool by_abort : {false, true}) {
        bool published = false;
        supervisor root("app", {.intensity = {0, 1h}});
        dataspace const data = root.dataspace();
        auto seen = data.subscribe<int>();
        root.add(worker("w",
                        [&](process_shutdown) -> asio::awaitable<void> {
                            publishes_at_its_end const last{"last"};
                            asio::steady_timer timer(co_await asio::this_coro::executor,
                                                     by_abort ? 24h : 0h);
                            co_await timer.async_wait(asio::use_awaitable);
                            published = true;
                            throw std::runtime_error("end");
                        }),
                 {.shutdown = brutal});
        run_of run(root);
        if (by_abort)
            run.stop();
        run.finish();
        BOOST_TEST(published == !by_abort);
        // Nobody took it meanwhile, and who has not received it is not told of the retraction; but
        // that it was told of is counted.
        BOOST_TEST(!seen.try_receive().has_value());
        BOOST_TEST(seen.conflated() != 0u);
        BOOST_TEST((data.find<int>("last") == nullptr));
    }
}

BOOST_AUTO_TEST_CASE(P3_A4_before_the_successor_starts_also_across_a_thread_boundary) {
    constexpr int times = 100;
    std::atomic<int> failures = 0;
    std::atomic<int> starts = 0;
    supervisor crunch("crunch", {.intensity = unlimited, .runtime = dedicated{.threads = 2}});
    crunch.add(worker("w", [&](process_shutdown shutdown) -> asio::awaitable<void> {
        publishes_at_its_end const last{"last"};
        auto const data = this_process::dataspace();
        // Another's key would be refused.
        if (data.find<int>("key") || data.find<int>("last") || !data.publish("key", 1))
            ++failures;
        if (++starts <= times)
            throw std::runtime_error("again");
        co_await idle(std::move(shutdown));
    }));
    supervisor root("app");
    dataspace const data = root.dataspace();
    root.add(std::move(crunch));
    asio::io_context context;
    asio::cancellation_signal stop;
    std::optional<run_result> result;
    root.async_run(context, asio::bind_cancellation_slot(
                                stop.slot(), [&](run_result r) { result.emplace(std::move(r)); }));
    while (starts <= times)
        context.run_one_for(1ms);
    stop.emit(asio::cancellation_type::total);
    context.run();
    BOOST_TEST_REQUIRE(result.has_value());
    BOOST_TEST(result->has_value());
    BOOST_TEST(failures == 0);
    BOOST_TEST((data.find<int>("key") == nullptr));
}

BOOST_AUTO_TEST_CASE(P3_A4_blocking_workers_too) {
    std::promise<void> published;
    supervisor root("app");
    dataspace const data = root.dataspace();
    root.add(blocking_worker("w", [&](std::stop_token stop) {
        BOOST_TEST(this_process::dataspace().publish("key", 1).has_value());
        published.set_value();
        std::promise<void> stopped;
        std::stop_callback const on_stop(stop, [&] { stopped.set_value(); });
        stopped.get_future().wait();
    }));
    asio::io_context context;
    asio::cancellation_signal stop;
    root.async_run(context, asio::bind_cancellation_slot(stop.slot(), [](run_result) {}));
    context.poll();
    published.get_future().wait();
    BOOST_TEST((data.find<int>("key") != nullptr));
    stop.emit(asio::cancellation_type::total);
    context.run();
    BOOST_TEST((data.find<int>("key") == nullptr));
}

BOOST_AUTO_TEST_CASE(D12_A4_and_when_the_context_is_destroyed) {
    supervisor root("app");
    dataspace const data = root.dataspace();
    root.add(worker("w", [&](process_shutdown shutdown) -> asio::awaitable<void> {
        BOOST_TEST(this_process::dataspace().publish("key", 1).has_value());
        co_await idle(std::move(shutdown));
    }));
    {
        run_of run(root);
        BOOST_TEST((data.find<int>("key") != nullptr));
    }
    BOOST_TEST((data.find<int>("key") == nullptr));
}

BOOST_AUTO_TEST_CASE(A3_two_owners_of_a_key_get_an_error) {
    result<void> second = success();
    std::uint64_t first_id = 0;
    std::uint64_t second_id = 0;
    supervisor root("app", {.start = sequential});
    root.add(worker("first", [&](process_shutdown shutdown) -> asio::awaitable<void> {
        first_id = this_process::id();
        BOOST_TEST(this_process::dataspace().publish("key", 1).has_value());
        co_await idle(std::move(shutdown));
    }));
    root.add(worker("second", [&](process_shutdown shutdown) -> asio::awaitable<void> {
        second_id = this_process::id();
        second = this_process::dataspace().publish("key", 2);
        co_await idle(std::move(shutdown));
    }));
    dataspace const data = root.dataspace();
    run_of run(root);
    BOOST_TEST_REQUIRE(second.has_error());
    BOOST_TEST((second.error().code() == errc::not_owner));
    BOOST_TEST(second.error().message() ==
               "'key' of type int belongs to process " + std::to_string(first_id) + ", process " +
                   std::to_string(second_id) + " cannot publish it: owned by another process");
    // Outside it owns as 0, which is nobody else either.
    BOOST_TEST((data.publish("key", 3).error().code() == errc::not_owner));
    BOOST_TEST(*data.find<int>("key") == 1);
    BOOST_TEST(data.publish("outside", 3).has_value());
    run.stop();
    BOOST_TEST(*data.find<int>("outside") == 3); // never swept
}

BOOST_AUTO_TEST_CASE(A7_receives_end_when_the_tree_and_its_handles_are_gone) {
    std::optional<result<change<int>>> last;
    asio::io_context context;
    {
        auto root = std::make_unique<supervisor>("app");
        root->add(worker("w", idle));
        auto seen = std::make_shared<subscription<int>>(root->dataspace().subscribe<int>());
        seen->async_receive(asio::bind_executor(
            context, [&, seen](result<change<int>> what) { last.emplace(std::move(what)); }));
        run_of run(*root);
        root.reset();
        context.poll();
        BOOST_TEST(!last.has_value()); // the run has it
        run.stop();
    }
    context.restart();
    context.run();
    BOOST_TEST_REQUIRE(last.has_value());
    BOOST_TEST((last->error().code() == errc::dataspace_gone));
}

BOOST_AUTO_TEST_CASE(C6_a_worker_may_await_the_stop_of_what_it_is_in_however_far_up) {
    answer<void> stopped;
    std::optional<supervisor_handle> of_root;
    supervisor inner("inner");
    inner.add(worker("w", [&](process_shutdown shutdown) -> asio::awaitable<void> {
        auto wait = of_root->async_stop("outer", asio::deferred);
        stopped.receive()(co_await std::move(wait)(asio::use_awaitable));
        co_await idle(std::move(shutdown));
    }));
    supervisor outer("outer");
    outer.add(std::move(inner));
    supervisor root("app");
    of_root = root.handle();
    root.add(std::move(outer));
    run_of run(root);
    BOOST_TEST(stopped.good());
    BOOST_TEST((state_of(*of_root, "outer") == child_state::stopped));
    run.stop();
    BOOST_TEST(run.result().has_value());
}
