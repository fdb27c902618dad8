// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_MODEL_PRINT_HPP
#define ARBORIST_TEST_MODEL_PRINT_HPP

#include <arborist/errc.hpp>
#include <arborist/event.hpp>

#include "history.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <limits>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

// Writes a history as a test of test/policy, which expects what the model does.
namespace model_test {

class printer {
public:
    static std::string test(history const& it, flaw planted = flaw::none) {
        std::string text = "BOOST_AUTO_TEST_CASE(found_by_the_model) {\n    scenario tree(" +
                           options(it.options) + ", std::vector<child_rules>{";
        for (auto const& each : it.children)
            text += (&each == it.children.data() ? "" : ", ") + rules(each.rules);
        text += "}";
        bool limited = false;
        for (auto const& each : it.children)
            limited |= each.limits != child_limits();
        if (limited) {
            text += ", {";
            for (auto const& each : it.children)
                text += (&each == it.children.data() ? "" : ", ") + limits(each.limits);
            text += "}";
        }
        text += ");\n";

        world both(it, planted);
        for (step const& next : it.steps) {
            bool const passes = std::holds_alternative<event::time_passed>(next.what);
            if (next.after != duration::zero() && !passes)
                text += "    tree.wait(" + time(next.after) + ");\n";
            auto const differs = both.take(next);
            if (differs && differs->expected.ends_with("ask")) {
                auto const& exit = std::get<event::child_exited>(next.what);
                text += "    BOOST_TEST(tree.policy().asks_about({" +
                        std::to_string(exit.who.child) + ", " + std::to_string(exit.who.number) +
                        "}, ending::" + ending_name(exit.how) + ") == false);\n";
                continue;
            }
            if (differs && differs->expected.ends_with("asks")) {
                auto const& exit = std::get<event::child_exited>(next.what);
                text += "    BOOST_TEST(tree.policy().asks_about({" +
                        std::to_string(exit.who.child) + ", " + std::to_string(exit.who.number) +
                        "}, ending::" + ending_name(exit.how) + "));\n";
                continue;
            }
            text += "    EXPECT_ACTIONS(tree." + call(next);
            for (action const& each : both.expected())
                text += ", " + spell(each);
            text += ");\n";
            if (differs && !differs->expected.empty())
                text += "    " + differs->expected + "\n";
            if (differs && !differs->found.empty())
                text += "    // the policy: " + differs->found + "\n";
        }
        return text + "}\n";
    }

private:
    static std::string time(duration it) {
        if (it == duration::max())
            return "duration::max()";
        static constexpr std::array<std::pair<std::int64_t, char const*>, 4> units{
            {{1'000'000'000, "s"}, {1'000'000, "ms"}, {1'000, "us"}, {1, "ns"}}};
        std::int64_t const count = it.count();
        for (auto const& [size, name] : units)
            if (count % size == 0)
                return std::to_string(count / size) + name;
        return "";
    }

    static std::string number(double it) {
        std::ostringstream stream;
        stream << it;
        return stream.str();
    }
    static char const* yes(bool it) { return it ? "true" : "false"; }

    static std::string count(std::size_t it) {
        return it == no_limit ? "no_limit" : std::to_string(it);
    }
    static std::string intensity(restart_intensity const& it) {
        return it == unlimited ? "unlimited"
                               : "{" + count(it.restarts) + ", " + time(it.period) + "}";
    }
    static std::string backoff(restart_backoff const& it) {
        if (it == inherited_backoff)
            return "inherited_backoff";
        return "{.first = " + time(it.first) + ", .multiplier = " + number(it.multiplier) +
               ", .most = " + time(it.most) + ", .jitter = " + number(it.jitter) +
               ", .healthy = " + time(it.healthy) + "}";
    }
    static std::string shutdown(shutdown_strategy const& it) {
        if (it == brutal)
            return "brutal";
        return it == infinite ? "infinite" : "graceful(" + time(it.timeout()) + ")";
    }

    // Designated initialisers of what is not the default.
    class members {
    public:
        void add(bool differs, char const* name, std::string const& value) {
            if (differs)
                text_ += (text_.empty() ? "." : ", .") + std::string(name) + " = " + value;
        }
        [[nodiscard]] std::string braced() const { return '{' + text_ + '}'; }

    private:
        std::string text_;
    };

