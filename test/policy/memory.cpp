// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE policy_memory
#include "policy/machine.hpp"
#include "policy/restart_history.hpp"
#include "support/failing_memory.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <new>
#include <random>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace arborist;
using namespace arborist::policy;
using namespace std::chrono_literals;

// Two machines live through the same: one of them has enough memory, for the other one every
// allocation fails at first. They must decide the same.

namespace {

class twins {
public:
    explicit twins(supervisor_options const& options, std::vector<child_rules> const& declared)
        : rich_(options, [] { return 0.5; }), poor_(options, [] { return 0.5; }) {
        for (child_rules const& each : declared) {
            rich_.add(each);
            poor_.add(each);
        }
    }

    std::vector<action> step(policy::event::any const& what) {
        auto const expected = rich_.step(what, now_);
        std::vector<action> const wanted(expected.begin(), expected.end());
        for (std::size_t k = 1;; ++k) {
            failing_memory::fail(k);
            try {
                failing_memory::armed const here;
                auto const got = poor_.step(what, now_);
                failing_memory::disarmed const done;
                allocations += failing_memory::seen();
                BOOST_TEST((std::vector<action>(got.begin(), got.end()) == wanted));
                return wanted;
            } catch (std::bad_alloc const&) {
                BOOST_TEST_REQUIRE(failing_memory::failed() == 1u);
                ++failures;
            }
        }
    }
    void after(duration time) { now_ += time; }

    [[nodiscard]] machine const& policy() const { return poor_; }

    /// Those of the steps that succeeded, and how many failed.
    std::size_t allocations = 0;
    std::size_t failures = 0;

private:
    machine rich_;
    machine poor_;
    time_point now_{};
};

// Anything that may happen.
class walk {
public:
    explicit walk(std::uint32_t seed)
        : random_(seed), twins_({.strategy = pick({one_for_one, one_for_all, rest_for_one}),
                                 .intensity = {4, 2s},
                                 .backoff = {.first = 1s, .most = 8s},
                                 .shutdown_budget = 20s,
                                 .max_dynamic_children = 4},
                                declared()) {}

    void run() {
        take(twins_.step(policy::event::begin{.idles = true}));
        for (int i = 0; i != 120 && !finished_; ++i)
            one_step();
        std::size_t const before = twins_.allocations;
        if (!finished_)
            take(twins_.step(policy::event::shutdown_requested{}));
        for (int i = 0; i != 20 && !finished_; ++i)
            happen();
        if (!finished_)
            take(twins_.step(policy::event::abort_requested{}));
        while (!finished_)
            happen();
        BOOST_TEST(twins_.allocations == before);
        failures += twins_.failures;
    }

    static inline std::size_t failures = 0;

private:
    static std::vector<child_rules> declared() {
        return {{},
                {.restart = transient, .start_timeout = 3s, .retries_initialization = true},
                {.abort_grace = 1s, .restart_beside_abandoned = true},
                {.shutdown = infinite, .supervisor = true},
                {.restart = temporary}};
    }

    std::size_t below(std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
    }
    template <class T>
    T pick(std::initializer_list<T> from) {
        return from.begin()[below(from.size())];
    }

    void one_step() {
        if (below(2) == 0)
            happen();
        else
            ask();
    }

    void ask() {
        request_id const id = ++last_request_;
        std::size_t const before = twins_.policy().declared_count() + 4;
        auto const child = static_cast<child_index>(below(std::min(before, known_)));
        if (child >= 5 && twins_.policy().is_vacant(child))
            return;
        switch (below(5)) {
        case 0:
            take(twins_.step(policy::event::start_requested{
                id,
                {.restart = temporary},
                below(2) == 0 ? child_limits{.intensity = {1, 1s}} : child_limits{},
                below(2) == 0}));
            return;
        case 1:
            take(twins_.step(policy::event::stop_requested{id, child}));
            return;
        case 2:
            take(twins_.step(policy::event::restart_requested{id, child}));
            return;
        case 3:
            take(twins_.step(policy::event::ready_awaited{id}));
            return;
        default:
            take(twins_.step(policy::event::request_withdrawn{below(last_request_)}));
        }
    }

    // What needs no memory.
    void happen() {
        std::size_t const before = twins_.allocations;
        if (below(3) == 0 || alive_.empty()) {
            twins_.after(1s);
            take(twins_.step(policy::event::time_passed{}));
        } else {
            std::size_t const which = below(alive_.size());
            incarnation const who = alive_[which];
            if (below(3) == 0) {
                take(twins_.step(policy::event::child_ready{who}));
            } else {
                alive_.erase(alive_.begin() + static_cast<std::ptrdiff_t>(which));
                take(twins_.step(policy::event::child_exited{
                    who, pick({ending::completed, ending::abnormal, ending::not_initialized})}));
            }
        }
        BOOST_TEST(twins_.allocations == before);
    }

    void take(std::vector<action> const& actions) {
        for (action const& each : actions) {
            if (each.kind == action_kind::start)
                alive_.push_back(each.who);
            else if (each.kind == action_kind::admit)
                known_ = std::max<std::size_t>(known_, each.who.child + 1);
            else if (each.kind == action_kind::resume)
                BOOST_FAIL("so few children fit into one step");
            else if (each.kind == action_kind::finish)
                finished_ = true;
        }
    }

