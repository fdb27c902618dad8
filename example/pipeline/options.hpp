// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_OPTIONS_HPP
#define ARBORIST_EXAMPLE_PIPELINE_OPTIONS_HPP

#include <arborist/log.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

namespace pipeline {

/// What the command line says.
struct options {
    std::filesystem::path input;
    std::filesystem::path output;
    /// That compress.
    std::size_t threads;
    std::size_t readers;
    /// From 1, fast, to 9, small.
    int level;
    /// Nothing: no failures on purpose.
    std::optional<std::uint64_t> chaos_seed;
    /// Nothing: no log.
    std::optional<arborist::log::severity> log;
    /// Not empty: to be printed, and nothing else to be done.
    std::string information;
};

/// One sentence, which names the option and its value.
struct usage_error : std::runtime_error {
    using runtime_error::runtime_error;
};

/// @throws usage_error
[[nodiscard]] options parse_options(int argc, char const* const* argv);

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_OPTIONS_HPP
