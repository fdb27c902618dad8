// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_READER_HPP
#define ARBORIST_EXAMPLE_PIPELINE_READER_HPP

#include <arborist/arborist.hpp>

#include "chaos.hpp"
#include "worklist.hpp"

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace pipeline {

/// Reads files, one after the other, until none is left: plain blocking C++, for a thread of its
/// own. It does not know that others read too, or that it may have had a predecessor.
class reader {
public:
    /// `path` is that of the worker from the root.
    reader(std::string path, std::filesystem::path input, std::shared_ptr<worklist> work,
           std::shared_ptr<chaos> trouble);

    [[nodiscard]] arborist::result<void> operator()(std::stop_token stop) const;

private:
    [[nodiscard]] arborist::result<void> load(unread_file const& file,
                                              std::stop_token const& stop) const;
    [[nodiscard]] arborist::result<std::vector<char>>
    contents_of(unread_file const& file, std::stop_token const& stop) const;

    std::string path_;
    std::filesystem::path input_;
    std::shared_ptr<worklist> work_;
    std::shared_ptr<chaos> trouble_;
};

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_READER_HPP
