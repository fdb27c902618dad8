// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_ACCOUNTING_CHARGING_HPP
#define ARBORIST_TEST_ACCOUNTING_CHARGING_HPP

#include <arborist/accounting.hpp>
#include <arborist/detail/resource_tracking.hpp>

#include "current_process.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string_view>
#include <utility>

namespace arborist::inline v0 {

inline std::ostream& operator<<(std::ostream& stream, resource_usage const& usage) {
    return stream << usage.allocated_objects << " allocated (" << usage.allocated_bytes
                  << " bytes), " << usage.freed_objects << " freed (" << usage.freed_bytes
                  << " bytes), " << usage.cpu_time.count() << " ns";
}

} // namespace arborist::inline v0

namespace test {

using arborist::resource_usage;
using arborist::detail::resource_group;
using arborist::detail::tracker;

inline resource_usage memory(std::uint64_t allocated_objects, std::uint64_t allocated_bytes,
                             std::uint64_t freed_objects, std::uint64_t freed_bytes) {
    return {.allocated_bytes = allocated_bytes,
            .freed_bytes = freed_bytes,
            .allocated_objects = allocated_objects,
            .freed_objects = freed_objects};
}

/// Without the CPU time.
inline resource_usage memory(resource_usage usage) {
    usage.cpu_time = {};
    return usage;
}

inline thread_local void const* volatile last_seen = nullptr;

/// A compiler may leave out an allocation that nobody sees.
template <class T>
T* seen(T* object) {
    last_seen = object;
    return object;
}

using bytes = std::unique_ptr<char[]>;

inline bytes make_bytes(std::size_t size) {
    return bytes(seen(new char[size]));
}

/// A group, and a reference to it.
class group {
public:
    explicit group(std::string_view name = "group") : it_(tracker()->make_group(name)) {}
    group(group const&) = delete;
    group& operator=(group const&) = delete;
    ~group() { release(); }

    void release() {
        if (it_)
            tracker()->release(*std::exchange(it_, nullptr));
    }

    resource_group* get() const { return it_; }
    resource_usage usage() const { return tracker()->usage(*it_); }

private:
    resource_group* it_;
};

/// While it lives, this thread is charged to that group; null for nobody.
class charging {
public:
    explicit charging(resource_group* group) { turn_to(group); }
    explicit charging(group const& to) : charging(to.get()) {}
    charging(charging const&) = delete;
    charging& operator=(charging const&) = delete;
    ~charging() { turn_to(before_); }

private:
    // As the library does it.
    void turn_to(resource_group* next) {
        auto& place = arborist::detail::current();
        before_ = std::exchange(place.charged, next);
        tracker()->charge(before_, next);
    }

    resource_group* before_ = nullptr;
};

} // namespace test

#endif // ARBORIST_TEST_ACCOUNTING_CHARGING_HPP
