// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE testing_random_trees
#include <arborist/testing.hpp>

#include "support/tree.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <cstdlib>
#include <initializer_list>
#include <iostream>
#include <set>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

// Trees of any shape and with any options, whose workers do this and that, while clients ask for
// children to be started, stopped, restarted and removed, and faults are injected; what must hold
// is checked after every step.
//
//   ARBORIST_SEED=17 ARBORIST_RUNS=100000 testing.random_trees

namespace {

std::uint64_t from_environment(char const* name, std::uint64_t otherwise) {
    char const* const given = std::getenv(name);
    return given != nullptr ? std::strtoull(given, nullptr, 10) : otherwise;
}

class grower {
public:
    explicit grower(testing::simulation& world) : world_(&world) {}

    supervisor tree(std::string name, int depth) {
        supervisor it(std::move(name), options());
        for (std::size_t i = 0, count = 1 + below(4); i != count; ++i) {
            bool const nested = depth != 0 && below(3) == 0;
            std::string child = std::string(nested ? "s" : "w") + std::to_string(i);
            if (nested)
                it.add(tree(std::move(child), depth - 1),
                       child_options_of(it.options(), true, below(4) == 0));
            else
                it.add(some_worker(std::move(child)), child_options_of(it.options(), false, false));
        }
        return it;
    }

    child_specification some_worker(std::string name) {
        duration const time = milliseconds(20'000);
        switch (below(5)) {
        case 0:
            return worker(std::move(name), wait_for_shutdown);
        case 1:
            return worker(std::move(name), [time](process_shutdown shutdown) {
                return tick(std::move(shutdown), time);
            });
        case 2: // ends by itself
            return worker(std::move(name), [time] { return sleep(time); });
        case 3:
            return worker(std::move(name), [time](process_shutdown shutdown) {
                return initialize(std::move(shutdown), time);
            });
        default: // an operation
            return worker(std::move(name), [time, world = world_] {
                return asio::co_spawn(world->get_executor(), sleep(time), asio::deferred);
            });
        }
    }

    static asio::awaitable<void> wait_for_shutdown(process_shutdown shutdown) {
        auto stopped = shutdown.async_wait(asio::deferred);
        co_await std::move(stopped);
    }
    static asio::awaitable<void> sleep(duration time) {
        asio::steady_timer timer(co_await asio::this_coro::executor, time);
        auto waiting = timer.async_wait(asio::deferred);
        co_await std::move(waiting);
    }
    static asio::awaitable<void> tick(process_shutdown shutdown, duration time) {
        asio::steady_timer timer(co_await asio::this_coro::executor);
        while (!shutdown.requested()) {
            timer.expires_after(time / 10);
            auto ticked = shutdown.until(timer.async_wait(asio::deferred));
            auto const ended = co_await std::move(ticked);
            static_cast<void>(ended);
        }
    }
    static asio::awaitable<result<void>> run_phase(process_shutdown shutdown) {
        auto waiting = wait_for_shutdown(std::move(shutdown));
        co_await std::move(waiting);
        co_return success();
    }
    static asio::awaitable<initialization> initialize(process_shutdown shutdown, duration time) {
        auto sleeping = sleep(time / 20);
        co_await std::move(sleeping);
        co_return run_phase(std::move(shutdown));
    }

    child_options child_options_of(supervisor_options const& above, bool nested, bool in_time) {
        child_options it;
        it.restart = one_of({permanent, permanent, transient, temporary});
        it.shutdown =
            one_of({graceful(5s), graceful(0s), brutal, nested ? infinite : graceful(1s)});
        it.significant = above.auto_shutdown != auto_shutdown_policy::never &&
                         it.restart != permanent && below(2) == 0;
        if (in_time || below(6) == 0)
            it.start_timeout = 1500ms;
        if (it.restart == temporary)
            return it;
        if (below(3) == 0)
            it.backoff = {.first = 100ms, .most = 5s, .jitter = 0.5};
        if (below(6) == 0)
            it.intensity = {3, 20s};
        it.failed_initialization =
            one_of({initialization_failure::restart, initialization_failure::escalate});
        it.restart_beside_abandoned = below(2) == 0;
        if (below(8) == 0)
            it.decide = [world = world_](exit_reason const& /*exit*/) {
                return world->below(10) == 0 ? exit_decision::do_not_restart
                                             : exit_decision::restart;
            };
        return it;
    }

private:
    std::uint64_t below(std::uint64_t end) { return world_->below(end); }
    duration milliseconds(std::uint64_t most) { return std::chrono::milliseconds(1 + below(most)); }
    template <class T>
    T one_of(std::initializer_list<T> choice) {
        return choice.begin()[below(choice.size())];
    }

    supervisor_options options() {
        return {
            .strategy = one_of({one_for_one, one_for_all, rest_for_one}),
            .intensity = one_of<restart_intensity>({{1, 5s}, {5, 10s}, {50, 10s}, unlimited}),
            .backoff = one_of<restart_backoff>({{}, {.first = 500ms, .most = 10s}}),
            .start = one_of({concurrent, sequential}),
            .shutdown = one_of({concurrent, sequential}),
            .shutdown_budget =
                one_of<duration>({2s, duration::max(), duration::max(), duration::max()}),
            .abort_grace = one_of<duration>({5s, 5s, 1s, 0s}),
            .auto_shutdown = one_of({auto_shutdown_policy::never, auto_shutdown_policy::never,
                                     any_significant, all_significant}),
            .max_dynamic_children = one_of({no_limit, std::size_t(3)}),
            .runtime = {},
        };
    }

    testing::simulation* world_;
};

// What clients do meanwhile. Whatever they are told: the answer comes.
class client {
public:
    client(testing::simulation& world, testing::trial& tree)
        : world_(&world), requests_(tree.handle()) {}

