// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W7: coroutines that do nothing but let others run; the same ones as arborist's.

#include "../support/bench.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <exception>

namespace {

namespace asio = boost::asio;

asio::awaitable<void> yield(std::size_t times) {
    for (std::size_t i = 0; i != times; ++i) {
        auto step = asio::post(asio::deferred);
        co_await std::move(step);
    }
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 100}, {"yields", 20'000}});
    asio::io_context context(1);
    bench::stopwatch watch;
    for (std::size_t i = 0; i != given["children"]; ++i)
        asio::co_spawn(context, yield(given["yields"]), [](std::exception_ptr) {});
    context.run();
    bench::report("yield", "ns",
                  watch.lap() / static_cast<double>(given["children"] * given["yields"]));
}
