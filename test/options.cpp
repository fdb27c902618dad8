// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE options
#include <arborist/errc.hpp>
#include <arborist/options.hpp>
#include <arborist/supervisor.hpp>

#include "support/text.hpp"

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <type_traits>

using namespace std::chrono_literals;
using arborist::duration;
using arborist::graceful;
using arborist::restart_intensity;
using arborist::shutdown_strategy;
using std::chrono::hours;

BOOST_AUTO_TEST_CASE(strategies_have_names) {
    for (auto const& [value, name] :
         {std::pair(arborist::one_for_one, "one_for_one"),
          std::pair(arborist::one_for_all, "one_for_all"),
          std::pair(arborist::rest_for_one, "rest_for_one"),
          std::pair(arborist::restart_strategy(3), "unknown strategy"),
          std::pair(arborist::restart_strategy(255), "unknown strategy")}) {
        BOOST_TEST(std::string(to_string(value)) == name);
        BOOST_TEST(text(value) == name);
    }
}

BOOST_AUTO_TEST_CASE(restart_types_have_names) {
    for (auto const& [value, name] :
         {std::pair(arborist::permanent, "permanent"), std::pair(arborist::transient, "transient"),
          std::pair(arborist::temporary, "temporary"),
          std::pair(arborist::restart_type(3), "unknown restart type"),
          std::pair(arborist::restart_type(255), "unknown restart type")}) {
        BOOST_TEST(std::string(to_string(value)) == name);
        BOOST_TEST(text(value) == name);
    }
}

BOOST_AUTO_TEST_CASE(orders_have_names) {
    for (auto const& [value, name] : {std::pair(arborist::sequential, "sequential"),
                                      std::pair(arborist::concurrent, "concurrent"),
                                      std::pair(arborist::child_order(2), "unknown order"),
                                      std::pair(arborist::child_order(255), "unknown order")}) {
        BOOST_TEST(std::string(to_string(value)) == name);
        BOOST_TEST(text(value) == name);
    }
}

BOOST_AUTO_TEST_CASE(auto_shutdown_policies_have_names) {
    using arborist::auto_shutdown_policy;
    for (auto const& [value, name] : {std::pair(auto_shutdown_policy::never, "never"),
                                      std::pair(arborist::any_significant, "any_significant"),
                                      std::pair(arborist::all_significant, "all_significant"),
                                      std::pair(auto_shutdown_policy(3), "unknown policy"),
                                      std::pair(auto_shutdown_policy(255), "unknown policy")}) {
        BOOST_TEST(std::string(to_string(value)) == name);
        BOOST_TEST(text(value) == name);
    }
}

BOOST_AUTO_TEST_CASE(an_intensity_reads_as_it_is_said) {
    BOOST_TEST(text(restart_intensity{}) == "1 in 5s");
    BOOST_TEST(text(restart_intensity{3, 10s}) == "3 in 10s");
    BOOST_TEST(text(restart_intensity{0, 0s}) == "0 in 0s");
    BOOST_TEST(text(arborist::unlimited) == "unlimited");
    BOOST_TEST(text(restart_intensity{arborist::unlimited.restarts, 3s}) == "unlimited");
}

BOOST_AUTO_TEST_CASE(intensities_are_compared_by_value) {
    BOOST_TEST((restart_intensity{} == restart_intensity{1, 5000ms}));
    BOOST_TEST((restart_intensity{1, 5s} != restart_intensity{2, 5s}));
    BOOST_TEST((restart_intensity{1, 5s} != restart_intensity{1, 6s}));
}

BOOST_AUTO_TEST_CASE(a_backoff_reads_as_it_is_said) {
    using arborist::restart_backoff;
    BOOST_TEST(text(restart_backoff{}) == "none");
    BOOST_TEST(text(arborist::no_backoff) == "none");
    BOOST_TEST(text(arborist::inherited_backoff) == "the supervisor's");
    BOOST_TEST(text(restart_backoff{.first = 100ms}) == "100ms to 60s, times 2");
    BOOST_TEST(text(restart_backoff{.first = 1s, .multiplier = 1.5, .most = 30s}) ==
               "1s to 30s, times 1.5");
    BOOST_TEST(text(restart_backoff{.multiplier = 3, .most = 30s}) == "none");
}

BOOST_AUTO_TEST_CASE(backoffs_are_compared_by_value) {
    using arborist::restart_backoff;
    BOOST_TEST((arborist::no_backoff == restart_backoff{}));
    BOOST_TEST((arborist::inherited_backoff != restart_backoff{}));
    BOOST_TEST((restart_backoff{.first = 1s} == restart_backoff{.first = 1000ms}));
    BOOST_TEST((restart_backoff{.jitter = 0} != restart_backoff{}));
}

BOOST_AUTO_TEST_CASE(a_duration_has_the_largest_unit_that_reads_well) {
    BOOST_TEST(text(graceful(0s)) == "graceful 0s");
    BOOST_TEST(text(graceful(1ns)) == "graceful 1ns");
    BOOST_TEST(text(graceful(999ns)) == "graceful 999ns");
    BOOST_TEST(text(graceful(1us)) == "graceful 1us");
    BOOST_TEST(text(graceful(1500ns)) == "graceful 1.5us");
    BOOST_TEST(text(graceful(1ms)) == "graceful 1ms");
    BOOST_TEST(text(graceful(250ms)) == "graceful 250ms");
    BOOST_TEST(text(graceful(2050us)) == "graceful 2.05ms");
    BOOST_TEST(text(graceful(1s)) == "graceful 1s");
    BOOST_TEST(text(graceful(1500ms)) == "graceful 1.5s");
    BOOST_TEST(text(graceful(1005ms)) == "graceful 1.005s");
    BOOST_TEST(text(graceful(5s)) == "graceful 5s");
    BOOST_TEST(text(graceful(90s)) == "graceful 90s");
    BOOST_TEST(text(graceful(59min + 30s)) == "graceful 3570s");
    BOOST_TEST(text(graceful(1h)) == "graceful 1h");
    BOOST_TEST(text(graceful(90min)) == "graceful 5400s");
    BOOST_TEST(text(graceful(2h)) == "graceful 2h");
    BOOST_TEST(text(graceful(48h)) == "graceful 48h");
    BOOST_TEST(text(restart_intensity{0, -1500ms}) == "0 in -1.5s");
}

