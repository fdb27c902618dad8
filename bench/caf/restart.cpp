// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W2: actors that fail as soon as they run, and are started again.

#include "caf_bench.hpp"

namespace {

void fail(caf::event_based_actor* self) {
    self->quit(caf::sec::runtime_error);
}

struct state {
    std::size_t restarts = 0;
    std::size_t running = 0;
};

caf::behavior supervise(caf::stateful_actor<state>* self, std::size_t children,
                        std::size_t restarts) {
    self->state = {restarts, children};
    self->set_down_handler([self](caf::down_msg const&) {
        if (self->state.restarts != 0) {
            --self->state.restarts;
            self->spawn<caf::monitored>(fail);
        } else if (--self->state.running == 0) {
            self->quit();
        }
    });
    for (std::size_t i = 0; i != children; ++i)
        self->spawn<caf::monitored>(fail);
    return {[](caf::unit_t) {}};
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 1000}, {"restarts", 1'000'000}});
    bench::caf_system system;
    bench::stopwatch watch;
    caf::actor const root = system->spawn(supervise, given["children"], given["restarts"]);
    system->await_all_actors_done();
    bench::report("restart.value", "ns", watch.lap() / static_cast<double>(given["restarts"]));
}
