// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TESTING_TRIAL_HPP
#define ARBORIST_TESTING_TRIAL_HPP

#include <arborist/error.hpp>
#include <arborist/result.hpp>
#include <arborist/supervisor.hpp>
#include <arborist/supervisor_handle.hpp>
#include <arborist/testing/config.hpp>
#include <arborist/testing/simulation.hpp>

#include <memory>
#include <string>
#include <vector>

namespace arborist::inline v0::testing {

/// A tree that runs in a simulation, and is watched: whatever its workers do, and whatever goes
/// wrong with them, some things must hold.
///
/// - A child never has two living processes, unless the older one is abandoned (D9).
/// - Nothing is started once its supervisor stops (R9), nor while that does not run.
/// - Every process that was started exits once, and is reported once (O1, D9).
/// - Within a window there are no more restarts than the intensity allows (R3).
/// - Children are stopped in the order that was chosen (D2, D3).
/// - A supervisor that stops has stopped within the time that its options allow (D1, D4, D9): the
///   sum, or the largest, of what its children may take, down to the last of them.
/// - When a supervisor has ended, so have all below it, but for those that are abandoned.
/// - What a snapshot shows is what the events have told (O2).
/// - While it runs, it keeps its execution context running (D12).
///
/// They are checked after every step of the simulation. For them to be told apart, supervisors
/// that have the same parent must have different names; and once a supervisor was abandoned, what
/// is below it is not checked any more, since there may be two of it. Since it takes a handle, a
/// tree without children idles (S6).
class ARBORIST_TESTING_DECL trial {
public:
    /// Starts the tree; nothing happens before the first step of `world`, which must outlive this.
    trial(simulation& world, supervisor tree);
    trial(trial const&) = delete;
    trial& operator=(trial const&) = delete;
    /// The tree goes on, as long as the simulation does; nobody looks.
    ~trial();

    [[nodiscard]] supervisor_handle handle() const;
    /// Whether all children are initialised (S5).
    [[nodiscard]] bool is_ready() const;
    [[nodiscard]] bool has_ended() const noexcept;
    /// How it has ended. @pre `has_ended()`
    [[nodiscard]] run_result const& result() const;

    /// Asks for a graceful stop.
    void stop();
    /// Aborts the whole tree (D12).
    void abort();

    /// Every event so far, one in a line: "12.5s  shop: child 'till' restarting, 1 of 3 restarts
    /// within 5s". The same, to the byte, for the same seed.
    [[nodiscard]] std::string const& log() const noexcept;
    /// What did not hold, one in a line, with the time; empty if everything did. The log has it,
    /// too, where it happened.
    [[nodiscard]] std::string const& violations() const noexcept;

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace arborist::inline v0::testing

#endif // ARBORIST_TESTING_TRIAL_HPP
