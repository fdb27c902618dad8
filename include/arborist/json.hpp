// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_JSON_HPP
#define ARBORIST_JSON_HPP

#include <arborist/config.hpp>
#include <arborist/snapshot.hpp>

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include <cstdint>

namespace arborist::inline v0 {

/// Changes when a program that reads the schema would have to; `doc/snapshot.adoc` has the schema,
/// and says what may be added without that.
inline constexpr std::int64_t snapshot_schema_version = 1;

/// Writes a snapshot as JSON, all of it: every child, and of the failure of a nested supervisor the
/// whole story. Bytes that are not UTF-8 become U+FFFD.
///
/// Uses no more stack for a deep tree than for a flat one. Boost.JSON does, to destroy the value
/// and to serialise it; a `storage` that need not be deallocated, such as a
/// `boost::json::monotonic_resource` of the caller's, saves the first.
[[nodiscard]] ARBORIST_DECL boost::json::value to_json(snapshot const& value,
                                                       boost::json::storage_ptr storage = {});

} // namespace arborist::inline v0

#endif // ARBORIST_JSON_HPP
