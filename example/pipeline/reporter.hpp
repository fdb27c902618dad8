// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_REPORTER_HPP
#define ARBORIST_EXAMPLE_PIPELINE_REPORTER_HPP

#include <arborist/process_shutdown.hpp>

#include "worklist.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace pipeline {

namespace asio = boost::asio;

/// Shows on standard error how far it is: as a bar, if that is a terminal, otherwise a line every
/// second. What is done it learns from the worklist; who is at what, from the claims.
[[nodiscard]] asio::awaitable<void> report(std::shared_ptr<worklist const> work,
                                           arborist::process_shutdown shutdown);

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_REPORTER_HPP
