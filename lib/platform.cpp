// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "platform.hpp"

#include <boost/core/demangle.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <typeinfo>

#if defined(__GLIBCXX__) || defined(_LIBCPPABI_VERSION) || __has_include(<cxxabi.h>)
#include <cxxabi.h>
#define ARBORIST_HAS_CXXABI
#endif

#if defined(__linux__)
#include <pthread.h>
#include <sched.h>
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

void name_this_thread([[maybe_unused]] char const* name) noexcept {
#if defined(__linux__)
    ::pthread_setname_np(::pthread_self(), name);
#endif
}

void set_processors([[maybe_unused]] boost::thread::attributes& attributes,
                    [[maybe_unused]] std::vector<unsigned> const& processors) {
    int error = static_cast<int>(boost::system::errc::not_supported);
#if defined(__linux__)
    cpu_set_t set;
    CPU_ZERO(&set);
    for (unsigned const each : processors) {
        if (each >= CPU_SETSIZE)
            throw boost::system::system_error(
                make_error_code(boost::system::errc::invalid_argument),
                "processor " + std::to_string(each));
        CPU_SET(each, &set);
    }
    error = ::pthread_attr_setaffinity_np(attributes.native_handle(), sizeof set, &set);
#endif
    if (error != 0)
        throw boost::system::system_error(error, boost::system::generic_category(),
                                          "the processors of a thread");
}

} // namespace arborist::inline v0::platform
