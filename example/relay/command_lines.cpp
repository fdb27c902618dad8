// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "command_lines.hpp"

namespace relay {

std::optional<std::string> command_lines::next() {
    std::size_t const end = received_.find('\n');
    if (end == std::string::npos || end >= longest)
        return std::nullopt;
    std::string line = received_.substr(0, end);
    received_.erase(0, end + 1);
    return line;
}

bool command_lines::is_too_long() const noexcept {
    return received_.size() >= longest && received_.find('\n') >= longest;
}

} // namespace relay
