// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_LOG_HPP
#define ARBORIST_EXAMPLE_RELAY_LOG_HPP

#include <sstream>
#include <string>
#include <utility>

namespace relay {

enum class level { debug, info, warning };

[[nodiscard]] bool is_logged(level severity);
void log_line(level severity, std::string const& text);

/// Writes a line of our own between those of the tree, so that they read as one story:
/// `log(level::info, "upstream ", upstream, " is up")`.
template <class... Part>
void log(level severity, Part const&... parts) {
    if (!is_logged(severity))
        return;
    std::ostringstream line;
    (line << ... << parts);
    log_line(severity, std::move(line).str());
}

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_LOG_HPP