    std::mt19937 random_;
    twins twins_;
    std::vector<incarnation> alive_;
    std::size_t known_ = 5;
    request_id last_request_ = 0;
    bool finished_ = false;
};

} // namespace

BOOST_AUTO_TEST_CASE(M2_a_step_that_fails_has_changed_nothing) {
    for (std::uint32_t seed = 0; seed != 300; ++seed)
        walk(seed).run();
    BOOST_TEST(walk::failures > 3000u);
}

BOOST_AUTO_TEST_CASE(M2_declaring_a_child_that_fails_has_changed_nothing) {
    machine policy({.auto_shutdown = all_significant});
    std::size_t failures = 0;
    for (child_index i = 0; i != 100; ++i) {
        for (std::size_t k = 1;; ++k) {
            failing_memory::fail(k);
            try {
                failing_memory::armed const here;
                child_rules const rules{.restart = temporary, .significant = true};
                BOOST_TEST_REQUIRE(policy.add(rules, {.intensity = {1, 1s}}) == i);
                break;
            } catch (std::bad_alloc const&) {
                ++failures;
            }
        }
    }
    BOOST_TEST(failures >= 100u);
    std::size_t starts = 0;
    for (action const& each : policy.step(policy::event::begin{}, time_point()))
        starts += each.kind == action_kind::start ? 1 : 0;
    BOOST_TEST(starts == 100u);
    for (child_index i = 0; i != 100; ++i) {
        BOOST_TEST((policy.state() == supervisor_state::starting));
        policy.step(policy::event::child_exited{{i, 1}, ending::completed}, time_point());
    }
    BOOST_TEST((policy.state() == supervisor_state::not_running)); // R10: there are no others
}

BOOST_AUTO_TEST_CASE(M2_a_start_that_is_refused_needs_no_memory) {
    machine policy({.max_dynamic_children = 0});
    policy.add({});
    policy.step(policy::event::begin{}, time_point());
    policy.step(policy::event::shutdown_requested{}, time_point());
    policy::event::any const start =
        policy::event::start_requested{1, {}, {.intensity = {1, 1s}}, true};
    failing_memory::fail(1);
    std::span<action const> actions;
    {
        failing_memory::armed const here;
        actions = policy.step(start, time_point());
    }
    BOOST_TEST(failing_memory::seen() == 0u);
    BOOST_TEST_REQUIRE(actions.size() == 1u);
    BOOST_TEST(actions[0] == action::answer(1, errc::not_running));
}

// Whatever they wait for.
BOOST_AUTO_TEST_CASE(M2_there_is_room_for_the_answers_to_all_who_wait) {
    auto const asked = [](request_id id) {
        return std::array<policy::event::any, 4>{
            policy::event::start_requested{id, {}, {}, true},
            policy::event::stop_requested{id, 0},
            policy::event::restart_requested{id, 0},
            policy::event::ready_awaited{id},
        };
    };
    for (std::size_t what = 0; what != asked(0).size(); ++what) {
        machine policy({.max_dynamic_children = 0});
        policy.add({});
        policy.step(policy::event::begin{}, time_point());
        for (request_id id = 0; id != 1000; ++id)
            policy.step(asked(id)[what], time_point());
        std::array<policy::event::any, 2> const rest{
            policy::event::shutdown_requested{},
            policy::event::child_exited{{0, 1}, ending::completed}};
        std::size_t answers = 0;
        failing_memory::fail(1);
        for (policy::event::any const& each : rest) {
            failing_memory::armed const here;
            for (action const& it : policy.step(each, time_point()))
                answers += it.kind == action_kind::answer ? 1 : 0;
        }
        BOOST_TEST(failing_memory::seen() == 0u);
        BOOST_TEST(answers == 1000u);
    }
}

BOOST_AUTO_TEST_CASE(M4_a_restart_that_cannot_be_recorded_is_not_counted) {
    restart_history history({.restarts = 6, .period = 1h});
    for (std::size_t i = 1; i != 5; ++i) {
        BOOST_TEST(history.allows(time_point(1s)));
        history.record(time_point(1s));
        BOOST_TEST(history.size() == i);
    }
    failing_memory::fail(1, 1000);
    for (int i = 0; i != 10; ++i) {
        failing_memory::armed const here;
        BOOST_TEST(history.allows(time_point(2s)));
        history.record(time_point(2s));
    }
    BOOST_TEST(history.size() == 4u);
    BOOST_TEST(history.size(time_point(1h + 1s)) == 1u); // the newest
    history.record(time_point(3s));
    history.record(time_point(3s));
    BOOST_TEST(history.size() == 6u);
    BOOST_TEST(!history.allows(time_point(3s)));
}

BOOST_AUTO_TEST_CASE(M4_random_numbers_that_fail_make_a_delay_without_jitter) {
    machine policy({.intensity = unlimited, .backoff = {.first = 4s, .most = 4s, .jitter = 0.5}},
                   []() -> double { throw std::runtime_error("no entropy"); });
    policy.add({});
    policy.step(policy::event::begin{}, time_point());
    policy.step(policy::event::child_ready{{0, 1}}, time_point());
    auto const actions =
        policy.step(policy::event::child_exited{{0, 1}, ending::abnormal}, time_point());
    BOOST_TEST(actions.back() == action::wake_at(time_point(4s)));
}
