// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/identifier.hpp>

#include <ostream>

namespace arborist::inline v0 {

std::ostream& operator<<(std::ostream& stream, identifier const& value) {
    return value.is_name_ ? stream << value.name_ : stream << value.number_;
}

} // namespace arborist::inline v0
