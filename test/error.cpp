// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE error
#include <arborist/error.hpp>

#include "support/text.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

using namespace std::chrono_literals;
namespace asio = boost::asio;
using arborist::cause;
using arborist::errc;
using arborist::exit_kind;
using arborist::exit_reason;
using arborist::initialization_error;
using arborist::result;
using arborist::run_result;
using arborist::supervisor_error;
using boost::system::system_error;

namespace {

std::string message(errc code, supervisor_error::story what) {
    supervisor_error const error(code, std::move(what));
    BOOST_TEST((error.code() == code));
    BOOST_TEST(text(error) == error.message());
    return error.message();
}

} // namespace

// ---- initialization_error -------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(an_initialization_error_is_a_cause_and_a_type_of_its_own) { // E1, E2
    static_assert(std::is_convertible_v<cause, initialization_error>);
    static_assert(!std::is_convertible_v<initialization_error, cause>);
    static_assert(!std::is_constructible_v<result<void>, initialization_error>);
    static_assert(!std::is_constructible_v<run_result, initialization_error>);

    initialization_error const by_code = cause(asio::error::access_denied);
    BOOST_TEST(text(by_code) == "Permission denied");
    initialization_error const by_enumerator(errc::invalid_name);
    BOOST_TEST((by_enumerator.why().code() == errc::invalid_name));
    initialization_error const with_text(asio::error::address_in_use, "cannot listen on port 80");
    BOOST_TEST(text(with_text) == "cannot listen on port 80: Address already in use");
    initialization_error const by_text("no configuration");
    BOOST_TEST(text(by_text) == "no configuration");
    initialization_error const by_exception(std::make_exception_ptr(std::logic_error("x")));
    BOOST_TEST(text(by_exception) == "std::logic_error: x");
    BOOST_TEST(by_exception.path().empty());
}

BOOST_AUTO_TEST_CASE(an_initialization_error_from_below_has_a_path) { // E5
    initialization_error const error =
        initialization_error::below("storage/wal", cause("disk full"));
    BOOST_TEST(error.path() == "storage/wal");
    BOOST_TEST(error.why().message() == "disk full");
    BOOST_TEST(text(error) == "child 'storage/wal': disk full");
}

BOOST_AUTO_TEST_CASE(a_result_throws_what_an_initialization_error_holds) {
    using initialized = result<int, initialization_error>;
    auto const by_error = []() -> initialized {
        return initialization_error(asio::error::eof, "reading");
    };
    BOOST_CHECK_EXCEPTION((void)by_error().value(), system_error,
                          [](auto const& error) { return error.code() == asio::error::eof; });
    auto const by_exception = []() -> initialized {
        return initialization_error(std::make_exception_ptr(std::logic_error("x")));
    };
    BOOST_CHECK_THROW((void)by_exception().value(), std::logic_error);
    auto const by_cause = []() -> initialized { return cause(asio::error::eof); };
    BOOST_TEST((by_cause().error().why().code() == asio::error::eof));
    BOOST_TEST((make_error_code(by_cause().error()) == asio::error::eof)); // for Outcome
}

