// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_SUPPORT_POLICY_WALK_HPP
#define ARBORIST_TEST_SUPPORT_POLICY_WALK_HPP

#include "policy/machine.hpp"
#include "support/complain.hpp"
#include "support/policy_scenario.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace policy_test {

/// A machine to which anything happens that may happen, in any order, as somebody chooses. What
/// must hold in each step is checked by the scenario and by `look`; after some time everybody
/// behaves well, and then the machine must be ready, and have answered everything; or, told to
/// stop, must have ended.
class walk {
public:
    /// Yields a number that is less than the one it is given.
    using chooser = std::function<std::size_t(std::size_t)>;

    explicit walk(chooser choose) : choose_(std::move(choose)), tree_(make_tree()) {}

    void run() {
        take(tree_.begin(true));
        for (std::size_t steps = below(80); steps != 0 && !finished_; --steps)
            one_step();
        if (below(4) == 0)
            take(below(4) == 0 ? tree_.abort_all() : tree_.shutdown());
        for (int i = 0; i != 5 && below(2) == 0; ++i)
            one_step();
        behave();
        if (!finished_) {
            expect(tree_.policy().state() == supervisor_state::ready, "does not become ready");
            expect(tree_.open().empty() || full(), "has open requests");
            take(tree_.shutdown());
            behave();
        }
        expect(finished_, "does not end");
        expect(tree_.open().empty(), "has open requests at the end");
    }

    // Of all walks: that each of these did occur.
    static inline std::map<std::string, std::size_t> seen;

private:
    static void expect(bool holds, char const* what) {
        if (!holds)
            complain(what);
    }

    struct process {
        bool initialized = false;
        bool told = false; // to end, in whichever way
        bool abandoned = false;
    };

    std::size_t below(std::size_t end) { return choose_(end); }
    bool coin() { return below(2) == 0; }
    template <class T>
    T one_of(std::initializer_list<T> choice) {
        return choice.begin()[below(choice.size())];
    }

    child_rules make_rules() {
        child_rules rules{
            .restart = one_of({permanent, permanent, transient, temporary}),
            .shutdown = one_of({graceful(5s), graceful(0s), brutal, infinite}),
            .abort_grace = one_of<duration>({5s, 0s}),
            .start_timeout = below(4) == 0 ? 1s : duration::max(),
            .initializes = below(4) != 0,
            .supervisor = below(4) == 0,
            .decides = below(4) == 0,
            .retries_initialization = coin(),
            .restart_beside_abandoned = coin(),
            .once = below(8) == 0,
        };
        rules.initializes |= rules.supervisor;
        rules.significant = rules.restart != permanent && below(3) == 0;
        return rules;
    }

    child_limits make_limits() {
        return {
            .backoff = one_of<restart_backoff>({inherited_backoff, no_backoff, {.first = 100ms}}),
            .intensity = one_of<restart_intensity>({{3, 1s}, unlimited}),
        };
    }

    scenario make_tree() {
        supervisor_options options{
            .strategy = one_of({one_for_one, one_for_all, rest_for_one}),
            .intensity = one_of<restart_intensity>({{1, 5s}, {20, 1s}, unlimited}),
            .backoff = one_of<restart_backoff>({{}, {.first = 1s}}),
            .start = one_of({concurrent, sequential}),
            .shutdown = one_of({concurrent, sequential}),
            .shutdown_budget = one_of<duration>({1s, 0s, duration::max(), duration::max()}),
            .auto_shutdown =
                one_of({auto_shutdown_policy::never, any_significant, all_significant}),
            .max_dynamic_children = one_of({no_limit, std::size_t(2)}),
        };
        max_dynamic_ = options.max_dynamic_children;
        std::size_t const count = below(50) == 0 ? 200 + below(400) : below(6);
        std::vector<child_limits> limits;
        for (std::size_t i = 0; i != count; ++i) {
            rules_.push_back(make_rules());
            limits.push_back(below(3) == 0 ? make_limits() : child_limits());
        }
        return {options, rules_, limits};
    }

    bool full() const { return tree_.policy().dynamic_count() >= max_dynamic_; }

    // ---- anything that may happen

    void one_step() {
        switch (below(8)) {
        case 0:
            if (resumes_)
                resume();
            else
                time_passes();
            return;
        case 1:
            time_passes();
            return;
        case 2:
        case 3:
            ask();
            return;
        default:
            if (processes_.empty())
                return;
            auto const it = std::next(processes_.begin(),
                                      static_cast<std::ptrdiff_t>(below(processes_.size())));
            incarnation const who = it->first;
            if (!it->second.initialized && coin()) {
                it->second.initialized = true;
                take(tree_.child_ready(who.child, who.number));
            } else {
                exit(who);
            }
        }
    }

    void exit(incarnation who) {
        process const was = processes_.at(who);
        child_rules const& rules = rules_[who.child];
        ending how = one_of({ending::completed, ending::abnormal});
        if (!was.initialized && rules.initializes && (rules.supervisor || !was.told) &&
            below(3) == 0)
            how = ending::not_initialized;
        if (rules.supervisor && was.told && coin())
            how = ending::shutdown_timed_out;
        exit_decision decision = exit_decision::restart;
        if (tree_.policy().asks_about(who, how)) {
            expect(rules.decides, "asks who has no decision function");
            decision = one_of({exit_decision::restart, exit_decision::restart,
                               exit_decision::do_not_restart, exit_decision::escalate});
        }
        processes_.erase(who);
        take(tree_.child_exits(who.child, how, who.number, decision));
    }

