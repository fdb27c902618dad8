// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_TESTING_INVARIANTS_HPP
#define ARBORIST_LIB_TESTING_INVARIANTS_HPP

#include <arborist/child_id.hpp>
#include <arborist/event.hpp>
#include <arborist/options.hpp>
#include <arborist/snapshot.hpp>
#include <arborist/testing/config.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace arborist::inline v0::testing::detail {

/// What must hold of a tree, whatever happens (see @ref trial): a model of it that is made of its
/// events, and is compared with its snapshots.
class ARBORIST_TESTING_DECL invariants {
public:
    using report = std::function<void(std::string const& violation)>;

    explicit invariants(report to) : violated_(std::move(to)) {}

    /// `now` is since whenever.
    void take(event const& what, duration now);
    /// Everything that belongs to `shown` has been taken.
    void compare(snapshot shown, duration now);
    /// The tree has ended, and nothing of it can happen any more.
    void expect_nothing_left() const;
    /// The whole tree is being aborted: there is no order any more.
    void expect_abort() { aborted_ = true; }

private:
    struct known_child {
        std::string supervisor;
        std::string name;
        /// Of the living process, else 0.
        std::uint64_t process = 0;
        child_state state = child_state::not_started;
        /// In this run of its supervisor.
        std::size_t starts = 0;
    };
    struct known_supervisor {
        bool running = false;
        bool stopping = false;
        /// Until when it has to have stopped.
        duration deadline = duration::max();
        std::vector<duration> restarts;
    };

    void supervisor_starts(event const& what);
    void supervisor_stops(event const& what, duration now);
    void supervisor_has_stopped(event const& what, duration now);
    void child_starts(event const& what);
    void child_exits(event const& what);
    void child_restarts(event const& what, duration now);
    void check_order(event const& what);
    void expect_state(event const& what, child_state state);
    void compare(snapshot::node const& node, std::string const& supervisor);
    [[nodiscard]] bool lives(child_id id) const;
    [[nodiscard]] std::size_t restarts_in_window(known_supervisor const& of,
                                                 restart_intensity const& limit,
                                                 duration now) const;
    /// Its place in the last snapshot; of none if it is not there.
    [[nodiscard]] std::size_t find_shown(std::string_view supervisor) const;
    /// Whether it is one that was abandoned, or below one: then there may be two runs of it, which
    /// cannot be told apart.
    [[nodiscard]] bool is_out_of_control(std::string_view supervisor) const;
    void violated(event const& what, std::string const& how);

    report violated_;
    std::map<std::string, known_supervisor, std::less<>> supervisors_;
    std::map<child_id, known_child> children_;
    /// Full names of supervisors.
    std::vector<std::string> out_of_control_;
    std::set<std::uint64_t> abandoned_;
    std::set<std::uint64_t> exited_;
    snapshot shown_;
    bool aborted_ = false;
};

} // namespace arborist::inline v0::testing::detail

#endif // ARBORIST_LIB_TESTING_INVARIANTS_HPP
