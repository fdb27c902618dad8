// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "summary.hpp"

#include "amount.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>
#include <utility>

namespace pipeline {

std::string to_line(totals const& done, restart_counts const& restarts,
                    std::chrono::duration<double> took) {
    auto const readers = restarts.of("pipeline.reading");
    auto const compressors = restarts.of("pipeline.compressing");
    auto const supervisors = restarts.of("pipeline");
    auto const in = static_cast<double>(done.bytes_done);
    auto const out = static_cast<double>(done.bytes_written);
    std::ostringstream text;
    text << std::fixed << std::setprecision(1);
    text << done.files_done << " of " << done.files << " files, " << amount{done.bytes_done}
         << " in, " << amount{done.bytes_written} << " out (" << 100 * out / std::max(in, 1.0)
         << " %), ";
    text << readers + compressors + supervisors << " restarts (" << readers << " of readers, "
         << compressors << " of compressors, " << supervisors << " of supervisors), "
         << done.take_overs << " take-overs, ";
    text << std::setprecision(2) << took.count() << " s, ";
    text << std::setprecision(1) << in / 1e6 / took.count() << " MB/s";
    return std::move(text).str();
}

} // namespace pipeline
