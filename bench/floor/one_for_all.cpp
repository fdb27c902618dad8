// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W3: one child fails, all the others are stopped, one after the other, and all start again.

#include "../support/bench.hpp"
#include "floor.hpp"

#include <exception>
#include <vector>

namespace {

namespace asio = boost::asio;

bench::awaitable<void> idle(bench::event& stop) {
    bench::event::node waiting;
    co_await stop.wait(waiting);
}

class group {
public:
    group(asio::io_context& context, std::size_t children, std::size_t rounds)
        : context_(context), stop_(children), rounds_(rounds) {}

    void start() {
        for (bench::event& its : stop_)
            asio::co_spawn(context_, idle(its), [this](std::exception_ptr) { ended(); });
        left_ = stop_.size();
        asio::post(context_, [this] { stop_.back().give(); }); // as if it had failed
    }

private:
    void ended() {
        if (--left_ != 0)
            asio::post(context_, [this] { stop_[left_ - 1].give(); });
        else if (rounds_-- != 0)
            asio::post(context_, [this] { start(); });
    }

    asio::io_context& context_;
    std::vector<bench::event> stop_;
    std::size_t rounds_;
    std::size_t left_ = 0;
};

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 1000}, {"rounds", 200}});
    asio::io_context context(1);
    group children(context, given["children"], given["rounds"]);
    bench::stopwatch watch;
    children.start();
    context.run();
    bench::report("one_for_all", "ns",
                  watch.lap() / static_cast<double>(given["children"] * given["rounds"]));
}
