// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE cause
#include <arborist/cause.hpp>
#include <arborist/error.hpp>
#include <arborist/result.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <boost/system/errc.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace asio = boost::asio;
using arborist::cause;
using arborist::errc;
using arborist::result;
using arborist::supervisor_error;
using boost::system::error_code;
using boost::system::system_error;

namespace {

namespace app {
struct strange {};
class failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};
} // namespace app

template <class Exception>
cause caught(Exception exception) {
    try {
        throw std::move(exception);
    } catch (...) {
        return cause::current();
    }
}

// What rethrow() throws, as "code: what".
std::string thrown_by(cause const& why) {
    try {
        why.rethrow();
    } catch (system_error const& error) {
        return error.code().to_string() + " " + error.what();
    }
}

std::string printed(cause const& why) {
    std::ostringstream stream;
    stream << why;
    return stream.str();
}

} // namespace

BOOST_AUTO_TEST_CASE(no_cause) {
    cause const none;
    BOOST_TEST(!none.code().failed());
    BOOST_TEST((none.exception() == nullptr));
    BOOST_TEST((none.nested() == nullptr));
    BOOST_TEST(none.message() == "no cause given");
    BOOST_CHECK_THROW(none.rethrow(), system_error);
    BOOST_TEST(cause(error_code()).message() == "no cause given");
}

