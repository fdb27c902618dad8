// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TESTING_EXPLORE_HPP
#define ARBORIST_TESTING_EXPLORE_HPP

#include <arborist/options.hpp>
#include <arborist/supervisor.hpp>
#include <arborist/testing/config.hpp>
#include <arborist/testing/fault.hpp>
#include <arborist/testing/simulation.hpp>
#include <arborist/testing/trial.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

namespace arborist::inline v0::testing {

struct exploration {
    /// Of the first run; each following one has the next. 0 chooses one.
    std::uint64_t seed = 0;
    std::size_t runs = 100;
    random_faults faults = {};
    /// How long a tree runs before it is stopped, in virtual time; in one run of four it is aborted
    /// instead. It may end by itself before.
    duration time = std::chrono::minutes(1);
    /// What else is done in each run before the time begins: requests through a handle, timers that
    /// do something later, after-step checks of one's own.
    std::function<void(simulation&, trial&)> also = nullptr;
};

/// What came of an exploration.
struct findings {
    std::uint64_t first_seed = 0;
    std::size_t runs = 0;
    std::size_t steps = 0;
    /// Of the run that failed, after which there was no other one.
    std::uint64_t seed = 0;
    /// What did not hold in it; empty if all is well.
    std::string violations;
    /// What had happened in it.
    std::string log;

    [[nodiscard]] bool good() const noexcept { return violations.empty(); }

    /// "100 runs from seed 1, 12345 steps: no violation"; or the seed, the end of the log and what
    /// is violated.
    friend ARBORIST_TESTING_DECL std::ostream& operator<<(std::ostream& stream,
                                                          findings const& value);
};

/// Runs a tree in many simulations, with other faults and in another order in each, until something
/// does not hold that must (see @ref trial): nor may an exception leave a handler, and the tree
/// must end when it is stopped, and leave nothing behind that still waits.
[[nodiscard]] ARBORIST_TESTING_DECL findings
explore(std::function<supervisor(simulation&)> const& make_tree, exploration const& how = {});

} // namespace arborist::inline v0::testing

#endif // ARBORIST_TESTING_EXPLORE_HPP