// ---- supervisor_error -----------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(E4_every_code_tells_its_story) {
    exit_reason const panic(exit_kind::panicked,
                            std::make_exception_ptr(std::runtime_error("boom")));
    BOOST_TEST(message(errc::no_children, {.supervisor = "app"}) ==
               "app: there are no children to run");
    BOOST_TEST(
        message(errc::failed_to_initialize,
                {.supervisor = "app",
                 .path = "storage/wal",
                 .exit = exit_reason(exit_kind::terminated, asio::error::no_buffer_space)}) ==
        "app: child 'storage/wal' failed to initialise: No buffer space available");
    BOOST_TEST(message(errc::restart_limit_exceeded, {.supervisor = "app",
                                                      .path = "wal",
                                                      .exit = panic,
                                                      .restarts = 3,
                                                      .intensity = {3, 10s}}) ==
               "app: gave up on child 'wal' after 3 restarts within 10s; it panicked: "
               "std::runtime_error: boom");
    BOOST_TEST(message(errc::restart_limit_exceeded,
                       {.supervisor = "app", .path = "wal", .restarts = 1}) ==
               "app: gave up on child 'wal' after 1 restart within 5s; it completed");
    BOOST_TEST(
        message(errc::restart_limit_exceeded,
                {.supervisor = "app", .path = "wal", .exit = panic, .intensity = {0, 10s}}) ==
        "app: gave up on child 'wal', since no restarts are allowed; it panicked: "
        "std::runtime_error: boom");
    BOOST_TEST(message(errc::significant_child_exited, {.supervisor = "app", .path = "main"}) ==
               "app: significant child 'main' completed");
    BOOST_TEST(message(errc::runtime_unavailable, {.supervisor = "app"}) ==
               "app: runtime unavailable");
    BOOST_TEST(message(errc::already_running, {.supervisor = "app"}) == "app: already running");
}

BOOST_AUTO_TEST_CASE(D8_a_shutdown_that_timed_out_names_the_children) {
    auto const code = errc::shutdown_timed_out;
    BOOST_TEST(message(code, {.supervisor = "app"}) == "app: shutdown timed out");
    BOOST_TEST(message(code, {.supervisor = "app", .aborted = {"a"}}) ==
               "app: shutdown timed out: aborted a");
    BOOST_TEST(message(code, {.supervisor = "app", .aborted = {"a", "b/c"}}) ==
               "app: shutdown timed out: aborted a and b/c");
    BOOST_TEST(message(code, {.supervisor = "app", .aborted = {"a", "b", "c"}}) ==
               "app: shutdown timed out: aborted a, b and c");
    BOOST_TEST(message(code, {.supervisor = "app", .abandoned = {"x"}}) ==
               "app: shutdown timed out: abandoned x");
    BOOST_TEST(message(code, {.supervisor = "app", .aborted = {"a"}, .abandoned = {"x", "y"}}) ==
               "app: shutdown timed out: aborted a; abandoned x and y");
}

BOOST_AUTO_TEST_CASE(all_of_the_story_can_be_read_also_from_copies) {
    static_assert(std::is_copy_constructible_v<supervisor_error>);
    static_assert(std::is_nothrow_move_constructible_v<supervisor_error>);
    supervisor_error const original(errc::restart_limit_exceeded,
                                    {.supervisor = "app.storage",
                                     .path = "wal",
                                     .exit = exit_reason(exit_kind::terminated, cause("disk full")),
                                     .restarts = 2,
                                     .intensity = {2, 1min},
                                     .aborted = {"a"},
                                     .abandoned = {"b"}});
    supervisor_error copy(errc::no_children, {});
    copy = original;
    for (supervisor_error const& error : {original, copy}) {
        BOOST_TEST((error.code() == errc::restart_limit_exceeded));
        BOOST_TEST(error.supervisor() == "app.storage");
        BOOST_TEST(error.path() == "wal");
        BOOST_TEST(error.exit().message() == "terminated: disk full");
        BOOST_TEST(error.restarts() == 2u);
        BOOST_TEST((error.intensity() == arborist::restart_intensity{2, 1min}));
        BOOST_TEST(error.aborted() == std::vector<std::string>{"a"},
                   boost::test_tools::per_element());
        BOOST_TEST(error.abandoned() == std::vector<std::string>{"b"},
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_run_result_throws_the_story) {
    static_assert(std::is_same_v<run_result, result<void, supervisor_error>>);
    run_result const failed = supervisor_error(errc::no_children, {.supervisor = "app"});
    BOOST_CHECK_EXCEPTION(failed.value(), system_error, [](auto const& error) {
        return error.code() == errc::no_children &&
               std::string(error.what()).starts_with("app: there are no children to run");
    });
    BOOST_TEST((make_error_code(failed.error()) == errc::no_children));
    run_result const well = boost::outcome_v2::success();
    BOOST_CHECK_NO_THROW(well.value());
}
