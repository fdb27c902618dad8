// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_MODEL_SHRINK_HPP
#define ARBORIST_TEST_MODEL_SHRINK_HPP

#include "history.hpp"

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <map>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

// Makes a history in which policy and model differ as short and plain as it gets.
namespace model_test {

// What is left of a history when everything has been dropped that could not happen, and what comes
// after the first difference.
inline std::optional<history> failing_part(history const& it, flaw planted) {
    world both(it, planted);
    history part{it.options, it.children, {}};
    std::map<request_id, request_id> renumbered;
    duration skipped{};
    for (step next : it.steps) {
        bool known = true;
        std::visit(
            [&](auto& what) {
                using type = std::decay_t<decltype(what)>;
                if constexpr (std::same_as<type, event::request_withdrawn>) {
                    auto const made = renumbered.find(what.request);
                    known = made != renumbered.end();
                    what.request = known ? made->second : 0;
                } else if constexpr (requires { what.who; }) {
                    auto const kid = both.model().kids().find(what.who.child);
                    known = kid != both.model().kids().end() && next.age < kid->second.number;
                    what.who.number = known ? kid->second.number - next.age : 0;
                } else if constexpr (requires { what.request; }) {
                    request_id const number = both.last_request() + 1;
                    renumbered[what.request] = number;
                    what.request = number;
                }
            },
            next.what);
        next.after += skipped;
        if (!known || !both.is_legal(next.what)) {
            skipped = next.after;
            continue;
        }
        skipped = {};
        part.steps.push_back(next);
        if (both.take(next))
            return part;
    }
    return std::nullopt;
}

class shrinker {
public:
    shrinker(history const& failing, flaw planted)
        : best_(failing_part(failing, planted).value()), flaw_(planted) {}

    history run() {
        for (bool better = true; better;) {
            better = drop_steps();
            better |= drop_pairs();
            better |= declare_guest();
            better |= drop_children();
            better |= tell_of_fewer();
            better |= simplify();
        }
        return best_;
    }

private:
    // Whether it fails too; then it is the best so far.
    bool holds(history const& candidate) {
        auto part = failing_part(candidate, flaw_);
        if (!part)
            return false;
        best_ = std::move(*part);
        return true;
    }

    // Delta debugging: large pieces first.
    bool drop_steps() {
        bool better = false;
        for (std::size_t piece = best_.steps.size(); piece != 0; piece /= 2) {
            for (std::size_t from = 0; from < best_.steps.size();) {
                history less = best_;
                auto const first = less.steps.begin() + static_cast<std::ptrdiff_t>(from);
                auto const size = std::min(piece, less.steps.size() - from);
                duration time{}; // goes on
                for (auto it = first; it != first + static_cast<std::ptrdiff_t>(size); ++it)
                    time += it->after;
                auto const next =
                    less.steps.erase(first, first + static_cast<std::ptrdiff_t>(size));
                history without_time = less;
                if (next != less.steps.end())
                    next->after += time;
                if (holds(without_time) || holds(less))
                    better = true;
                else
                    from += size;
            }
        }
        return better;
    }

    // What goes only together, as a stop and the restart after it.
    bool drop_pairs() {
        for (std::size_t second = 1; second < best_.steps.size() && best_.steps.size() < 30;
             ++second)
            for (std::size_t first = 0; first != second; ++first) {
                history less = best_;
                less.steps.erase(less.steps.begin() + static_cast<std::ptrdiff_t>(second));
                less.steps.erase(less.steps.begin() + static_cast<std::ptrdiff_t>(first));
                if (holds(less))
                    return true;
            }
        return false;
    }

    // The first one, whose place is that of a child that would be declared last.
    bool declare_guest() {
        auto const guest = std::ranges::find_if(best_.steps, [](step const& it) {
            return std::holds_alternative<event::start_requested>(it.what);
        });
        if (guest == best_.steps.end())
            return false;
        history less = best_;
        auto const& start = std::get<event::start_requested>(guest->what);
        less.children.push_back({start.rules, start.limits});
        less.children.back().rules.once = false;
        less.steps.erase(less.steps.begin() + (guest - best_.steps.begin()));
        return holds(less);
    }

    // What happens to one child happens to one before it instead.
    bool tell_of_fewer() {
        bool better = false;
        for (std::size_t i = 0; i < best_.steps.size(); ++i) {
            child_index const* const place = place_in(best_.steps[i].what);
            child_index const from = place == nullptr ? 0 : *place;
            for (child_index to = 0; to < from; ++to) {
                history candidate = best_;
                for (step& it : candidate.steps)
                    if (child_index* const its = place_in(it.what); its != nullptr && *its == from)
                        *its = to;
                if (holds(candidate)) {
                    better = true;
                    break;
                }
            }
        }
        return better;
    }

    bool drop_children() {
        bool better = false;
        for (std::size_t piece = best_.children.size(); piece != 0; piece /= 2)
            for (std::size_t from = 0; from < best_.children.size();) {
                std::size_t const size = std::min(piece, best_.children.size() - from);
                if (holds(without_children(from, size)))
                    better = true;
                else
                    from += size;
            }
        return better;
    }

