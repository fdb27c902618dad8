// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_STDIO_FILE_HPP
#define ARBORIST_EXAMPLE_PIPELINE_STDIO_FILE_HPP

#include <arborist/cause.hpp>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

// Files of the C library, whose functions say why they failed, which streams do not.
namespace pipeline {

struct close_file {
    void operator()(std::FILE* file) const noexcept;
};
using stdio_file = std::unique_ptr<std::FILE, close_file>;

/// Null if it fails; see @ref last_error.
[[nodiscard]] stdio_file open_file(std::filesystem::path const& path, char const* mode);

/// What the function of the C library that has just failed left in `errno`.
[[nodiscard]] std::error_code last_error() noexcept;

/// "cannot read '/some/file': Permission denied"
[[nodiscard]] arborist::cause failure(std::string const& what, std::filesystem::path const& path,
                                      std::error_code const& why);

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_STDIO_FILE_HPP
