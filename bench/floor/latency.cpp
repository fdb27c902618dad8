// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W2: how long after its failure one of many children runs again.

#include "../support/bench.hpp"
#include "floor.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>

#include <exception>
#include <vector>

namespace {

namespace asio = boost::asio;

bench::awaitable<void> idle(bench::event& stop) {
    bench::event::node waiting;
    co_await stop.wait(waiting);
}

struct measured {
    std::size_t left;
    bench::clock::time_point failed = {};
    std::vector<double> latencies = {};
};

bench::awaitable<boost::system::error_code> fail(measured& what) {
    auto const now = bench::clock::now();
    if (what.failed != bench::clock::time_point())
        what.latencies.push_back(
            std::chrono::duration<double, std::nano>(now - what.failed).count());
    what.failed = bench::clock::now();
    co_return asio::error::connection_reset;
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 1000}, {"restarts", 200'000}});
    asio::io_context context(1);
    std::vector<bench::event> stop(given["children"]);
    measured what{given["restarts"]};
    what.latencies.reserve(what.left);
    for (bench::event& its : stop)
        asio::co_spawn(context, idle(its), [](std::exception_ptr) {});

    struct again {
        asio::io_context& context;
        measured& what;
        std::vector<bench::event>& stop;

        void operator()(std::exception_ptr, boost::system::error_code) const {
            asio::post(context, [self = *this] {
                if (self.what.left-- != 0)
                    asio::co_spawn(self.context, fail(self.what), self);
                else
                    for (bench::event& its : self.stop)
                        its.give();
            });
        }
    };
    asio::co_spawn(context, fail(what), again{context, what, stop});
    context.run();
    bench::report_distribution("latency", std::move(what.latencies));
}
