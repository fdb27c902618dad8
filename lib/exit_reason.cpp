// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/exit_reason.hpp>

#include <ostream>

namespace arborist::inline v0 {

char const* to_string(exit_kind kind) noexcept {
    switch (kind) {
    case exit_kind::completed:
        return "completed";
    case exit_kind::terminated:
        return "terminated";
    case exit_kind::panicked:
        return "panicked";
    case exit_kind::aborted:
        return "aborted";
    case exit_kind::abandoned:
        return "abandoned";
    }
    return "unknown exit";
}

std::ostream& operator<<(std::ostream& stream, exit_kind kind) {
    return stream << to_string(kind);
}

std::string exit_reason::message() const {
    std::string text = to_string(kind_);
    if (kind_ == exit_kind::terminated || kind_ == exit_kind::panicked)
        text += ": " + why_.message();
    return text;
}

std::ostream& operator<<(std::ostream& stream, exit_reason const& value) {
    return stream << value.message();
}

} // namespace arborist::inline v0
