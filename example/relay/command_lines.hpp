// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_COMMAND_LINES_HPP
#define ARBORIST_EXAMPLE_RELAY_COMMAND_LINES_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace relay {

/// What arrives at the control socket, in pieces of any size, as the lines that it is made of.
/// Never holds more than a line that is too long, and the piece that has made it so.
class command_lines {
public:
    /// With its newline.
    static constexpr std::size_t longest = 1024;

    void append(std::string_view piece) { received_ += piece; }

    /// Takes the first line, without its newline. Nothing if its end has yet to come.
    [[nodiscard]] std::optional<std::string> next();

    /// Whether the line that comes next is longer than it may be. There is none to be had then, and
    /// never will be: where the one after it begins is not known.
    [[nodiscard]] bool is_too_long() const noexcept;

private:
    std::string received_;
};

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_COMMAND_LINES_HPP
