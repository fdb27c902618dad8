// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE conformance_refused
#include "support/tree.hpp"

#include <cmath>

// Options that cannot work, or mean nothing together: refused where they are given, with a message
// that says what to do.

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

std::string refusal_of(supervisor_options const& options) {
    try {
        supervisor("app", options);
    } catch (boost::system::system_error const& error) {
        BOOST_TEST((error.code() == errc::invalid_option));
        return error.what();
    }
    return "accepted";
}

// Of a declared child, and of one that is started: the same.
std::string refusal_of(child_options const& options,
                       auto_shutdown_policy policy = auto_shutdown_policy::never) {
    supervisor root("app", {.auto_shutdown = policy});
    std::string declared = "accepted";
    try {
        root.add(probe("x"), options);
    } catch (boost::system::system_error const& error) {
        BOOST_TEST((error.code() == errc::invalid_option));
        declared = error.what();
    }
    supervisor_handle const handle = root.handle();
    run_of run(root);
    answer<child_id> started;
    child_options const dynamic = [&] {
        child_options same = options;
        same.restart = options.restart.value_or(permanent);
        return same;
    }();
    handle.async_start(probe("x"), dynamic, started.receive());
    run.settle();
    if (started.good()) {
        BOOST_TEST(declared == "accepted");
        return declared;
    }
    BOOST_TEST(started.failed_with(errc::invalid_option));
    std::string const what = started.message();
    BOOST_TEST(declared.starts_with(what.substr(0, what.rfind(':'))));
    return declared;
}

bool says(std::string const& what, std::string_view text) {
    return what.find(text) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(of_a_supervisor) {
    constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
    std::pair<supervisor_options, std::string_view> const refused[] = {
        {{.intensity = {1, 0s}}, "the period of the restart intensity must be positive"},
        {{.backoff = inherited_backoff}, "there is nobody to inherit a back-off from"},
        {{.backoff = {.first = -1s}}, "the first delay of the back-off must not be negative"},
        {{.backoff = {.first = 1s, .multiplier = 0.5}}, "the multiplier of the back-off"},
        {{.backoff = {.first = 1s, .multiplier = nan}}, "the multiplier of the back-off"},
        {{.backoff = {.first = 2s, .most = 1s}}, "'most' must not be less than its 'first'"},
        {{.backoff = {.first = 1s, .jitter = 1.5}}, "the jitter of the back-off"},
        {{.backoff = {.first = 1s, .jitter = nan}}, "the jitter of the back-off"},
        {{.backoff = {.first = 1s, .healthy = -1s}}, "'healthy' must not be negative"},
        {{.shutdown_budget = -1s}, "the shutdown budget must not be negative"},
        {{.abort_grace = -1s}, "the abort grace must not be negative"},
        {{.max_pending_starts = 0}, "max_pending_starts must be at least 1"},
    };
    for (auto const& [options, why] : refused) {
        BOOST_TEST_INFO(why);
        BOOST_TEST(says(refusal_of(options), why));
        BOOST_TEST(says(refusal_of(options), "supervisor 'app': "));
    }
    for (supervisor_options const& good : {
             supervisor_options{.intensity = {0, 0s}},
             supervisor_options{.intensity = unlimited},
             supervisor_options{.backoff = {.first = 1s, .multiplier = 1, .most = 1s, .jitter = 1}},
             supervisor_options{.shutdown_budget = 0s, .abort_grace = 0s},
             supervisor_options{.max_dynamic_children = 0},
         })
        BOOST_TEST(refusal_of(good) == "accepted");
}

BOOST_AUTO_TEST_CASE(of_a_child) {
    std::pair<child_options, std::string_view> const refused[] = {
        {{.backoff = {.first = -1s}}, "the first delay of the back-off"},
        {{.intensity = {2, 0s}}, "the period of the restart intensity"},
        {{.start_timeout = 0s}, "the start timeout must be positive"},
        {{.significant = true}, "a significant child cannot be permanent"},
        {{.restart = transient, .significant = true}, "arborist::any_significant"},
        {{.restart = temporary, .backoff = {.first = 1s}}, "so a back-off means nothing"},
        {{.restart = temporary, .intensity = {1, 1s}}, "so an intensity means nothing"},
        {{.restart = temporary, .failed_initialization = initialization_failure::restart},
         "so initialization_failure::restart means nothing"},
        {{.restart = temporary,
          .decide = [](exit_reason const&) { return exit_decision::restart; }},
         "its decision function would never be asked"},
    };
    for (auto const& [options, why] : refused) {
        BOOST_TEST_INFO(why);
        BOOST_TEST(says(refusal_of(options), why));
        BOOST_TEST(says(refusal_of(options), "child 'x' of supervisor 'app': "));
    }
    BOOST_TEST(refusal_of({.restart = transient, .significant = true}, any_significant) ==
               "accepted");
    BOOST_TEST(refusal_of({.restart = temporary, .significant = true}, all_significant) ==
               "accepted");
    BOOST_TEST(says(refusal_of({.significant = true}, any_significant),
                    "say .restart = arborist::transient or arborist::temporary"));
    BOOST_TEST(
        refusal_of({.backoff = {.first = 1s}, .intensity = {5, 1min}, .start_timeout = 5s}) ==
        "accepted");
}

BOOST_AUTO_TEST_CASE(A1_a_nested_supervisor_whose_dataspace_nobody_would_find) {
    supervisor nested("nested");
    (void)nested.dataspace();
    supervisor root("app");
    BOOST_CHECK_EXCEPTION(
        root.add(std::move(nested)), boost::system::system_error, [](auto const& error) {
            return error.code() == errc::invalid_option && says(error.what(), "ask the root");
        });
    // One that has merely been a root before may become a nested one.
    supervisor once_root("former");
    once_root.add(probe("w"));
    {
        run_of run(once_root);
        run.stop();
    }
    root.add(std::move(once_root));
}

BOOST_AUTO_TEST_CASE(a_refused_child_is_not_added) {
    supervisor root("app");
    BOOST_CHECK_THROW(root.add(probe("x"), {.significant = true}), boost::system::system_error);
    run_of run(root);
    BOOST_TEST((run.result().error().code() == errc::no_children));
}
