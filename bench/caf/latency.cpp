// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W2: how long after its failure one of many actors runs again.

#include "caf_bench.hpp"

#include <vector>

namespace {

struct measured {
    std::size_t left;
    bench::clock::time_point failed = {};
    std::vector<double> latencies = {};
};

void fail(caf::event_based_actor* self, measured* what) {
    auto const now = bench::clock::now();
    if (what->failed != bench::clock::time_point())
        what->latencies.push_back(
            std::chrono::duration<double, std::nano>(now - what->failed).count());
    what->failed = bench::clock::now();
    self->quit(caf::sec::runtime_error);
}

struct state {
    std::vector<caf::actor> others;
    caf::actor_addr failing;
    std::size_t running = 0;
};

caf::behavior supervise(caf::stateful_actor<state>* self, std::size_t children, measured* what) {
    self->set_down_handler([self, what](caf::down_msg const& down) {
        state& now = self->state;
        if (down.source != now.failing) {
            if (--now.running == 0)
                self->quit();
        } else if (what->left-- != 0) {
            now.failing = self->spawn<caf::monitored>(fail, what).address();
        } else {
            for (caf::actor const& other : now.others)
                self->send_exit(other, caf::exit_reason::user_shutdown);
            now.others.clear();
        }
    });
    for (std::size_t i = 0; i != children; ++i)
        self->state.others.push_back(self->spawn<caf::monitored>(bench::idle));
    self->state.running = children;
    self->state.failing = self->spawn<caf::monitored>(fail, what).address();
    return {[](caf::unit_t) {}};
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 1000}, {"restarts", 200'000}});
    measured what{given["restarts"]};
    what.latencies.reserve(what.left);
    bench::caf_system system;
    caf::actor const root = system->spawn(supervise, given["children"], &what);
    system->await_all_actors_done();
    bench::report_distribution("latency", std::move(what.latencies));
}
