// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W1, W4: starts children that do nothing, and stops them one after the other, the last first.

#include "caf_bench.hpp"

#include <future>
#include <vector>

namespace {

struct state {
    std::vector<caf::actor> children;
};

struct start {
    std::size_t left;
    std::promise<void> done = {};
};

caf::behavior child(caf::event_based_actor* self, start* what) {
    if (--what->left == 0)
        what->done.set_value();
    return bench::idle(self);
}

caf::behavior supervise(caf::stateful_actor<state>* self, start* what) {
    self->state.children.reserve(what->left);
    self->set_down_handler([self](caf::down_msg const&) {
        auto& children = self->state.children;
        children.pop_back();
        if (children.empty())
            self->quit();
        else
            self->send_exit(children.back(), caf::exit_reason::user_shutdown);
    });
    for (std::size_t i = what->left; i != 0; --i)
        self->state.children.push_back(self->spawn<caf::monitored>(child, what));
    return {[self](caf::close_atom) {
        self->send_exit(self->state.children.back(), caf::exit_reason::user_shutdown);
    }};
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 100'000}});
    std::size_t const children = given["children"];
    auto const each = static_cast<double>(children);
    bench::caf_system system;
    start what{children};
    auto const started = what.done.get_future();

    std::size_t const before = bench::resident();
    bench::stopwatch watch;
    {
        caf::actor const root = system->spawn(supervise, &what);
        started.wait();
        bench::report("start", "ns", watch.lap() / each);
        bench::report("memory", "bytes", static_cast<double>(bench::resident() - before) / each);
        watch.lap();
        caf::anon_send(root, caf::close_atom::value);
    }
    system->await_all_actors_done();
    bench::report("stop", "ns", watch.lap() / each);
}
