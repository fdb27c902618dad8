// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W3: one actor fails, all the others are stopped, one after the other, and all start again.

#include "caf_bench.hpp"

#include <vector>

namespace {

class group {
public:
    group(caf::event_based_actor* self, std::size_t children, std::size_t rounds)
        : self_(self), count_(children), rounds_(rounds) {
        children_.reserve(children);
    }

    void start() {
        for (std::size_t i = 0; i != count_; ++i)
            children_.push_back(self_->spawn<caf::monitored>(bench::idle));
        self_->send_exit(children_.back(), caf::sec::runtime_error); // as if it had failed
    }
    void ended() {
        children_.pop_back();
        if (!children_.empty())
            self_->send_exit(children_.back(), caf::exit_reason::user_shutdown);
        else if (rounds_-- != 0)
            start();
        else
            self_->quit();
    }

private:
    caf::event_based_actor* self_;
    std::size_t count_;
    std::size_t rounds_;
    std::vector<caf::actor> children_;
};

caf::behavior supervise(caf::event_based_actor* self, std::size_t children, std::size_t rounds) {
    auto const all = std::make_shared<group>(self, children, rounds);
    self->set_down_handler([all](caf::down_msg const&) { all->ended(); });
    all->start();
    return {[](caf::unit_t) {}};
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 1000}, {"rounds", 200}});
    bench::caf_system system;
    bench::stopwatch watch;
    caf::actor const root = system->spawn(supervise, given["children"], given["rounds"]);
    system->await_all_actors_done();
    bench::report("one_for_all", "ns",
                  watch.lap() / static_cast<double>(given["children"] * given["rounds"]));
}
