// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_MODEL_HISTORY_HPP
#define ARBORIST_TEST_MODEL_HISTORY_HPP

#include "policy/machine.hpp"
#include "reference.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// What happens to a supervisor, from its declaration on; and the policy and the model side by side,
// to which it happens.
namespace model_test {

struct declared_child {
    child_rules rules;
    child_limits limits;
};

struct step {
    event::any what;
    duration after{}; // since the step before
    // Of a process that it is about: how many there have been since.
    std::uint32_t age = 0;
};

// Requests are numbered from 1, in their order.
struct history {
    supervisor_options options;
    std::vector<declared_child> children;
    std::vector<step> steps;
};

// For the jitter: each of both draws the same ones. Products with them are exact.
inline auto random_numbers() {
    return [n = 0]() mutable { return n++ % 8 / 8.0; };
}

// Where policy and model differ: what a test would expect that follows the model.
struct difference {
    std::string expected;
    std::string found;
};

// A process, as the world knows it.
struct process {
    child_rules rules;
    bool ready = false;
    bool signalled = false;
    bool abandoned = false;
};

class world {
public:
    explicit world(history const& declared, flaw planted = flaw::none)
        : policy_(declared.options, random_numbers()),
          model_(declared.options, random_numbers(), machine::children_per_step, planted) {
        for (auto const& [rules, limits] : declared.children) {
            policy_.add(rules, limits);
            model_.declare(rules, limits);
        }
    }

    // Whether a shell could feed this now.
    [[nodiscard]] bool is_legal(event::any const& what) const {
        return std::visit([this](auto const& it) { return may_happen(it); }, what);
    }

    // How many processes its child has started since.
    [[nodiscard]] std::uint32_t age(event::any const& what) const {
        return std::visit(
            [this](auto const& it) -> std::uint32_t {
                if constexpr (requires { it.who; })
                    return model_.kids().at(it.who.child).number - it.who.number;
                else
                    return 0;
            },
            what);
    }

    // How policy and model differ then.
    std::optional<difference> take(step const& it) {
        now_ += it.after;
        note(it.what);
        if (auto const* exit = std::get_if<event::child_exited>(&it.what))
            if (bool const asks = model_.asks_about(exit->who, exit->how);
                asks != policy_.asks_about(exit->who, exit->how))
                return difference{asks ? "asks" : "does not ask", asks ? "does not" : "asks"};
        std::span<action const> const found = policy_.step(it.what, now_);
        std::vector<action> const& expected = model_.step(it.what, now_);
        for (action const& each : expected)
            note(each);
        if (!std::ranges::equal(found, expected))
            return difference{"", text(found)};
        return compare();
    }

    [[nodiscard]] reference const& model() const { return model_; }
    [[nodiscard]] std::vector<action> const& expected() const { return model_.last(); }
    [[nodiscard]] std::map<incarnation, process> const& processes() const { return processes_; }
    [[nodiscard]] std::set<request_id> const& open() const { return open_; }
    [[nodiscard]] request_id last_request() const { return last_request_; }
    [[nodiscard]] time_point now() const { return now_; }
    [[nodiscard]] time_point alarm() const { return alarm_; }

private:
    [[nodiscard]] bool may_happen(event::begin const&) const { return !begun_; }
    [[nodiscard]] bool may_happen(event::resume const&) const { return model_.owes_more(); }
    [[nodiscard]] bool may_happen(event::time_passed const&) const { return true; }
    [[nodiscard]] bool may_happen(event::shutdown_requested const&) const { return true; }
    [[nodiscard]] bool may_happen(event::abort_requested const&) const { return true; }
    [[nodiscard]] bool may_happen(event::runtime_panicked const&) const { return begun_; }
    [[nodiscard]] bool may_happen(event::child_ready const& it) const {
        auto const who = all_.find(it.who); // perhaps it has ended meanwhile
        return who != all_.end() && who->second.rules.initializes && !who->second.ready;
    }
    [[nodiscard]] bool may_happen(event::child_exited const& it) const {
        auto const who = processes_.find(it.who);
        if (who == processes_.end())
            return false;
        process const& does = who->second;
        if (it.how == ending::not_initialized)
            return does.rules.initializes && !does.ready;
        return it.how != ending::shutdown_timed_out || (does.rules.supervisor && does.signalled);
    }
    [[nodiscard]] bool may_happen(event::stall const& it) const {
        auto const who = all_.find(it.who);
        return who != all_.end() && who->second.rules.supervisor;
    }
    [[nodiscard]] bool may_happen(event::start_requested const&) const { return begun_; }
    [[nodiscard]] bool may_happen(event::ready_awaited const&) const { return begun_; }
    [[nodiscard]] bool may_happen(event::request_withdrawn const& it) const {
        return open_.contains(it.request);
    }
    template <class Request>
    [[nodiscard]] bool may_happen(Request const& it) const { // about a child
        auto const kid = model_.kids().find(it.child);
        return begun_ && kid != model_.kids().end() && !kid->second.gone;
    }

