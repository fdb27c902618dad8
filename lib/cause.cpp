// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/cause.hpp>
#include <arborist/error.hpp>

#include "platform.hpp"

#include <boost/asio/multiple_exceptions.hpp>
#include <boost/system/system_error.hpp>

#include <ostream>
#include <utility>

namespace arborist::inline v0 {

struct cause::story {
    std::string what;
    std::shared_ptr<supervisor_error const> nested;
};

namespace {

// Call it while the exception is being handled.
cause code_of_first(boost::asio::multiple_exceptions const& error) {
    std::exception_ptr const all = std::current_exception();
    try {
        std::rethrow_exception(error.first_exception());
    } catch (boost::system::system_error const& first) {
        return {all, first.code()};
    } catch (...) {
        return {all};
    }
}

} // namespace

cause::cause() noexcept = default;
cause::cause(cause const&) noexcept = default;
cause::cause(cause&&) noexcept = default;
cause& cause::operator=(cause const&) noexcept = default;
cause& cause::operator=(cause&&) noexcept = default;
cause::~cause() = default;

cause::cause(boost::system::error_code code) noexcept : code_(code) {}

cause::cause(boost::system::error_code code, std::string what)
    : code_(code), story_(std::make_shared<story const>(story{std::move(what), nullptr})) {}

cause::cause(std::string what) : cause(boost::system::error_code(), std::move(what)) {}

cause::cause(std::exception_ptr exception, boost::system::error_code code) noexcept
    : code_(code), exception_(std::move(exception)) {}

cause::cause(supervisor_error error) : code_(error.code()) {
    auto nested = std::make_shared<supervisor_error const>(std::move(error));
    story_ = std::make_shared<story const>(story{nested->message(), nested});
}

cause cause::current() {
    try {
        throw;
    } catch (boost::system::system_error const& error) {
        return {std::current_exception(), error.code()};
    } catch (boost::asio::multiple_exceptions const& error) { // both sides of `a && b` threw
        return code_of_first(error);
    } catch (...) {
        return {std::current_exception()};
    }
}

boost::system::error_code const& cause::code() const noexcept {
    return code_;
}

std::exception_ptr const& cause::exception() const noexcept {
    return exception_;
}

supervisor_error const* cause::nested() const noexcept {
    return story_ ? story_->nested.get() : nullptr;
}

std::string cause::message() const {
    if (exception_)
        return platform::describe(exception_);
    if (story_ && (!code_.failed() || story_->nested))
        return story_->what;
    if (story_)
        return story_->what + ": " + code_.message();
    return code_.failed() ? code_.message() : "no cause given";
}

void cause::rethrow() const {
    if (exception_)
        std::rethrow_exception(exception_);
    if (story_)
        throw boost::system::system_error(code_, story_->what);
    throw boost::system::system_error(code_);
}

std::ostream& operator<<(std::ostream& stream, cause const& value) {
    return stream << value.message();
}

} // namespace arborist::inline v0
