// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_SCANNER_HPP
#define ARBORIST_EXAMPLE_PIPELINE_SCANNER_HPP

#include <arborist/arborist.hpp>

#include "worklist.hpp"

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace pipeline {

namespace asio = boost::asio;

/// Finds out what there is to do, and whether it can be done: it lists the input, and tries to
/// write to the output directory. All of that is its initialisation, since if it fails there is
/// nothing to restart: the program ends, and says why.
class scanner {
public:
    scanner(std::filesystem::path input, std::filesystem::path output,
            std::shared_ptr<worklist> work);

    std::string_view name() const { return "scanner"; }
    /// When the list is complete, it has completed.
    arborist::restart_type restart() const { return arborist::transient; }
    asio::awaitable<arborist::initialization> initialize(arborist::process_shutdown shutdown);

private:
    asio::awaitable<arborist::result<std::vector<input_file>>> list() const;

    std::filesystem::path input_;
    std::filesystem::path output_;
    std::shared_ptr<worklist> work_;
};
static_assert(arborist::supervisable<scanner>);

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_SCANNER_HPP