BOOST_AUTO_TEST_CASE(of_an_error_code) {
    static_assert(std::is_convertible_v<error_code, cause>);
    static_assert(std::is_nothrow_constructible_v<cause, error_code>);
    cause const why = error_code(asio::error::access_denied);
    BOOST_TEST((why.code() == asio::error::access_denied));
    BOOST_TEST(why.message() == "Permission denied");
    BOOST_TEST((why.exception() == nullptr));
    BOOST_TEST(thrown_by(why).starts_with(why.code().to_string()));
    BOOST_TEST(thrown_by(why).find("Permission denied") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(of_an_enumerator) {
    static_assert(std::is_convertible_v<errc, cause>);
    static_assert(std::is_convertible_v<asio::error::misc_errors, cause>);
    static_assert(!std::is_constructible_v<cause, int>);
    static_assert(!std::is_constructible_v<cause, bool>);
    cause const ours = errc::invalid_name;
    BOOST_TEST((ours.code() == errc::invalid_name));
    BOOST_TEST(ours.message() == "invalid name");
    cause const theirs = asio::error::eof;
    BOOST_TEST((theirs.code() == asio::error::eof));
    BOOST_TEST(theirs.message() == "End of file");
}

BOOST_AUTO_TEST_CASE(of_a_code_and_a_message) {
    cause const why(asio::error::address_in_use, "cannot listen on port 80");
    BOOST_TEST((why.code() == asio::error::address_in_use));
    BOOST_TEST(why.message() == "cannot listen on port 80: Address already in use");
    BOOST_TEST(thrown_by(why).find("cannot listen on port 80: Address already in use") !=
               std::string::npos);
    cause const success(error_code(), "not an error");
    BOOST_TEST(success.message() == "not an error");
}

BOOST_AUTO_TEST_CASE(of_a_message) {
    static_assert(std::is_constructible_v<cause, std::string>);
    static_assert(std::is_constructible_v<cause, char const*>);
    static_assert(!std::is_convertible_v<std::string, cause>);
    for (cause const& why : {cause("out of paper"), cause(std::string("out of paper"))}) {
        BOOST_TEST(!why.code().failed());
        BOOST_TEST(why.message() == "out of paper");
        BOOST_TEST((why.exception() == nullptr));
        BOOST_TEST(thrown_by(why).find("out of paper") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(of_an_exception) { // E3
    static_assert(std::is_convertible_v<std::exception_ptr, cause>);
    cause const why = std::make_exception_ptr(std::out_of_range("index"));
    BOOST_TEST(!why.code().failed());
    BOOST_TEST((why.exception() != nullptr));
    BOOST_TEST(why.message() == "std::out_of_range: index");
    BOOST_CHECK_THROW(why.rethrow(), std::out_of_range);

    BOOST_TEST(caught(app::failure("disk")).message().ends_with("app::failure: disk"));
    BOOST_TEST(caught(app::strange()).message().ends_with("app::strange"));
    BOOST_TEST(caught(42).message() == "int");
    BOOST_CHECK_THROW(caught(42).rethrow(), int);
    cause const null = std::exception_ptr();
    BOOST_TEST(null.message() == "no cause given");
}

BOOST_AUTO_TEST_CASE(of_the_current_exception_with_its_code) {
    cause const why = caught(system_error(asio::error::eof, "reading"));
    BOOST_TEST((why.code() == asio::error::eof));
    BOOST_TEST(why.message().find("system_error: reading: End of file") != std::string::npos);
    BOOST_CHECK_EXCEPTION(why.rethrow(), system_error,
                          [](auto const& error) { return error.code() == asio::error::eof; });
    BOOST_TEST(!caught(std::logic_error("x")).code().failed());

    // Without being looked into.
    cause const unknown = std::make_exception_ptr(system_error(asio::error::eof));
    BOOST_TEST(!unknown.code().failed());
    cause const known(std::make_exception_ptr(system_error(asio::error::eof)), asio::error::eof);
    BOOST_TEST((known.code() == asio::error::eof));
}

BOOST_AUTO_TEST_CASE(of_several_exceptions_with_the_code_of_the_first) {
    auto const first = std::make_exception_ptr(system_error(asio::error::eof));
    cause const why = caught(asio::multiple_exceptions(first));
    BOOST_TEST((why.code() == asio::error::eof));
    BOOST_CHECK_THROW(why.rethrow(), asio::multiple_exceptions);
    cause const without =
        caught(asio::multiple_exceptions(std::make_exception_ptr(std::logic_error("x"))));
    BOOST_TEST(!without.code().failed());
    BOOST_CHECK_THROW(without.rethrow(), asio::multiple_exceptions);
}

BOOST_AUTO_TEST_CASE(of_the_error_of_a_nested_supervisor) {
    static_assert(std::is_convertible_v<supervisor_error, cause>);
    cause const inner = supervisor_error(errc::no_children, {.supervisor = "app.storage"});
    BOOST_TEST((inner.code() == errc::no_children));
    BOOST_TEST(inner.message() == "app.storage: there are no children to run");
    BOOST_TEST_REQUIRE((inner.nested() != nullptr));
    BOOST_TEST((inner.nested()->code() == errc::no_children));
    BOOST_TEST(inner.nested()->supervisor() == "app.storage");
    BOOST_TEST((inner.exception() == nullptr));
    BOOST_TEST(thrown_by(inner).find("app.storage: there are no children") != std::string::npos);

    // And that of one below that one.
    cause const outer =
        supervisor_error(errc::restart_limit_exceeded,
                         {.supervisor = "app",
                          .path = "storage",
                          .exit = arborist::exit_reason(arborist::exit_kind::terminated, inner)});
    BOOST_TEST_REQUIRE((outer.nested() != nullptr));
    BOOST_TEST_REQUIRE((outer.nested()->exit().why().nested() != nullptr));
    BOOST_TEST(outer.nested()->exit().why().nested()->supervisor() == "app.storage");
}

BOOST_AUTO_TEST_CASE(copies_are_independent_and_say_the_same) {
    static_assert(std::is_nothrow_copy_constructible_v<cause>);
    static_assert(std::is_nothrow_copy_assignable_v<cause>);
    static_assert(std::is_nothrow_move_constructible_v<cause>);
    static_assert(std::is_nothrow_move_assignable_v<cause>);
    cause const originals[] = {
        cause(),
        cause(asio::error::eof),
        cause(asio::error::eof, "reading"),
        cause("text"),
        caught(std::logic_error("x")),
        supervisor_error(errc::no_children, {.supervisor = "app"}),
    };
    for (cause const& original : originals) {
        std::string const message = original.message();
        cause copy = original; // NOLINT(performance-unnecessary-copy-initialization)
        BOOST_TEST(copy.message() == message);
        BOOST_TEST((copy.code() == original.code()));
        BOOST_TEST((copy.exception() == original.exception()));
        cause moved = std::move(copy);
        BOOST_TEST(moved.message() == message);
        BOOST_TEST(printed(moved) == message);
        copy = moved;
        moved = cause("other");
        BOOST_TEST(copy.message() == message);
        moved = std::move(copy);
        BOOST_TEST(moved.message() == message);
        BOOST_TEST(original.message() == message);
    }
}

BOOST_AUTO_TEST_CASE(codes_enumerators_and_causes_become_results) {
    using owner = result<std::unique_ptr<int>>;
    auto const by_code = []() -> owner { return error_code(asio::error::eof); };
    auto const by_enumerator = []() -> owner { return asio::error::eof; };
    auto const by_our_enumerator = []() -> owner { return errc::invalid_name; };
    auto const by_cause = []() -> owner { return cause("out of paper"); };
    auto const good = []() -> owner { return std::make_unique<int>(7); };
    BOOST_TEST((by_code().error().code() == asio::error::eof));
    BOOST_TEST((by_enumerator().error().code() == asio::error::eof));
    BOOST_TEST((by_our_enumerator().error().code() == errc::invalid_name));
    BOOST_TEST(by_cause().error().message() == "out of paper");
    BOOST_TEST(*good().value() == 7);
    auto const nothing = []() -> result<void> { return boost::outcome_v2::success(); };
    BOOST_TEST(nothing().has_value());
    BOOST_TEST((make_error_code(by_code().error()) == asio::error::eof)); // for Outcome
}

BOOST_AUTO_TEST_CASE(a_result_may_hold_a_string_or_a_number) {
    // Outcome converts nothing if the value converts to the error.
    BOOST_TEST((std::is_convertible_v<cause, result<int>>));
    BOOST_TEST((std::is_convertible_v<error_code, result<int>>));
    BOOST_TEST((std::is_convertible_v<int, result<int>>));
    BOOST_TEST((std::is_convertible_v<cause, result<std::string>>));
    BOOST_TEST((std::is_convertible_v<error_code, result<std::string>>));
    BOOST_TEST((std::is_convertible_v<std::string, result<std::string>>));
}

BOOST_AUTO_TEST_CASE(value_throws_what_the_cause_holds) {
    result<int> const code = cause(asio::error::eof, "reading");
    BOOST_CHECK_EXCEPTION((void)code.value(), system_error, [](auto const& error) {
        return error.code() == asio::error::eof &&
               std::string(error.what()).find("reading: End of file") != std::string::npos;
    });
    result<void> const exception = caught(app::failure("disk"));
    BOOST_CHECK_THROW(exception.value(), app::failure);
    result<void> const message = cause("text");
    BOOST_CHECK_EXCEPTION(message.value(), system_error, [](auto const& error) {
        return std::string(error.what()).find("text") != std::string::npos;
    });
}
