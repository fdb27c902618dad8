// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_NEW_FILE_HPP
#define ARBORIST_EXAMPLE_PIPELINE_NEW_FILE_HPP

#include <arborist/result.hpp>

#include <filesystem>
#include <span>

namespace pipeline {

/// What is appended to the name of a file that is not complete.
inline constexpr char const* part_suffix = ".part";

/// A file that appears under its name when it is complete, and not before. Until then it has
/// another one, and goes with this object.
///
/// What was left there by a program that was killed is overwritten. Two of these for one name would
/// overwrite each other: whoever makes one has a claim.
class new_file {
public:
    explicit new_file(std::filesystem::path target);
    new_file(new_file const&) = delete;
    new_file& operator=(new_file const&) = delete;
    ~new_file();

    /// Writes all of it, and makes the directories that are missing.
    [[nodiscard]] arborist::result<void> write(std::span<char const> contents);
    /// Gives it its name, in the place of a file that has it already. Atomic for who looks at the
    /// directory; that it survives a power failure is not promised.
    [[nodiscard]] arborist::result<void> appear();

private:
    std::filesystem::path const target_;
    /// Empty once it has appeared.
    std::filesystem::path part_;
};

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_NEW_FILE_HPP
