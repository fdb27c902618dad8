// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/child_id.hpp>

#include <ostream>

namespace arborist::inline v0 {

std::ostream& operator<<(std::ostream& stream, child_id value) {
    return stream << value.value();
}

} // namespace arborist::inline v0
