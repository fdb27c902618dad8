// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE errc
#include <arborist/errc.hpp>

#include <boost/system/error_code.hpp>
#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <utility>

using arborist::errc;
using boost::system::error_code;

namespace {

std::pair<errc, std::string> const messages[] = {
    {errc::invalid_name, "invalid name"},
    {errc::invalid_option, "invalid option"},
    {errc::no_children, "no children"},
    {errc::already_running, "already running"},
    {errc::failed_to_initialize, "failed to initialise"},
    {errc::restart_limit_exceeded, "restart limit exceeded"},
    {errc::significant_child_exited, "significant child exited"},
    {errc::shutdown_timed_out, "shutdown timed out"},
    {errc::runtime_unavailable, "runtime unavailable"},
    {errc::shutdown_requested, "shutdown requested"},
    {errc::task_dropped, "task dropped with its executor"},
    {errc::escalated, "exit escalated"},
    {errc::not_running, "not running"},
    {errc::no_such_child, "no such child"},
    {errc::ambiguous_name, "ambiguous name"},
    {errc::child_running, "child running"},
    {errc::child_abandoned, "child abandoned"},
    {errc::at_capacity, "at capacity"},
    {errc::start_cancelled, "start cancelled"},
    {errc::started_once, "started only once"},
    {errc::runtime_panicked, "runtime panicked"},
    {errc::no_dataspace, "no dataspace outside of a process"},
    {errc::dataspace_gone, "dataspace gone"},
    {errc::not_owner, "owned by another process"},
};

} // namespace

BOOST_AUTO_TEST_CASE(is_an_error_code_enum) {
    static_assert(boost::system::is_error_code_enum<errc>::value);
    static_assert(!boost::system::is_error_condition_enum<errc>::value);
    error_code const error = errc::no_children;
    BOOST_TEST((error == errc::no_children));
    BOOST_TEST((error != errc::invalid_name));
    BOOST_TEST(error.value() == static_cast<int>(errc::no_children));
}

BOOST_AUTO_TEST_CASE(every_value_is_an_error_and_has_its_message) {
    int expected = 1; // 0 would be success
    for (auto const& [value, message] : messages) {
        error_code const error = value;
        BOOST_TEST(error.value() == expected++);
        BOOST_TEST(error.failed());
        BOOST_TEST(error.message() == message);
        char buffer[64];
        BOOST_TEST(error.message(buffer, sizeof buffer) == message);
    }
}

BOOST_AUTO_TEST_CASE(messages_differ) {
    std::set<std::string> distinct;
    for (auto const& [value, message] : messages)
        distinct.insert(error_code(value).message());
    BOOST_TEST(distinct.size() == std::size(messages));
}

BOOST_AUTO_TEST_CASE(an_unknown_value_has_a_message_too) {
    int const after_the_last = static_cast<int>(std::size(messages)) + 1;
    for (int value : {-1, 0, after_the_last, 12345})
        BOOST_TEST(error_code(value, arborist::arborist_category()).message() ==
                   "unknown arborist error");
}

BOOST_AUTO_TEST_CASE(the_category_is_one_object) {
    auto const& category = arborist::arborist_category();
    static_assert(noexcept(arborist::arborist_category()));
    BOOST_TEST(&category == &arborist::arborist_category());
    BOOST_TEST(category.name() == std::string("arborist"));
    BOOST_TEST((error_code(errc::invalid_name).category() == category));
}

BOOST_AUTO_TEST_CASE(the_category_is_no_other) {
    auto const& category = arborist::arborist_category();
    BOOST_TEST((category != boost::system::generic_category()));
    BOOST_TEST((category != boost::system::system_category()));
    BOOST_TEST(error_code(errc::invalid_name) !=
               error_code(static_cast<int>(errc::invalid_name), boost::system::generic_category()));
}

BOOST_AUTO_TEST_CASE(maps_to_the_standard_library) {
    std::error_code const error = error_code(errc::task_dropped);
    BOOST_TEST(error.value() == static_cast<int>(errc::task_dropped));
    BOOST_TEST(error.message() == "task dropped with its executor");
    BOOST_TEST(error.category().name() == std::string("arborist"));
}
