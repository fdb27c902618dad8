// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// The small pieces, of which no program would do nothing else. With Google Benchmark, whose options
// it takes; tools/bench.sh runs it.

#include <arborist/arborist.hpp>
#include <arborist/dataspace.hpp>
#include <arborist/json.hpp>
#include <arborist/log.hpp>

#include "name.hpp"
#include "policy/machine.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>

#include <benchmark/benchmark.h>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace policy = arborist::policy;

// Starts a machine of so many children, which are all ready at once.
policy::machine running(std::size_t children) {
    policy::machine machine({.intensity = arborist::unlimited});
    for (std::size_t i = 0; i != children; ++i)
        machine.add({.initializes = false});
    auto const resumes = [](auto actions) {
        return !actions.empty() && actions.back().kind == policy::action_kind::resume;
    };
    bool more = resumes(machine.step(policy::event::begin(), policy::time_point()));
    while (more)
        more = resumes(machine.step(policy::event::resume(), policy::time_point()));
    return machine;
}

// A child fails, and the machine says to start it again.
void policy_restart(benchmark::State& state) {
    auto const children = static_cast<std::size_t>(state.range(0));
    policy::machine machine = running(children);
    policy::time_point now;
    policy::child_index child = 0;
    for (auto _ : state) {
        now += std::chrono::microseconds(1);
        benchmark::DoNotOptimize(machine.step(
            policy::event::child_exited{{child, machine.number(child)}, policy::ending::abnormal},
            now));
        child = (child + 1) % static_cast<policy::child_index>(children);
    }
    if (machine.number(0) < 2)
        state.SkipWithError("nobody was restarted");
}
BENCHMARK(policy_restart)->Arg(10)->Arg(1000)->Arg(100'000);

void sanitize_name(benchmark::State& state, std::string_view name) {
    for (auto _ : state)
        benchmark::DoNotOptimize(arborist::name::sanitize(name));
}
BENCHMARK_CAPTURE(sanitize_name, clean, "acceptor");
BENCHMARK_CAPTURE(sanitize_name, replaced, "acceptor of [::1]:8080, \"primary\"");

asio::awaitable<void> idle(arborist::process_shutdown shutdown) {
    auto wait = shutdown.async_wait(asio::deferred);
    co_await std::move(wait);
}

// Runs a tree of so many children, and takes a snapshot when all are there.
arborist::snapshot snapshot_of(std::size_t children) {
    asio::io_context context(1);
    arborist::shutdown_source stop(context);
    arborist::supervisor root("root");
    for (std::size_t i = 0; i != children; ++i)
        root.add(arborist::worker("child", idle));
    arborist::supervisor_handle const handle = root.handle();
    root.async_run(context, stop.get_shutdown().async_wait(asio::deferred),
                   [](arborist::run_result) {});
    context.poll();
    arborist::snapshot result = handle.snapshot();
    stop.request();
    context.restart();
    context.run();
    return result;
}

void snapshot_to_json(benchmark::State& state) {
    auto const children = static_cast<std::size_t>(state.range(0));
    arborist::snapshot const taken = snapshot_of(children);
    if (taken.nodes.size() != children + 1)
        state.SkipWithError("not all are there");
    for (auto _ : state)
        benchmark::DoNotOptimize(boost::json::serialize(arborist::to_json(taken)));
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(taken.nodes.size()));
}
BENCHMARK(snapshot_to_json)->Arg(10)->Arg(1000);

// A value is published, and each subscription receives it.
void dataspace_publish(benchmark::State& state) {
    arborist::dataspace const data;
    std::vector<arborist::subscription<std::int64_t>> all;
    for (std::int64_t i = 0; i != state.range(0); ++i)
        all.push_back(data.subscribe<std::int64_t>());
    std::int64_t value = 0;
    for (auto _ : state) {
        if (!data.publish("value", ++value))
            state.SkipWithError("not published");
        for (auto& each : all)
            if (auto const change = each.try_receive(); !change || **change != value)
                state.SkipWithError("not received");
    }
}
BENCHMARK(dataspace_publish)->Arg(0)->Arg(1)->Arg(10);

// A coroutine waits for a request, which is made, and goes on.
void shutdown_wait(benchmark::State& state) {
    asio::io_context context(1);
    std::int64_t ended = 0;
    for (auto _ : state) {
        arborist::shutdown_source source(context);
        source.get_shutdown().async_wait([&](auto const&...) { ++ended; });
        source.request();
        context.restart();
        context.run();
    }
    if (ended != state.iterations())
        state.SkipWithError("not all went on");
}
BENCHMARK(shutdown_wait);

} // namespace

int main(int argc, char** argv) {
    arborist::log::disable();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 64;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}
