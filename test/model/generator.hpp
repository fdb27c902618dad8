// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_MODEL_GENERATOR_HPP
#define ARBORIST_TEST_MODEL_GENERATOR_HPP

#include "history.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <random>

namespace model_test {

using namespace std::chrono_literals;

// Declares anything that may be declared, and lets happen anything that may happen. There are few
// different times, so that much happens at the same one.
class generator {
public:
    explicit generator(std::uint64_t seed) : random_(seed) {}

    history declare() {
        history it;
        supervisor_options& options = it.options;
        options.strategy = one_of({one_for_one, one_for_all, rest_for_one});
        options.intensity = one_of<restart_intensity>(
            {{1, 5s}, {3, 1s}, {20, 1s}, {0, 5s}, {2, 500ms}, unlimited, unlimited});
        options.backoff = make_backoff();
        options.start = one_of({concurrent, sequential});
        options.shutdown = one_of({concurrent, sequential});
        options.shutdown_budget =
            one_of<duration>({1s, 0s, 6s, duration::max(), duration::max(), duration::max()});
        auto_shutdown_ = one_of({auto_shutdown_policy::never, any_significant, all_significant});
        options.auto_shutdown = auto_shutdown_;
        options.max_dynamic_children = one_of({no_limit, std::size_t(2), std::size_t(0)});
        // More than one step starts or stops, now and then.
        bool const many = below(80) == 0;
        std::size_t const count = many ? 200 + below(400) : below(6);
        bool const alike = many && coin(); // much happens at once then
        for (std::size_t i = 0; i != count; ++i) {
            if (alike && i != 0) {
                it.children.push_back(it.children.front());
                continue;
            }
            child_rules const rules = make_rules(false);
            it.children.push_back({rules, make_limits(rules)});
        }
        return it;
    }

    std::size_t length() { return 1 + below(200); }

    step next(world const& now) {
        if (!now.model().has_begun() && !now.model().is_over())
            return {below(100) != 0 ? event::any(event::begin{.idles = below(4) != 0})
                                    : event::shutdown_requested{}};
        duration const after = below(4) == 0 ? some_time(now) : 0s;
        if (now.model().owes_more() && below(3) == 0)
            return {event::resume{}, after};
        switch (below(16)) {
        case 0:
        case 1:
        case 2:
            return {event::time_passed{}, some_time(now)};
        case 3:
        case 4:
        case 5:
        case 6:
            return {request(now), after};
        case 7:
            return {rare(now), after};
        default:
            return {news(now), after};
        }
    }

private:
    std::size_t below(std::size_t end) { return random_() % end; }
    bool coin() { return below(2) == 0; }
    template <class T>
    T one_of(std::initializer_list<T> choice) {
        return choice.begin()[below(choice.size())];
    }
    template <class Range>
    auto const& any_of(Range const& range) {
        return *std::next(range.begin(), static_cast<std::ptrdiff_t>(below(range.size())));
    }

    // ---- declarations: what the rules refuse (R10, R13) cannot be declared

    restart_backoff make_backoff() {
        return one_of<restart_backoff>(
            {{},
             {},
             {.first = 1s, .healthy = 5s},
             {.first = 100ms, .multiplier = 1.5, .jitter = 0.5},
             {.first = 1s, .most = 2s, .jitter = 1, .healthy = 1s},
             {.first = 1s, .multiplier = 1, .jitter = 0, .healthy = 0s}});
    }

    child_limits make_limits(child_rules const& rules) {
        if (rules.restart == temporary || below(3) != 0)
            return {};
        return {.backoff = coin() ? inherited_backoff : make_backoff(),
                .intensity = one_of<restart_intensity>({{1, 5s}, {3, 1s}, {0, 1s}, unlimited})};
    }

