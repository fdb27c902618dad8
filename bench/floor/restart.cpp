// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W2: children that fail as soon as they run, by value or by exception, and are started again.

#include "../support/bench.hpp"
#include "floor.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <exception>

namespace {

namespace asio = boost::asio;

bench::awaitable<boost::system::error_code> fail_by_value() {
    co_return asio::error::connection_reset;
}

bench::awaitable<boost::system::error_code> fail_by_exception() {
    throw boost::system::system_error(asio::error::connection_reset);
    co_return boost::system::error_code();
}

template <class Child>
double nanoseconds(Child child, std::size_t children, std::size_t restarts) {
    struct again {
        asio::io_context& context;
        Child child;
        std::size_t& left;

        void operator()(std::exception_ptr, boost::system::error_code) const {
            if (left == 0)
                return;
            --left;
            // Not from here: a child that fails at once would be started within itself.
            asio::post(context,
                       [self = *this] { asio::co_spawn(self.context, self.child(), self); });
        }
    };
    asio::io_context context(1);
    std::size_t left = restarts;
    bench::stopwatch watch;
    for (std::size_t i = 0; i != children; ++i)
        asio::co_spawn(context, child(), again{context, child, left});
    context.run();
    return watch.lap() / static_cast<double>(restarts);
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 1000}, {"restarts", 1'000'000}});
    std::size_t const children = given["children"];
    std::size_t const restarts = given["restarts"];
    bench::report("restart.value", "ns", nanoseconds(fail_by_value, children, restarts));
    bench::report("restart.exception", "ns",
                  nanoseconds(fail_by_exception, children, restarts / 10 + 1));
}