    static std::string options(supervisor_options const& it) {
        supervisor_options const plain{};
        members list;
        list.add(it.strategy != plain.strategy, "strategy", to_string(it.strategy));
        list.add(it.intensity != plain.intensity, "intensity", intensity(it.intensity));
        list.add(it.backoff != plain.backoff, "backoff", backoff(it.backoff));
        list.add(it.start != plain.start, "start", to_string(it.start));
        list.add(it.shutdown != plain.shutdown, "shutdown", to_string(it.shutdown));
        list.add(it.shutdown_budget != plain.shutdown_budget, "shutdown_budget",
                 time(it.shutdown_budget));
        list.add(it.auto_shutdown != plain.auto_shutdown, "auto_shutdown",
                 it.auto_shutdown == any_significant ? "any_significant" : "all_significant");
        list.add(it.max_dynamic_children != plain.max_dynamic_children, "max_dynamic_children",
                 count(it.max_dynamic_children));
        list.add(it.backoff.jitter != 0 && it.backoff.first != duration::zero(), "random",
                 "[n = 0]() mutable { return n++ % 8 / 8.0; }");
        return list.braced();
    }

    static std::string rules(child_rules const& it) {
        child_rules const plain{};
        members list;
        list.add(it.restart != plain.restart, "restart", to_string(it.restart));
        list.add(it.shutdown != plain.shutdown, "shutdown", shutdown(it.shutdown));
        list.add(it.abort_grace != plain.abort_grace, "abort_grace", time(it.abort_grace));
        list.add(it.start_timeout != plain.start_timeout, "start_timeout", time(it.start_timeout));
        list.add(it.initializes != plain.initializes, "initializes", yes(it.initializes));
        list.add(it.supervisor, "supervisor", "true");
        list.add(it.significant, "significant", "true");
        list.add(it.decides, "decides", "true");
        list.add(it.retries_initialization, "retries_initialization", "true");
        list.add(it.restart_beside_abandoned, "restart_beside_abandoned", "true");
        list.add(it.once, "once", "true");
        return "child_rules" + list.braced();
    }

    static std::string limits(child_limits const& it) {
        members list;
        list.add(it.backoff != inherited_backoff, "backoff", backoff(it.backoff));
        list.add(it.intensity != unlimited, "intensity", intensity(it.intensity));
        return "child_limits" + list.braced();
    }

    static char const* ending_name(ending it) {
        switch (it) {
        case ending::completed:
            return "completed";
        case ending::abnormal:
            return "abnormal";
        case ending::not_initialized:
            return "not_initialized";
        case ending::shutdown_timed_out:
            return "shutdown_timed_out";
        }
        return "";
    }
    static char const* decision_name(exit_decision it) {
        switch (it) {
        case exit_decision::restart:
            return "restart";
        case exit_decision::do_not_restart:
            return "do_not_restart";
        case exit_decision::escalate:
            return "escalate";
        }
        return "";
    }

    static std::string who(incarnation it) {
        return std::to_string(it.child) + ", " + std::to_string(it.number);
    }

    // ---- what is done to the scenario

    static std::string call(step const& it) {
        if (std::holds_alternative<event::time_passed>(it.what))
            return "after(" + time(it.after) + ")";
        return std::visit([](auto const& what) { return call(what); }, it.what);
    }
    static std::string call(event::time_passed const&) { return ""; }
    static std::string call(event::begin const& it) {
        return std::string("begin(") + (it.idles ? "true" : "") + ")";
    }
    static std::string call(event::resume const&) { return "resume()"; }
    static std::string call(event::child_ready const& it) {
        return "child_ready(" + who(it.who) + ")";
    }
    static std::string call(event::child_exited const& it) {
        return "child_exits(" + std::to_string(it.who.child) + ", ending::" + ending_name(it.how) +
               ", " + std::to_string(it.who.number) +
               (it.decision == exit_decision::restart
                    ? ""
                    : std::string(", exit_decision::") + decision_name(it.decision)) +
               ")";
    }
    static std::string call(event::shutdown_requested const&) { return "shutdown()"; }
    static std::string call(event::abort_requested const&) { return "abort_all()"; }
    static std::string call(event::stall const& it) {
        return std::string(it.over ? "runs_again(" : "stalls(") + who(it.who) + ")";
    }
    static std::string call(event::runtime_panicked const&) { return "runtime_panics()"; }
    static std::string call(event::start_requested const& it) {
        std::string const own = it.limits == child_limits() ? "" : ", " + limits(it.limits);
        return (it.waits ? "start_child_when_there_is_a_place(" : "start_child(") +
               rules(it.rules) + own + ")";
    }
    static std::string call(event::stop_requested const& it) {
        return "stop_child(" + std::to_string(it.child) + (it.by_itself ? ", true)" : ")");
    }
    static std::string call(event::restart_requested const& it) {
        return "restart_child(" + std::to_string(it.child) + (it.by_itself ? ", true)" : ")");
    }
    static std::string call(event::remove_requested const& it) {
        return "remove_child(" + std::to_string(it.child) + ")";
    }
    static std::string call(event::ready_awaited const&) { return "await_ready()"; }
    static std::string call(event::request_withdrawn const& it) {
        return "withdraw(" + std::to_string(it.request) + ")";
    }

