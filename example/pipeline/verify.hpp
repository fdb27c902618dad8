// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_VERIFY_HPP
#define ARBORIST_EXAMPLE_PIPELINE_VERIFY_HPP

#include <filesystem>
#include <string>
#include <vector>

namespace pipeline {

/// Looks at what is there, and relies on nothing that was done before: whether every file of the
/// input is in the output, and is the same when it is decompressed, and whether no part of a file
/// was left. One sentence for each thing that is wrong.
/// @throws std::filesystem::filesystem_error
[[nodiscard]] std::vector<std::string> verify(std::filesystem::path const& input,
                                              std::filesystem::path const& output);

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_VERIFY_HPP