BOOST_AUTO_TEST_CASE(shutdown_strategies_are_three) {
    using kind = shutdown_strategy::kind_type;
    static_assert(graceful(5s).kind() == kind::graceful);
    static_assert(graceful(5s).timeout() == 5s);
    static_assert(arborist::brutal.kind() == kind::brutal);
    static_assert(arborist::brutal.timeout() == 0s);
    static_assert(arborist::infinite.kind() == kind::infinite);
    static_assert(arborist::infinite.timeout() == duration::max());
    static_assert(graceful(1000ms) == graceful(1s));
    static_assert(graceful(1s) != graceful(2s));
    static_assert(graceful(0s) != arborist::brutal);
    static_assert(graceful(std::chrono::duration<double>(1.5)).timeout() == 1500ms);
    BOOST_TEST(text(graceful(5s)) == "graceful 5s");
    BOOST_TEST(text(arborist::brutal) == "brutal");
    BOOST_TEST(text(arborist::infinite) == "infinite");
    BOOST_TEST(text(shutdown_strategy(kind(3), 0s)) == "unknown shutdown strategy");
}

BOOST_AUTO_TEST_CASE(D4_a_timeout_too_large_to_represent_means_none) {
    static_assert(graceful(hours::max()).timeout() == duration::max());
    static_assert(graceful(duration::max()).timeout() == duration::max());
    static_assert(graceful(hours(24 * 365 * 292)).timeout() == hours(24 * 365 * 292));
    static_assert(graceful(hours(24 * 365 * 293)).timeout() == duration::max());
    static_assert(graceful(std::chrono::duration<double>(1e300)).timeout() == duration::max());
    static_assert(graceful(hours::max()).kind() == shutdown_strategy::kind_type::graceful);
    BOOST_TEST(text(graceful(hours::max())) == "graceful for ever");
}

BOOST_AUTO_TEST_CASE(a_negative_timeout_is_refused) {
    auto const refused = [](auto timeout) -> std::string {
        try {
            (void)graceful(timeout);
        } catch (boost::system::system_error const& error) {
            BOOST_TEST((error.code() == arborist::errc::invalid_option));
            return error.what();
        }
        return "accepted";
    };
    BOOST_TEST(refused(-1ns).starts_with("graceful: the timeout is negative"));
    BOOST_TEST(refused(hours::min()).starts_with("graceful: the timeout is negative"));
    BOOST_TEST(refused(0ns) == "accepted");
}

BOOST_AUTO_TEST_CASE(the_defaults) {
    arborist::supervisor_options const options;
    BOOST_TEST(options.strategy == arborist::one_for_one);       // R1
    BOOST_TEST((options.intensity == restart_intensity{1, 5s})); // R2
    BOOST_TEST((options.abort_grace == duration(5s)));           // D9
    arborist::child_options const child;
    BOOST_TEST(!child.restart.has_value());
    BOOST_TEST(!child.shutdown.has_value());
}

BOOST_AUTO_TEST_CASE(options_are_named_where_they_are_used) {
    static_assert(std::is_aggregate_v<arborist::supervisor_options>);
    static_assert(std::is_aggregate_v<arborist::child_options>);
    static_assert(std::is_aggregate_v<restart_intensity>);

    arborist::supervisor const storage("storage",
                                       {.strategy = arborist::rest_for_one, .intensity = {3, 10s}});
    BOOST_TEST(storage.options().strategy == arborist::rest_for_one);
    BOOST_TEST((storage.options().intensity == restart_intensity{3, 10s}));
    arborist::supervisor const plain("plain", {.intensity = arborist::unlimited});
    BOOST_TEST((plain.options().intensity == arborist::unlimited));
    arborist::supervisor const patient("patient", {.abort_grace = 1min});
    BOOST_TEST((patient.options().abort_grace == duration(1min)));

    using arborist::child_specification;
    auto const empty = [] {
        return arborist::worker("it", []() -> boost::asio::awaitable<void> { co_return; });
    };
    child_specification const defaults = empty();
    BOOST_TEST(defaults.restart() == arborist::permanent);
    BOOST_TEST(defaults.shutdown() == graceful(5s));
    child_specification const given =
        empty().with({.restart = arborist::transient, .shutdown = graceful(30s)});
    BOOST_TEST(given.restart() == arborist::transient);
    BOOST_TEST(given.shutdown() == graceful(30s));
    child_specification const nested(arborist::supervisor("nested"));
    BOOST_TEST(nested.restart() == arborist::permanent);
    BOOST_TEST(nested.shutdown() == arborist::infinite); // D1
    child_specification const hurried =
        child_specification(arborist::supervisor("nested")).with({.shutdown = arborist::brutal});
    BOOST_TEST(hurried.shutdown() == arborist::brutal);
}
