// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_COMPRESSOR_HPP
#define ARBORIST_EXAMPLE_PIPELINE_COMPRESSOR_HPP

#include <arborist/arborist.hpp>

#include "bell.hpp"
#include "chaos.hpp"
#include "worklist.hpp"

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace pipeline {

namespace asio = boost::asio;

/// Compresses files that are loaded, one after the other, until all is done: a coroutine, on a
/// runtime whose threads it may keep busy.
class compressor {
public:
    /// `path` is that of the worker from the root.
    compressor(std::string path, std::filesystem::path output, int level,
               std::shared_ptr<worklist> work, std::shared_ptr<chaos> trouble);

    [[nodiscard]] asio::awaitable<arborist::result<void>>
    operator()(arborist::process_shutdown shutdown) const;

private:
    asio::awaitable<std::optional<loaded_file>>
    next(bell& changed, arborist::process_shutdown const& shutdown) const;
    asio::awaitable<arborist::result<void>>
    compress(loaded_file const& file, arborist::process_shutdown const& shutdown) const;

    std::string path_;
    std::filesystem::path output_;
    int level_;
    std::shared_ptr<worklist> work_;
    std::shared_ptr<chaos> trouble_;
};

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_COMPRESSOR_HPP