    void start() {
        asio::co_spawn(world_->get_executor(), ask(*world_, requests_), asio::detached);
    }

private:
    static asio::awaitable<void> ask(testing::simulation& world, supervisor_handle requests) {
        asio::steady_timer timer(world.get_executor());
        for (std::size_t i = 0; i != 30; ++i) {
            timer.expires_after(std::chrono::milliseconds(world.below(3000)));
            auto waiting = timer.async_wait(asio::deferred);
            co_await std::move(waiting);
            auto const nodes = requests.snapshot().nodes;
            child_id const child = nodes[world.below(nodes.size())].id;
            auto const whom = child == child_id() ? child_ref("w0") : child_ref(child);
            auto asking = ask_once(world, requests, whom, world.below(5), i);
            co_await std::move(asking);
        }
    }

    static asio::awaitable<void> ask_once(testing::simulation& world, supervisor_handle requests,
                                          child_ref whom, std::uint64_t what, std::size_t number) {
        if (what == 0) {
            auto asked = requests.async_stop(whom, asio::deferred);
            auto const answer = co_await std::move(asked);
            note("stop", answer);
        } else if (what == 1) {
            auto asked = requests.async_restart(whom, asio::deferred);
            auto const answer = co_await std::move(asked);
            note("restart", answer);
        } else if (what == 2) {
            auto asked = requests.async_remove(whom, asio::deferred);
            auto const answer = co_await std::move(asked);
            note("remove", answer);
        } else {
            grower from(world);
            auto child = from.some_worker("d" + std::to_string(number))
                             .with(from.child_options_of({}, false, false));
            auto asked = requests.async_start(std::move(child), asio::deferred);
            auto const answer = co_await std::move(asked);
            note("start", answer);
        }
    }

    template <class T>
    static void note(std::string const& what, result<T> const& answer) {
        ++answers[what + ": " + (answer ? std::string("well") : answer.error().code().message())];
    }

    testing::simulation* world_;
    supervisor_handle requests_;

public:
    static inline std::map<std::string, std::size_t> answers;
};

} // namespace

BOOST_AUTO_TEST_CASE(whatever_happens_to_them) {
    auto const found =
        testing::explore([](testing::simulation& world) { return grower(world).tree("root", 2); },
                         {.seed = from_environment("ARBORIST_SEED", 0),
                          .runs = from_environment("ARBORIST_RUNS", 300),
                          .also = [](testing::simulation& world, testing::trial& tree) {
                              client(world, tree).start();
                          }});
    std::cout << found << '\n';
    for (auto const& [answer, times] : client::answers)
        BOOST_TEST_MESSAGE(answer << ", " << times << " times");
    BOOST_TEST(found.good());
}
