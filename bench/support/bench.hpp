// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_BENCH_SUPPORT_BENCH_HPP
#define ARBORIST_BENCH_SUPPORT_BENCH_HPP

// What all benchmarks share, whatever they measure: parameters, a stopwatch, and how figures are
// printed, one on a line, for tools/bench.sh to collect.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace bench {

using clock = std::chrono::steady_clock;

/// `name=number` arguments, all optional; anything else ends the program with an explanation.
class parameters {
public:
    parameters(int argc, char** argv, std::map<std::string, std::size_t, std::less<>> defaults)
        : values_(std::move(defaults)) {
        for (int i = 1; i < argc; ++i) {
            std::string_view const argument = argv[i];
            auto const equals = argument.find('=');
            auto const found = values_.find(argument.substr(0, equals));
            char* end = nullptr;
            std::size_t const value =
                equals == argument.npos ? 0 : std::strtoul(argv[i] + equals + 1, &end, 10);
            if (found == values_.end() || value == 0 || *end != '\0')
                refuse(argv[0]);
            found->second = value;
        }
    }

    std::size_t operator[](std::string_view name) const { return values_.find(name)->second; }

private:
    [[noreturn]] void refuse(char const* program) const {
        std::cerr << "usage: " << program;
        for (auto const& [name, value] : values_)
            std::cerr << " [" << name << '=' << value << ']';
        std::cerr << ", all numbers positive\n";
        std::exit(64);
    }

    std::map<std::string, std::size_t, std::less<>> values_;
};

/// A line that tools/bench.sh understands: the figure, its unit, its value.
inline void report(std::string_view figure, std::string_view unit, double value) {
    std::printf("%.*s\t%.*s\t%.10g\n", static_cast<int>(figure.size()), figure.data(),
                static_cast<int>(unit.size()), unit.data(), value);
}

class stopwatch {
public:
    /// Nanoseconds since the last call, or the construction.
    double lap() {
        auto const now = clock::now();
        double const passed = std::chrono::duration<double, std::nano>(now - last_).count();
        last_ = now;
        return passed;
    }

private:
    clock::time_point last_ = clock::now();
};

/// Bytes of memory that belong to this process and are in use (RSS).
inline std::size_t resident() {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages >> pages;
    return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// Reports the median and the 99th percentile, and the percentiles in between for the plot.
inline void report_distribution(std::string const& figure, std::vector<double> nanoseconds) {
    std::ranges::sort(nanoseconds);
    auto const at = [&](double share) {
        auto const index =
            static_cast<std::size_t>(share * static_cast<double>(nanoseconds.size()));
        return nanoseconds[std::min(index, nanoseconds.size() - 1)];
    };
    for (double const percent : {1., 10., 25., 50., 75., 90., 95., 99., 99.9, 99.99}) {
        char name[32];
        std::snprintf(name, sizeof name, ".p%g", percent);
        report(figure + name, "ns", at(percent / 100));
    }
}

} // namespace bench

#endif // ARBORIST_BENCH_SUPPORT_BENCH_HPP
