// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_SUMMARY_HPP
#define ARBORIST_EXAMPLE_PIPELINE_SUMMARY_HPP

#include "restart_counts.hpp"
#include "worklist.hpp"

#include <chrono>
#include <string>

namespace pipeline {

/// "1500 of 1500 files, 17.3 MB in, 4.1 MB out (23.7 %), 43 restarts (22 of readers, 20 of
/// compressors, 1 of supervisors), 40 take-overs, 1.92 s, 9.0 MB/s"
[[nodiscard]] std::string to_line(totals const& done, restart_counts const& restarts,
                                  std::chrono::duration<double> took);

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_SUMMARY_HPP
