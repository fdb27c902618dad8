// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W5: actors that do nothing, started and waited for in batches.

#include "caf_bench.hpp"

namespace {

constexpr std::size_t batch = 1000;

struct state {
    std::size_t to_start = 0;
    std::size_t running = 0;
};

void nothing(caf::event_based_actor*) {}

void start_batch(caf::stateful_actor<state>* self) {
    state& now = self->state;
    for (; now.to_start != 0 && now.running != batch; --now.to_start, ++now.running)
        self->spawn<caf::monitored>(nothing);
}

caf::behavior join(caf::stateful_actor<state>* self, std::size_t tasks) {
    self->state.to_start = tasks;
    self->set_down_handler([self](caf::down_msg const&) {
        if (--self->state.running != 0)
            return;
        start_batch(self);
        if (self->state.running == 0)
            self->quit();
    });
    start_batch(self);
    return {[](caf::unit_t) {}};
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"tasks", 1'000'000}});
    bench::caf_system system;
    bench::stopwatch watch;
    caf::actor const root = system->spawn(join, given["tasks"]);
    system->await_all_actors_done();
    bench::report("join", "ns", watch.lap() / static_cast<double>(given["tasks"]));
}