    void ask() {
        machine const& policy = tree_.policy();
        std::size_t const what = below(8);
        if (what == 0) {
            take(tree_.await_ready());
            return;
        }
        if (what == 1 && !tree_.open().empty()) {
            auto const& open = tree_.open();
            take(tree_.withdraw(
                *std::next(open.begin(), static_cast<std::ptrdiff_t>(below(open.size())))));
            return;
        }
        if (what < 4 || children_ == 0) {
            child_rules const rules = make_rules();
            asked_.emplace(tree_.last_request() + 1, rules);
            take(coin() ? tree_.start_child_when_there_is_a_place(rules)
                        : tree_.start_child(rules, make_limits()));
            return;
        }
        auto const child = static_cast<child_index>(below(children_));
        if (policy.is_vacant(child))
            return;
        bool const by_itself = below(4) == 0;
        if (what == 4)
            take(tree_.remove_child(child));
        else if (what == 5)
            take(tree_.stop_child(child, by_itself));
        else
            take(tree_.restart_child(child, by_itself));
    }

    void resume() {
        resumes_ = false;
        take(tree_.resume());
    }

    void time_passes() {
        time_point const now = tree_.now();
        if (wake_at_ > now && coin())
            take(tree_.after(wake_at_ == never ? 10ms : wake_at_ - now));
        else
            take(tree_.after(std::chrono::milliseconds(below(2000))));
    }

    // ---- and then everything goes well, as far as the machine asks for it

    void behave() {
        for (int i = 0; i != 100'000 && !finished_; ++i) {
            auto const moves = std::ranges::find_if(processes_, [](auto const& it) {
                return !it.second.abandoned && (it.second.told || !it.second.initialized);
            });
            if (resumes_) {
                resume();
            } else if (moves != processes_.end()) {
                incarnation const who = moves->first;
                if (moves->second.told) {
                    processes_.erase(moves);
                    take(tree_.child_exits(who.child, ending::completed, who.number));
                } else {
                    moves->second.initialized = true;
                    take(tree_.child_ready(who.child, who.number));
                }
            } else if (wake_at_ != never) {
                take(tree_.after(std::max<duration>(wake_at_ - tree_.now(), 0s)));
            } else {
                return;
            }
        }
    }

    // ---- what the shell would do

    void take(actions const& what) {
        if (wake_at_ <= tree_.now())
            wake_at_ = never;
        for (action const& it : what) {
            switch (it.kind) {
            case action_kind::start:
                processes_[it.who] = {.initialized = !rules_[it.who.child].initializes};
                break;
            case action_kind::signal:
            case action_kind::abort:
                processes_.at(it.who).told = true;
                break;
            case action_kind::abandon:
                processes_.at(it.who).abandoned = true;
                break;
            case action_kind::wake_at:
                wake_at_ = it.at;
                break;
            case action_kind::resume:
                expect(!resumes_, "is to be resumed already");
                resumes_ = true;
                break;
            case action_kind::admit:
                rules_.resize(std::max<std::size_t>(rules_.size(), it.who.child + 1));
                rules_[it.who.child] = asked_.at(it.request);
                break;
            case action_kind::finish:
                finished_ = true;
                break;
            default:
                break;
            }
            ++seen[what_it_is(it)];
        }
        children_ = rules_.size();
        look();
    }

    // Whoever it concerns.
    static std::string what_it_is(action const& it) {
        std::ostringstream stream;
        if (it.kind == action_kind::wake_at)
            stream << "wake at";
        else
            stream << action{.kind = it.kind, .what = it.what, .code = it.code};
        return stream.str();
    }

    void look() {
        machine const& policy = tree_.policy();
        expect(policy.dynamic_count() <= max_dynamic_, "has too many children");
        std::vector<bool> lives(children_);
        for (auto const& [who, it] : processes_)
            if (!it.abandoned)
                lives[who.child] = true;
        bool const ready = policy.state() == supervisor_state::ready;
        for (child_index i = 0; i != children_; ++i) {
            child_state const state = policy.state(i);
            bool const expected = state == child_state::starting || state == child_state::running ||
                                  state == child_state::stopping || state == child_state::aborting;
            if (lives[i] != expected)
                complain("child " + std::to_string(i) + " is " + to_string(state));
            if (policy.is_vacant(i))
                continue;
            if (ready && (state == child_state::not_started || state == child_state::starting ||
                          state == child_state::waiting))
                complain("ready, though child " + std::to_string(i) + " is " + to_string(state));
        }
    }

    chooser choose_;
    std::vector<child_rules> rules_;
    std::size_t max_dynamic_ = 0;
    scenario tree_;

    std::map<request_id, child_rules> asked_;
    std::size_t children_ = 0;
    std::map<incarnation, process> processes_;
    time_point wake_at_ = never;
    bool resumes_ = false;
    bool finished_ = false;
};

} // namespace policy_test

#endif // ARBORIST_TEST_SUPPORT_POLICY_WALK_HPP
