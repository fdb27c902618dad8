// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// What a child may cost, as counts, which do not depend on the load of a machine: allocations and
// bytes, through operator new, of an idle child, and of a restart in the steady state. Fails if one
// is greater than bench/budget.tsv allows.
//
//   budget [BUDGET.TSV]
//   budget restarts=N       restarts a child N times, and does nothing else: to count instructions

#include "arborist/arborist_bench.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <new>
#include <sstream>
#include <string>
#include <string_view>

namespace {

namespace asio = boost::asio;

struct cost {
    double allocations = 0;
    double bytes = 0;

    friend cost operator-(cost const& a, cost const& b) {
        return {a.allocations - b.allocations, a.bytes - b.bytes};
    }
    friend cost operator/(cost const& a, double count) {
        return {a.allocations / count, a.bytes / count};
    }
};

cost allocated; // by the only thread

} // namespace

void* operator new(std::size_t size) {
    ++allocated.allocations;
    allocated.bytes += static_cast<double>(size);
    if (void* const memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace {

cost start_idle(std::size_t children) {
    cost const before = allocated;
    asio::io_context context(1);
    arborist::shutdown_source stop(context);
    bench::counters seen;
    arborist::supervisor root("root");
    root.observe(std::ref(seen));
    for (std::size_t i = 0; i != children; ++i)
        root.add(arborist::worker("child", bench::idle));
    root.async_run(context, stop.get_shutdown().async_wait(asio::deferred),
                   [](arborist::run_result) {});
    context.poll();
    cost const all = allocated - before;
    stop.request();
    context.restart();
    context.run();
    return all;
}

cost restart(std::size_t restarts) {
    cost const before = allocated;
    asio::io_context context(1);
    arborist::shutdown_source stop(context);
    arborist::supervisor root("root", {.intensity = arborist::unlimited});
    root.observe([&](arborist::event const& what) {
        if (what.kind == arborist::event_kind::child_restarting && --restarts == 0)
            stop.request();
    });
    root.add(arborist::worker("child", []() -> asio::awaitable<arborist::result<void>> {
        co_return boost::system::error_code(asio::error::connection_reset);
    }));
    root.async_run(context, stop.get_shutdown().async_wait(asio::deferred),
                   [](arborist::run_result) {});
    context.run();
    return allocated - before;
}

// False if a figure is greater than it may be.
bool print(std::string const& figure, double value, std::map<std::string, double> const& budget) {
    std::cout << figure << '\t' << value;
    auto const found = budget.find(figure);
    bool const exceeded = found != budget.end() && value > found->second;
    if (found != budget.end())
        std::cout << "\tof " << found->second << (exceeded ? ": EXCEEDED" : "");
    std::cout << '\n';
    return !exceeded;
}

std::map<std::string, double> read(char const* file) {
    std::map<std::string, double> budget;
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream parts(line);
        std::string figure;
        double limit = 0;
        if (parts >> figure >> limit)
            budget[figure] = limit;
    }
    return budget;
}

} // namespace

int main(int argc, char** argv) {
    arborist::log::disable();
    std::string_view const argument = argc > 1 ? argv[1] : "";
    if (argument.starts_with("restarts=")) {
        restart(std::strtoul(argument.data() + argument.find('=') + 1, nullptr, 10));
        return 0;
    }
    std::map<std::string, double> budget;
    if (!argument.empty() && (budget = read(argument.data())).empty()) {
        std::cerr << "budget: there is no budget in \"" << argument << "\"\n";
        return 64;
    }

    // Differences, so that what is there once does not count. Powers of two, so that what grows by
    // doubling is as full in both.
    (void)start_idle(64);
    cost const idle = (start_idle(4096) - start_idle(2048)) / 2048;
    cost const again = (restart(3000) - restart(1000)) / 2000;
    bool within = print("start.allocations", idle.allocations, budget);
    within = print("restart.allocations", again.allocations, budget) && within;
#if defined(__OPTIMIZE__) // frames are larger without
    within = print("start.bytes", idle.bytes, budget) && within;
    within = print("restart.bytes", again.bytes, budget) && within;
#endif
    return within ? 0 : 1;
}