    // The places behind them move up.
    [[nodiscard]] history without_children(std::size_t from, std::size_t size) const {
        history less{best_.options, best_.children, {}};
        auto const first = less.children.begin() + static_cast<std::ptrdiff_t>(from);
        less.children.erase(first, first + static_cast<std::ptrdiff_t>(size));
        for (step next : best_.steps) {
            child_index* const place = place_in(next.what);
            if (place != nullptr && *place >= from) {
                if (*place < from + size)
                    continue;
                *place -= static_cast<child_index>(size);
            }
            less.steps.push_back(next);
        }
        return less;
    }

    static child_index* place_in(event::any& what) {
        return std::visit(
            [](auto& it) -> child_index* {
                if constexpr (requires { it.who; })
                    return &it.who.child;
                else if constexpr (requires { it.child; })
                    return &it.child;
                else
                    return nullptr;
            },
            what);
    }

    // ---- what is not the default

    bool simplify() {
        bool better = false;
        supervisor_options const plain{};
        auto const option = [&](auto member) {
            better |= become([&](history& it) { return &(it.options.*member); }, {plain.*member});
        };
        option(&supervisor_options::strategy);
        option(&supervisor_options::intensity);
        option(&supervisor_options::backoff);
        option(&supervisor_options::start);
        option(&supervisor_options::shutdown);
        option(&supervisor_options::shutdown_budget);
        option(&supervisor_options::auto_shutdown);
        option(&supervisor_options::max_dynamic_children);
        for (std::size_t i = 0; i != best_.children.size(); ++i)
            better |= simplify([i](history& it) { return &it.children[i]; });
        for (std::size_t i = 0; i < best_.steps.size(); ++i)
            better |= simplify_step(i);
        return better;
    }

    template <class Child>
    bool simplify(Child child) {
        bool better = false;
        auto const rule = [&](auto member, auto value) {
            auto const find = [&](history& it) {
                auto* const found = child(it);
                return found == nullptr ? nullptr : &(found->rules.*member);
            };
            better |= become(find, {value});
        };
        child_rules const plain{};
        rule(&child_rules::restart, plain.restart);
        rule(&child_rules::shutdown, plain.shutdown);
        rule(&child_rules::abort_grace, plain.abort_grace);
        rule(&child_rules::start_timeout, plain.start_timeout);
        rule(&child_rules::supervisor, false);
        rule(&child_rules::significant, false);
        rule(&child_rules::decides, false);
        rule(&child_rules::retries_initialization, false);
        rule(&child_rules::restart_beside_abandoned, false);
        rule(&child_rules::once, false);
        rule(&child_rules::initializes, false); // no news of it is needed
        auto const limit = [&](auto member, auto value) {
            auto const find = [&](history& it) {
                auto* const found = child(it);
                return found == nullptr ? nullptr : &(found->limits.*member);
            };
            better |= become(find, {value});
        };
        limit(&child_limits::backoff, inherited_backoff);
        limit(&child_limits::intensity, unlimited);
        return better;
    }

    // What is in a step may get another place meanwhile, since there may be fewer.
    bool simplify_step(std::size_t i) {
        using namespace std::chrono_literals;
        bool better =
            become([i](history& it) { return i < it.steps.size() ? &it.steps[i].after : nullptr; },
                   {duration(0), duration(1s), duration(5s), best_.steps[i].after / 2});
        better |= simplify([i](history& it) { return event_at<event::start_requested>(it, i); });
        better |= plainer(i, &event::start_requested::waits, false);
        better |= plainer(i, &event::stop_requested::by_itself, false);
        better |= plainer(i, &event::restart_requested::by_itself, false);
        better |= plainer(i, &event::child_exited::how, ending::abnormal);
        better |= plainer(i, &event::child_exited::decision, exit_decision::restart);
        better |= plainer(i, &event::begin::idles, false);
        return better;
    }

    template <class Event>
    static Event* event_at(history& it, std::size_t i) {
        return i < it.steps.size() ? std::get_if<Event>(&it.steps[i].what) : nullptr;
    }

    template <class Event, class T>
    bool plainer(std::size_t i, T Event::*member, T plain) {
        return become(
            [&](history& it) {
                Event* const found = event_at<Event>(it, i);
                return found == nullptr ? nullptr : &(found->*member);
            },
            {plain});
    }

    // The first of these that will do.
    template <class Find, class T>
    bool become(Find find, std::initializer_list<T> plainer) {
        for (T const& value : plainer) {
            history candidate = best_;
            T* const found = find(candidate);
            if (found == nullptr || *found == value)
                return false;
            *found = value;
            if (holds(candidate))
                return true;
        }
        return false;
    }

    history best_;
    flaw flaw_;
};

inline history shrink(history const& failing, flaw planted = flaw::none) {
    return shrinker(failing, planted).run();
}

} // namespace model_test

#endif // ARBORIST_TEST_MODEL_SHRINK_HPP