    // ---- what it does

    static std::string error(errc it) {
        if (it == errc{})
            return "errc{}";
        switch (it) {
        case errc::no_children:
            return "errc::no_children";
        case errc::failed_to_initialize:
            return "errc::failed_to_initialize";
        case errc::restart_limit_exceeded:
            return "errc::restart_limit_exceeded";
        case errc::significant_child_exited:
            return "errc::significant_child_exited";
        case errc::shutdown_timed_out:
            return "errc::shutdown_timed_out";
        case errc::escalated:
            return "errc::escalated";
        case errc::not_running:
            return "errc::not_running";
        case errc::child_running:
            return "errc::child_running";
        case errc::child_abandoned:
            return "errc::child_abandoned";
        case errc::at_capacity:
            return "errc::at_capacity";
        case errc::start_cancelled:
            return "errc::start_cancelled";
        case errc::started_once:
            return "errc::started_once";
        case errc::runtime_panicked:
            return "errc::runtime_panicked";
        default:
            return "static_cast<errc>(" + std::to_string(static_cast<int>(it)) + ")";
        }
    }

    static std::string spell(action const& it) {
        switch (it.kind) {
        case action_kind::start:
            return "start(" + who(it.who) + ")";
        case action_kind::signal:
            return "signal(" + who(it.who) + ")";
        case action_kind::abort:
            return "abort(" + who(it.who) + ")";
        case action_kind::abandon:
            return "abandon(" + who(it.who) + ")";
        case action_kind::wake_at:
            return "wake_at(" + time(it.at.time_since_epoch()) + ")";
        case action_kind::resume:
            return "resume()";
        case action_kind::admit:
            return "admit(" + std::to_string(it.request) + ", " + who(it.who) + ")";
        case action_kind::forget:
            return "forget(" + who(it.who) + ")";
        case action_kind::answer:
            return "answer(" + std::to_string(it.request) + ", " + error(it.code) +
                   (it.who == incarnation{} ? "" : ", " + who(it.who)) + ")";
        case action_kind::finish:
            return "finish(" + error(it.code) + ", {" + who(it.who) + "}, " +
                   std::to_string(it.restarts) + (it.own_limit ? ", true)" : ")");
        case action_kind::report:
            return report(it);
        }
        return "";
    }

    static std::string report(action const& it) {
        std::string const counted = who(it.who) + ", " + std::to_string(it.restarts);
        switch (it.what) {
        case event_kind::supervisor_ready:
            return "all_ready()";
        case event_kind::supervisor_stopping:
            return "stopping()";
        case event_kind::runtime_panicked:
            return "runtime_panicked()";
        case event_kind::child_ready:
            return "ready(" + who(it.who) + ")";
        case event_kind::child_exited:
            return "exited(" + who(it.who) + ")";
        case event_kind::child_exited_late:
            return "exited_late(" + who(it.who) + ")";
        case event_kind::child_failed_to_initialize:
            return "not_initialized(" + who(it.who) + ")";
        case event_kind::child_start_timed_out:
            return "start_timed_out(" + who(it.who) + ")";
        case event_kind::child_removed:
            return "removed(" + who(it.who) + ")";
        case event_kind::runtime_stalled:
            return "stalled(" + who(it.who) + ")";
        case event_kind::runtime_resumed:
            return "runs_again(" + who(it.who) + ")";
        case event_kind::child_restarting:
            return "restarting(" + counted + ", " + time(it.delay) + ")";
        case event_kind::gave_up:
            return "gave_up(" + counted + (it.own_limit ? ", true)" : ")");
        default:
            return std::string("report of ") + to_string(it.what);
        }
    }
};

} // namespace model_test

#endif // ARBORIST_TEST_MODEL_PRINT_HPP
