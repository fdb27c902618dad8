// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TESTING_SIMULATION_HPP
#define ARBORIST_TESTING_SIMULATION_HPP

#include <arborist/options.hpp>
#include <arborist/testing/config.hpp>
#include <arborist/testing/fault.hpp>

#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/execution_context.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace arborist::inline v0::testing {

namespace detail {

/// A function object, whatever its type.
class task {
public:
    task() = default;
    task(task const&) = delete;
    task& operator=(task const&) = delete;
    virtual ~task() = default;
    virtual void run() = 0;
};

template <class Function>
class task_of final : public task {
public:
    template <class F>
    explicit task_of(std::in_place_t, F&& function) : function_(std::forward<F>(function)) {}
    void run() override { std::move(function_)(); }

private:
    Function function_;
};

} // namespace detail

/// A small world with a time of its own, in which everything that looks like chance comes from a
/// seed: which of the handlers that are ready runs next, the jitter of a back-off, what goes wrong.
/// The same seed gives the same run.
///
/// It is what an execution context is for a tree: give `get_executor()` to
/// `supervisor::async_run`, `co_spawn`, timers. Handlers run one at a time, on the thread that
/// calls `step` and its like, in any order, as on a thread pool; a strand keeps its order. Time
/// stands still while a handler is ready, and then jumps to when the next timer expires, so that an
/// hour takes no longer than what happens in it.
///
/// While it lives, `std::chrono::steady_clock::now()` tells virtual time on its thread, and
/// `asio::steady_timer` follows it: workers run in it unchanged as long as they wait through Asio's
/// timers and through arborist's operations. What is not simulated: sockets, signals and files,
/// which work, but take their time in the world outside; `std::chrono::system_clock`; threads, so
/// that a dedicated supervisor runs where its parent does, and a blocking worker fails to
/// initialise.
///
/// One at a time on a thread. Not thread-safe, but for its executor.
class ARBORIST_TESTING_DECL simulation {
public:
    class executor_type;

    /// @throws std::logic_error There is one on this thread.
    explicit simulation(std::uint64_t seed = 1);
    simulation(simulation const&) = delete;
    simulation& operator=(simulation const&) = delete;
    /// Destroys what has not run, as an execution context does.
    ~simulation();

    [[nodiscard]] std::uint64_t seed() const noexcept;
    [[nodiscard]] executor_type get_executor() noexcept;
    [[nodiscard]] boost::asio::execution_context& context() noexcept;

    /// Since the simulation began.
    [[nodiscard]] duration elapsed() const noexcept;
    /// How many handlers have run.
    [[nodiscard]] std::size_t steps() const noexcept;
    /// Whether there is something to wait for: as long as there is, `io_context::run()` would not
    /// return.
    [[nodiscard]] bool has_work() const noexcept;

    /// Runs one handler; if none is ready, lets time pass until one is. False if there is none, and
    /// no timer to wait for.
    /// @throws What the handler throws.
    bool step();
    /// Runs whatever happens within `time`, which has passed then.
    void run_for(duration time);
    /// Runs until nothing can happen any more; or until `limit` has passed: then false.
    bool run(duration limit = std::chrono::hours(24));
    /// Runs until `condition`, which is asked after each step; false if that does not come true
    /// within `limit`.
    template <std::predicate Condition>
    bool run_until(Condition condition, duration limit = std::chrono::hours(24)) {
        return run_until_any(std::ref(condition), limit);
    }

    /// Is called after each handler that has run. It stays until the simulation ends.
    void after_each_step(std::function<void()> function);

    /// From now on, what goes wrong with the workers that are started. One plan at a time; without
    /// one, nothing does.
    void inject(fault_plan plan);
    void inject(random_faults const& faults);

    /// For the choices of a test: in [0, end), and in [0, 1).
    [[nodiscard]] std::uint64_t below(std::uint64_t end);
    [[nodiscard]] double random();

private:
    struct state;

    void execute(std::unique_ptr<detail::task> task);
    [[nodiscard]] bool runs_here() const noexcept;
    void work_started() noexcept;
    void work_finished() noexcept;
    bool run_until_any(std::function<bool()> const& condition, duration limit);

    std::unique_ptr<state> state_;
};

/// Where handlers are executed. As every executor it may be copied and used by any thread, and must
/// not be used once the simulation is gone.
class simulation::executor_type {
    using blocking = boost::asio::execution::blocking_t;
    using outstanding_work = boost::asio::execution::outstanding_work_t;

public:
    executor_type(executor_type const& other) noexcept
        : executor_type(*other.world_, other.never_blocks_, other.tracks_work_) {}
    executor_type& operator=(executor_type other) noexcept {
        std::swap(world_, other.world_);
        std::swap(never_blocks_, other.never_blocks_);
        std::swap(tracks_work_, other.tracks_work_);
        return *this;
    }
    ~executor_type() {
        if (tracks_work_)
            world_->work_finished();
    }

    [[nodiscard]] boost::asio::execution_context&
    query(boost::asio::execution::context_t /*what*/) const noexcept {
        return world_->context();
    }
    [[nodiscard]] blocking query(blocking /*what*/) const noexcept {
        return never_blocks_ ? blocking(blocking::never) : blocking(blocking::possibly);
    }
    [[nodiscard]] outstanding_work query(outstanding_work /*what*/) const noexcept {
        return tracks_work_ ? outstanding_work(outstanding_work::tracked)
                            : outstanding_work(outstanding_work::untracked);
    }
    [[nodiscard]] executor_type require(blocking::never_t /*what*/) const noexcept {
        return {*world_, true, tracks_work_};
    }
    [[nodiscard]] executor_type require(blocking::possibly_t /*what*/) const noexcept {
        return {*world_, false, tracks_work_};
    }
    [[nodiscard]] executor_type require(outstanding_work::tracked_t /*what*/) const noexcept {
        return {*world_, never_blocks_, true};
    }
    [[nodiscard]] executor_type require(outstanding_work::untracked_t /*what*/) const noexcept {
        return {*world_, never_blocks_, false};
    }

    template <class Function>
    void execute(Function&& function) const {
        if (!never_blocks_ && world_->runs_here()) {
            std::decay_t<Function> here(std::forward<Function>(function));
            std::move(here)();
            return;
        }
        world_->execute(std::make_unique<detail::task_of<std::decay_t<Function>>>(
            std::in_place, std::forward<Function>(function)));
    }

    friend bool operator==(executor_type const& a, executor_type const& b) noexcept {
        return a.world_ == b.world_ && a.never_blocks_ == b.never_blocks_ &&
               a.tracks_work_ == b.tracks_work_;
    }

private:
    friend class simulation;

    executor_type(simulation& world, bool never_blocks, bool tracks_work) noexcept
        : world_(&world), never_blocks_(never_blocks), tracks_work_(tracks_work) {
        if (tracks_work_)
            world_->work_started();
    }

    simulation* world_;
    bool never_blocks_ = false;
    bool tracks_work_ = false;
};

} // namespace arborist::inline v0::testing

#endif // ARBORIST_TESTING_SIMULATION_HPP
