// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "platform.hpp"

#include <boost/core/demangle.hpp>

#include <typeinfo>

#if defined(__GLIBCXX__) || defined(_LIBCPPABI_VERSION) || __has_include(<cxxabi.h>)
#include <cxxabi.h>
#define ARBORIST_HAS_CXXABI
#endif

#if __has_include(<unistd.h>)
#include <unistd.h>
#define ARBORIST_HAS_UNISTD
#endif

namespace arborist::inline v0::platform {
namespace {

// The type of the exception being handled, also if it is not a std::exception.
std::string current_exception_type() {
#if defined(ARBORIST_HAS_CXXABI)
    if (std::type_info const* type = abi::__cxa_current_exception_type())
        return boost::core::demangle(type->name());
#endif
    return "an exception of unknown type";
}

} // namespace

std::string describe(std::exception_ptr const& exception) {
    try {
        std::rethrow_exception(exception);
    } catch (std::exception const& error) {
        return current_exception_type() + ": " + error.what();
    } catch (...) {
        return current_exception_type();
    }
}

bool is_terminal([[maybe_unused]] std::FILE* file) noexcept {
#if defined(ARBORIST_HAS_UNISTD)
    return ::isatty(::fileno(file)) == 1;
#else
    return false;
#endif
}

} // namespace arborist::inline v0::platform
