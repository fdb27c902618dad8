// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W6: supervisors in supervisors: each starts one below it, and stops when that has.

#include "caf_bench.hpp"

#include <future>

namespace {

struct state {
    caf::actor below;
};

// `above` is null for the root, whose readiness is the promise's.
caf::behavior level(caf::stateful_actor<state>* self, std::size_t depth, caf::actor above,
                    std::promise<void>* ready) {
    auto const tell_above = [above = caf::actor_cast<caf::actor_addr>(above), ready, self] {
        if (auto const to = caf::actor_cast<caf::actor>(above))
            self->send(to, caf::ok_atom::value);
        else
            ready->set_value();
    };
    if (depth == 0) {
        tell_above();
        return bench::idle(self);
    }
    self->set_exit_handler([self](caf::exit_msg const& message) {
        self->send_exit(self->state.below, message.reason);
    });
    self->set_down_handler([self](caf::down_msg const&) { self->quit(); });
    self->state.below =
        self->spawn<caf::monitored>(level, depth - 1, caf::actor_cast<caf::actor>(self), ready);
    return {[tell_above](caf::ok_atom) { tell_above(); }};
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"depth", 1000}});
    auto const depth = static_cast<double>(given["depth"]);
    bench::caf_system system;
    std::promise<void> ready;
    auto const is_ready = ready.get_future();
    bench::stopwatch watch;
    {
        caf::actor const root = system->spawn(level, given["depth"], caf::actor(), &ready);
        is_ready.wait();
        bench::report("nested.start", "ns", watch.lap() / depth);
        watch.lap();
        caf::anon_send_exit(root, caf::exit_reason::user_shutdown);
    }
    system->await_all_actors_done();
    bench::report("nested.stop", "ns", watch.lap() / depth);
}
