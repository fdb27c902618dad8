// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE stackful_worker
#include <arborist/stackful_worker.hpp>

#include "support/tree.hpp"

#include <boost/asio/post.hpp>

#include <set>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

#ifndef ARBORIST_TEST_NO_STACKFUL

namespace {

struct with_exits {
    explicit with_exits(supervisor& root) {
        root.observe([this](event const& what) {
            if (what.kind == event_kind::child_exited)
                exits.push_back(what.exit->message());
        });
    }
    lines exits;
};

} // namespace

BOOST_AUTO_TEST_CASE(P1_it_is_in_its_process_whenever_it_is_resumed) {
    std::set<std::uint64_t> ids;
    std::set<std::string> names;
    supervisor root("app");
    root.add(stackful_worker("w", [&](asio::yield_context yield, process_shutdown shutdown) {
        for (int i = 0; i != 10; ++i) {
            asio::post(yield);
            ids.insert(this_process::id());
            names.insert(this_process::name());
        }
        shutdown.async_wait(yield);
        ids.insert(this_process::id());
    }));
    run_of run(root);
    BOOST_TEST(this_process::id() == 0u);
    run.stop();
    BOOST_TEST(run.result().has_value());
    BOOST_TEST(ids.size() == 1u);
    BOOST_TEST(!ids.contains(0));
    BOOST_TEST((names == std::set<std::string>{"app.w"}));
}

// The address sanitizer does not understand exceptions on stacks that it does not know.
#if !defined(__SANITIZE_ADDRESS__)

BOOST_AUTO_TEST_CASE(its_result_is_its_exit) {
    int start = 0;
    supervisor root("app", {.intensity = {3, 1h}});
    with_exits told(root);
    root.add(stackful_worker("w", [&](asio::yield_context yield) -> result<void> {
        asio::post(yield);
        switch (++start) {
        case 1:
            return cause("disk full");
        case 2:
            throw std::runtime_error("boom");
        default:
            return success();
        }
    }));
    run_of run(root);
    BOOST_TEST(run.result().has_error());
    BOOST_TEST((told.exits == lines{"terminated: disk full", "panicked: std::runtime_error: boom",
                                    "completed", "completed"}));
}

BOOST_AUTO_TEST_CASE(D7_an_abort_unwinds_its_stack) {
    struct sets {
        bool& flag;
        ~sets() { flag = true; }
    };
    bool unwound = false;
    supervisor root("app");
    with_exits told(root);
    root.add(stackful_worker("w",
                             [&](asio::yield_context yield) {
                                 sets const at_the_end{unwound};
                                 asio::steady_timer timer(yield.get_executor(), 24h);
                                 timer.async_wait(yield);
                             }),
             {.shutdown = brutal});
    run_of run(root);
    run.stop();
    BOOST_TEST(run.result().has_value());
    BOOST_TEST(unwound);
    BOOST_TEST_REQUIRE(told.exits.size() == 1u);
    BOOST_TEST(told.exits[0].starts_with("aborted"));
}

BOOST_AUTO_TEST_CASE(D12_its_stack_is_unwound_when_the_context_goes) {
    struct sets {
        bool& flag;
        ~sets() { flag = true; }
    };
    bool unwound = false;
    {
        supervisor root("app");
        root.add(stackful_worker("w", [&](asio::yield_context yield, process_shutdown shutdown) {
            sets const at_the_end{unwound};
            shutdown.async_wait(yield);
        }));
        run_of run(root);
    }
    BOOST_TEST(unwound);
}

#endif

#else

BOOST_AUTO_TEST_CASE(is_not_for_this_sanitizer) {
    BOOST_TEST(!arborist::detail::stackful_function<int>);
}

#endif
