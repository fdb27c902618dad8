// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_BENCH_CAF_CAF_BENCH_HPP
#define ARBORIST_BENCH_CAF_CAF_BENCH_HPP

// What the programs that measure CAF share. CAF has monitors and no supervisor, so each program
// writes the one that it needs: an actor that monitors its children and acts upon their `down_msg`.
// One thread, as all the others have.

#include "../support/bench.hpp"

#include <caf/all.hpp>

namespace bench {

/// An actor lives as long as somebody refers to it: hold what `spawn` returns.
class caf_system {
public:
    caf_system() : system_(configured(config_)) {}

    caf::actor_system* operator->() noexcept { return &system_; }

private:
    static caf::actor_system_config& configured(caf::actor_system_config& config) {
        config.set("scheduler.max-threads", 1);
        return config;
    }

    caf::actor_system_config config_;
    caf::actor_system system_;
};

/// Runs until it is told to exit.
inline caf::behavior idle(caf::event_based_actor*) {
    return {[](caf::unit_t) {}};
}

} // namespace bench

#endif // ARBORIST_BENCH_CAF_CAF_BENCH_HPP