    void note(event::any const& what) {
        std::visit(
            [this](auto const& it) {
                using type = std::decay_t<decltype(it)>;
                if constexpr (std::is_same_v<type, event::begin>) {
                    begun_ = true;
                } else if constexpr (std::is_same_v<type, event::child_ready>) {
                    all_.at(it.who).ready = true;
                    if (auto const who = processes_.find(it.who); who != processes_.end())
                        who->second.ready = true;
                } else if constexpr (std::is_same_v<type, event::child_exited>) {
                    processes_.erase(it.who);
                } else if constexpr (std::is_same_v<type, event::time_passed>) {
                    if (alarm_ <= now_)
                        alarm_ = never;
                } else if constexpr (std::is_same_v<type, event::request_withdrawn>) {
                    open_.erase(it.request);
                } else if constexpr (requires { it.request; }) {
                    last_request_ = it.request;
                    open_.insert(it.request);
                }
            },
            what);
    }

    void note(action const& it) {
        switch (it.kind) {
        case action_kind::start:
            all_[it.who] = processes_[it.who] = {.rules = model_.kids().at(it.who.child).rules};
            break;
        case action_kind::signal:
            processes_.at(it.who).signalled = true;
            break;
        case action_kind::abandon:
            processes_.at(it.who).abandoned = true;
            break;
        case action_kind::wake_at:
            alarm_ = it.at;
            break;
        case action_kind::answer:
            open_.erase(it.request);
            break;
        default:
            break;
        }
    }

    // What there is to see.
    [[nodiscard]] std::optional<difference> compare() const {
        auto const same = [](auto const& found, auto const& expected) {
            return std::ranges::equal(found, expected);
        };
        std::optional<difference> result;
        auto const expect = [&](std::string_view what, auto const& found, auto const& expected) {
            if (found != expected && !result)
                result = difference{spell(what, expected), spell(what, found)};
        };
        expect("state()", policy_.state(), model_.state());
        expect("dynamic_count()", policy_.dynamic_count(), model_.guests().size());
        expect("restarts_in_window(tree.now())", policy_.restarts_in_window(now_),
               model_.restarts_within(now_));
        for (auto const& [place, it] : model_.kids()) {
            if (result)
                return result;
            if (policy_.is_vacant(place) != it.gone)
                expect(of("is_vacant", place), policy_.is_vacant(place), it.gone);
            if (it.gone)
                continue;
            if (policy_.state(place) != it.state)
                expect(of("state", place), policy_.state(place), it.state);
            if (policy_.number(place) != it.number)
                expect(of("number", place), policy_.number(place), it.number);
            std::size_t const restarts = it.starts == 0 ? 0 : it.starts - 1;
            if (policy_.restarts(place) != restarts)
                expect(of("restarts", place), policy_.restarts(place), restarts);
            if (policy_.is_stalled(place) != model_.is_stalled(place))
                expect(of("is_stalled", place), policy_.is_stalled(place),
                       model_.is_stalled(place));
            if (it.state == child_state::waiting && policy_.due(place) != model_.due(place))
                expect(of("due", place), policy_.due(place), model_.due(place));
        }
        if (!same(policy_.not_initialized(), model_.not_initialized()))
            result = list("not_initialized", model_.not_initialized());
        else if (!same(policy_.overran(), model_.overran()))
            result = list("overran", model_.overran());
        else if (!same(policy_.abandoned(), model_.abandoned()))
            result = list("abandoned", model_.abandoned());
        else if (!same(dynamic_order(), model_.guests()))
            result = difference{"(in another order than the guests came)", ""};
        return result;
    }

    [[nodiscard]] std::vector<child_index> dynamic_order() const {
        std::vector<child_index> result;
        for (child_index it = policy_.first_dynamic(); it != machine::none;
             it = policy_.next_dynamic(it))
            result.push_back(it);
        return result;
    }

    [[nodiscard]] static std::string of(char const* what, child_index place) {
        return std::string(what) + '(' + std::to_string(place) + ')';
    }
    template <class T>
    [[nodiscard]] static std::string spell(std::string_view what, T const& value) {
        std::ostringstream stream;
        stream << "BOOST_TEST((tree.policy()." << what << " == ";
        if constexpr (std::is_same_v<T, child_state>)
            stream << "child_state::" << value;
        else if constexpr (std::is_same_v<T, supervisor_state>)
            stream << "supervisor_state::" << value;
        else if constexpr (std::is_same_v<T, time_point>)
            stream << "time_point(" << value.time_since_epoch().count() << "ns)";
        else if constexpr (std::is_same_v<T, bool>)
            stream << (value ? "true" : "false");
        else
            stream << value << 'u';
        stream << "));";
        return stream.str();
    }
    [[nodiscard]] static difference list(char const* what,
                                         std::vector<child_index> const& expected) {
        std::string text = "BOOST_TEST((tree." + std::string(what) + "() == children{";
        for (child_index const it : expected)
            text += std::to_string(it) + (&it == &expected.back() ? "" : ", ");
        return {text + "}));", ""};
    }
    [[nodiscard]] static std::string text(std::span<action const> actions) {
        std::ostringstream stream;
        for (action const& it : actions)
            stream << (&it == actions.data() ? "" : ", ") << it;
        return stream.str();
    }

    machine policy_;
    reference model_;
    time_point now_{};
    bool begun_ = false;
    std::map<incarnation, process> all_;
    std::map<incarnation, process> processes_; // that live
    std::set<request_id> open_;
    request_id last_request_ = 0;
    time_point alarm_ = never;
};

} // namespace model_test

#endif // ARBORIST_TEST_MODEL_HISTORY_HPP
