// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE model_random_histories
#include "generator.hpp"
#include "print.hpp"
#include "shrink.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <sstream>
#include <string>

// Random histories of the policy and the reference model, compared after every step. Each run takes
// another seed, and prints it; a failure is printed as a test, see doc/model.adoc.
//
//   ARBORIST_MODEL_SEED=42          the histories of that seed
//   ARBORIST_MODEL_STEPS=100000000  as many steps, instead of a million
//   ARBORIST_MODEL_SHRINK=0         a failure as it was found
using namespace model_test;

namespace {

std::uint64_t number(char const* variable, std::uint64_t otherwise) {
    char const* const value = std::getenv(variable);
    return value == nullptr ? otherwise : std::stoull(value);
}

// How often each of what may happen did.
class coverage {
public:
    void note(world const& both, step const& it) {
        ++events_[it.what.index()];
        if (auto const* exit = std::get_if<policy::event::child_exited>(&it.what)) {
            ++endings_[exit->how];
            ++decisions_[exit->decision];
        }
        for (action const& each : both.expected())
            ++actions_[{each.kind, each.what, each.code}];
    }

    // A walk that never comes somewhere proves nothing about it.
    void check(std::size_t steps) {
        for (std::size_t i = 0; i != std::variant_size_v<policy::event::any>; ++i)
            often("event " + std::to_string(i), events_[i], steps);
        for (ending const it : {ending::completed, ending::abnormal, ending::not_initialized,
                                ending::shutdown_timed_out})
            often("ending " + std::to_string(static_cast<int>(it)), endings_[it], steps);
        for (exit_decision const it :
             {exit_decision::restart, exit_decision::do_not_restart, exit_decision::escalate})
            often("decision " + std::to_string(static_cast<int>(it)), decisions_[it], steps);

        std::map<std::string, std::size_t> actions;
        for (auto const& [key, times] : actions_) {
            auto const& [kind, what, code] = key;
            std::ostringstream stream;
            if (kind == action_kind::wake_at)
                stream << "wake at";
            else
                stream << action{.kind = kind, .what = what, .code = code};
            actions[stream.str()] += times;
        }
        for (char const* const it : {"start",
                                     "signal",
                                     "abort",
                                     "abandon",
                                     "wake at",
                                     "resume",
                                     "forget",
                                     "admit",
                                     "report child_ready",
                                     "report child_exited",
                                     "report child_failed_to_initialize",
                                     "report child_start_timed_out",
                                     "report child_restarting",
                                     "report gave_up",
                                     "report child_exited_late",
                                     "report child_removed",
                                     "report runtime_stalled",
                                     "report runtime_resumed",
                                     "report runtime_panicked",
                                     "report supervisor_ready",
                                     "report supervisor_stopping",
                                     "answer well",
                                     "answer at capacity",
                                     "answer start cancelled",
                                     "answer failed to initialise",
                                     "answer child running",
                                     "answer child abandoned",
                                     "answer not running",
                                     "answer started only once",
                                     "finish well",
                                     "finish no children",
                                     "finish shutdown timed out",
                                     "finish failed to initialise",
                                     "finish restart limit exceeded",
                                     "finish significant child exited",
                                     "finish exit escalated",
                                     "finish runtime panicked"}) {
            often(it, actions[it], steps);
            actions.erase(it);
        }
        for (auto const& [what, times] : actions)
            BOOST_ERROR("not expected: " << what << ", " << times << " times");
    }

private:
    static void often(std::string const& what, std::size_t times, std::size_t steps) {
        BOOST_TEST_MESSAGE(what << ": " << times);
        BOOST_TEST(times >= steps / 10'000, what << " occurred " << times << " times");
    }

    std::map<std::size_t, std::size_t> events_;
    std::map<ending, std::size_t> endings_;
    std::map<exit_decision, std::size_t> decisions_;
    std::map<std::tuple<action_kind, event_kind, errc>, std::size_t> actions_;
};

} // namespace

BOOST_AUTO_TEST_CASE(the_policy_does_what_the_model_does) {
    std::uint64_t const seed = number("ARBORIST_MODEL_SEED", std::random_device{}());
    std::uint64_t const wanted = number("ARBORIST_MODEL_STEPS", 1'000'000);
    std::cout << "ARBORIST_MODEL_SEED=" << seed << ' ' << "ARBORIST_MODEL_STEPS=" << wanted
              << std::endl;

    generator random(seed);
    coverage seen;
    for (std::uint64_t steps = 0; steps < wanted;) {
        history it = random.declare();
        world both(it);
        std::size_t const length = random.length();
        for (std::size_t after_the_end = 0; it.steps.size() != length && after_the_end != 4;) {
            step next = random.next(both);
            if (!both.is_legal(next.what))
                continue;
            next.age = both.age(next.what);
            it.steps.push_back(next);
            if (both.take(next)) {
                bool const shrinks = number("ARBORIST_MODEL_SHRINK", 1) != 0;
                BOOST_FAIL("the policy does not what the model does:\n"
                           << printer::test(shrinks ? shrink(it) : it) << "seed " << seed << ", "
                           << it.steps.size() << " steps");
            }
            seen.note(both, next);
            after_the_end += both.model().is_over() ? 1 : 0;
        }
        steps += it.steps.size();
    }
    if (wanted >= 1'000'000)
        seen.check(wanted);
}