    child_rules make_rules(bool guest) {
        bool const supervisor = below(4) == 0;
        child_rules rules{
            .restart = one_of({permanent, permanent, transient, temporary}),
            .shutdown = one_of({graceful(5s), graceful(1s), graceful(0s), brutal, infinite,
                                graceful(duration::max())}),
            .abort_grace = one_of<duration>({5s, 1s, 0s, duration::max()}),
            .start_timeout = one_of<duration>({1s, 5s, duration::max(), duration::max()}),
            .initializes = supervisor || below(4) != 0,
            .supervisor = supervisor,
            .decides = below(4) == 0,
            .retries_initialization = coin(),
            .restart_beside_abandoned = coin(),
        };
        if (guest && below(4) == 0) {
            rules.once = true;
            rules.restart = temporary;
        }
        if (rules.restart == temporary)
            rules.decides = rules.retries_initialization = false;
        rules.significant = rules.restart != permanent && below(3) == 0 &&
                            auto_shutdown_ != auto_shutdown_policy::never;
        return rules;
    }

    // ---- events

    // To what the supervisor waits for, and not quite; and anything else.
    duration some_time(world const& now) {
        if (now.alarm() != never && now.alarm() >= now.now() && below(4) != 0) {
            duration const left = now.alarm() - now.now();
            return below(4) != 0 || left == 0s ? left : below(2) == 0 ? left + 1ns : left - 1ns;
        }
        return one_of<duration>({0s, 1ms, 500ms, 1s, 2s, 5s});
    }

    event::any news(world const& now) {
        auto const& processes = now.processes();
        if (processes.empty())
            return event::time_passed{};
        auto const& [who, it] = any_of(processes);
        if (it.rules.initializes && !it.ready && below(3) != 0)
            return event::child_ready{who};
        // Who is told to end usually does, and who is not seldom.
        child_state const state = now.model().kids().at(who.child).state;
        if (state == child_state::running && below(3) == 0)
            return request(now);
        event::child_exited exit{who, one_of({ending::completed, ending::abnormal})};
        if (it.rules.initializes && !it.ready && below(3) == 0)
            exit.how = ending::not_initialized;
        if (it.rules.supervisor && it.signalled && coin())
            exit.how = ending::shutdown_timed_out;
        if (now.model().asks_about(who, exit.how))
            exit.decision = one_of({exit_decision::restart, exit_decision::restart,
                                    exit_decision::do_not_restart, exit_decision::escalate});
        return exit;
    }

    event::any request(world const& now) {
        request_id const id = now.last_request() + 1;
        std::size_t const what = below(16);
        if (what == 0)
            return event::ready_awaited{id};
        if (what == 1 && !now.open().empty())
            return event::request_withdrawn{any_of(now.open())};
        child_index place = 0;
        auto const& kids = now.model().kids();
        if (!kids.empty())
            place = any_of(kids).first;
        if (what < 5 || kids.empty() || kids.at(place).gone) {
            if (kids.size() > 12 && below(8) != 0)
                return event::time_passed{};
            child_rules const rules = make_rules(true);
            return event::start_requested{id, rules, make_limits(rules), coin()};
        }
        bool const by_itself = below(4) == 0;
        if (what < 8)
            return event::remove_requested{id, place};
        if (what < 12)
            return event::stop_requested{id, place, by_itself};
        return event::restart_requested{id, place, by_itself};
    }

    event::any rare(world const& now) {
        switch (below(16)) {
        case 0:
            return below(3) == 0 ? event::any(event::abort_requested{})
                                 : event::shutdown_requested{};
        case 1:
            if (below(4) == 0)
                return event::runtime_panicked{};
            [[fallthrough]];
        default: // the same news once more, too late, or about nobody any more
            auto const& kids = now.model().kids();
            if (kids.empty())
                return event::time_passed{};
            auto const& [place, it] = any_of(kids);
            std::uint32_t const number = it.number - (it.number > 1 && below(4) == 0 ? 1 : 0);
            if (it.rules.supervisor && below(3) != 0)
                return event::stall{{place, number}, below(3) == 0};
            return event::child_ready{{place, number}};
        }
    }

    std::mt19937_64 random_;
    auto_shutdown_policy auto_shutdown_{};
};

} // namespace model_test

#endif // ARBORIST_TEST_MODEL_GENERATOR_HPP
