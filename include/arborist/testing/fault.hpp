// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TESTING_FAULT_HPP
#define ARBORIST_TESTING_FAULT_HPP

#include <arborist/options.hpp>
#include <arborist/testing/config.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <stdexcept>
#include <string>

namespace arborist::inline v0::testing {

/// What is thrown, or is the cause of an error, where nothing but a @ref fault was at fault.
class BOOST_SYMBOL_VISIBLE injected_fault : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What goes wrong with one process of a worker; by default nothing. The members can be combined.
struct fault {
    /// It waits for so long before it begins to initialise, or to run if there is no
    /// initialisation.
    duration slow_start = duration::zero();
    /// Its initialisation fails; without one, it throws at once.
    bool fails_to_initialize = false;
    /// It is initialised, and then waits for ever: it does not see the shutdown signal, and only an
    /// abort ends it.
    bool hangs = false;
    /// It fails after having been resumed so often, its start included, or after such a time. What
    /// it waits for next is cancelled as by an abort, so that all of it unwinds; then it has thrown
    /// an `injected_fault`. 0, and `duration::max()`: never.
    std::size_t fails_at_resumption = 0;
    duration fails_after = duration::max();
    /// Instead of throwing then, it returns an error; if it can: if its run phase yields a
    /// `result<void>`.
    bool by_value = false;
    /// Instead of either, it throws `std::bad_alloc`, as if an allocation of its own had failed.
    bool out_of_memory = false;
    /// Whatever ends it, it takes so much longer, and an abort does not hurry it.
    duration lingers = duration::zero();

    friend bool operator==(fault const&, fault const&) = default;
};

/// "hangs, lingers 10s"; "no fault".
ARBORIST_TESTING_DECL std::ostream& operator<<(std::ostream& stream, fault const& value);

/// A process of a worker that is about to be started.
struct process_start {
    /// The full name, such as "shop.till".
    std::string name;
    /// Which one of the child it is, in this run of its supervisor: 1 is the first.
    std::uint32_t incarnation = 1;
};

/// Is asked about every worker that is started in a simulation.
using fault_plan = std::function<fault(process_start const&)>;

/// A plan that leaves it to chance. The chances are from 0 to 1, are drawn independently of each
/// other, and hold for each start of a worker; times are drawn evenly from 0 to the one given.
struct random_faults {
    double slow_start = 0.05;
    double fails_to_initialize = 0.02;
    double hangs = 0.02;
    /// At one of the first ten resumptions, or within `fails_within`.
    double fails = 0.2;
    double lingers = 0.05;
    /// Of those that fail: for lack of memory.
    double out_of_memory = 0.1;

    duration slow_for = std::chrono::seconds(2);
    duration fails_within = std::chrono::seconds(30);
    duration lingers_for = std::chrono::seconds(10);
};

} // namespace arborist::inline v0::testing

#endif // ARBORIST_TESTING_FAULT_HPP
