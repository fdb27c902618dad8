// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_PROCESS_HPP
#define ARBORIST_DETAIL_PROCESS_HPP

#include <arborist/child_id.hpp>
#include <arborist/config.hpp>
#include <arborist/detail/resource_tracking.hpp>
#include <arborist/detail/serial_queue.hpp>
#include <arborist/detail/shutdown_state.hpp>
#include <arborist/detail/small_mutex.hpp>
#include <arborist/detail/workplace.hpp>
#include <arborist/error.hpp>
#include <arborist/exit_reason.hpp>
#include <arborist/options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace arborist::inline v0::detail {

class owned_entries;
class process_executor;
class supervision;

/// How a process ended: it ran and exited, or it could not even be started. Different types, so
/// that the one is never taken for the other (E2).
using process_end = std::variant<exit_reason, initialization_error>;

/// One incarnation of a child: its identity, its executor, its shutdown signal, and in the end how
/// it ended.
///
/// Everything that belongs to the process keeps this alive, its executor included, and this keeps
/// the supervision alive until the process has ended. What is not said to be thread-safe belongs to
/// the supervision's strand.
class ARBORIST_DECL process final : public shutdown_signal {
public:
    enum class kind : bool {
        /// Code that runs on its executor is in the process (P1), on a strand of its own.
        worker,
        /// Has no code of its own; its executor is the one given.
        supervisor,
    };

    process(kind what, boost::intrusive_ptr<workplace> where, std::uint32_t child);

    using time_point = std::chrono::time_point<std::chrono::steady_clock, duration>;

    /// An id that no process has had (N1).
    [[nodiscard]] static std::uint64_t next_id() noexcept;

    /// Becomes an incarnation of a child, whose name outlives it.
    void begin(supervision& owner, std::uint32_t incarnation, arborist::child_id child,
               std::string const& name, std::uint64_t id, time_point now);
    /// Nobody else refers to this: the next incarnation may have it.
    void recycle() noexcept;
    /// How it has ended, as the supervisor sees it.
    void end(exit_reason how) noexcept;
    /// Nobody waits for it any more.
    void abandon();
    [[nodiscard]] bool abandoned() const noexcept;
    /// Its task has ended, perhaps late: why it was not initialised, if that is how it ended. Once.
    [[nodiscard]] std::optional<initialization_error> come_to_end() noexcept;
    /// P3: nothing is in the process any more, and what it owned is taken away.
    void leave() noexcept;
    /// The process has ended, or its context is gone.
    void release_owner() noexcept;
    /// The run is over while this is not: from now on it keeps its context running itself.
    void outlive_run();
    /// From now on it keeps its context running itself, and clears itself when that is destroyed:
    /// another one than that of the run; or somebody has kept the signal or the executor of a
    /// process that has ended.
    void stand_alone();
    [[nodiscard]] bool stands_alone() const noexcept;
    /// The context of the run is being destroyed.
    void context_of_run_destroyed() noexcept;

    [[nodiscard]] std::uint32_t child() const noexcept;
    [[nodiscard]] arborist::child_id child_id() const noexcept;
    [[nodiscard]] std::uint32_t incarnation() const noexcept;
    [[nodiscard]] time_point started() const noexcept;
    /// Precondition: it has ended, or is abandoned.
    [[nodiscard]] exit_reason const& exit() const noexcept;
    [[nodiscard]] supervision& owner() const noexcept;

    /// Whether the supervisor has asked for its abort.
    [[nodiscard]] bool aborted() const noexcept;
    void set_aborted() noexcept;
    /// Whether its initialisation has taken too long: what comes of it now is not why it failed.
    [[nodiscard]] bool start_timed_out() const noexcept;
    void set_start_timed_out() noexcept;
    /// Whether it has lost something for lack of memory.
    [[nodiscard]] bool out_of_memory() const noexcept;

    /// The name of the child, as it was declared.
    [[nodiscard]] std::string const& name() const noexcept;

    /// How it has ended. From the process, once, before its task ends.
    void conclude(process_end&& how) noexcept;

    // ---- thread-safe

    [[nodiscard]] std::uint64_t id() const noexcept;
    [[nodiscard]] boost::asio::any_io_executor executor() const noexcept override;
    [[nodiscard]] bool
    resumes_on(boost::asio::any_io_executor const& executor) const noexcept override;
    void resume(shutdown_waiter& waiter) noexcept override;
    /// Tells the supervisor that initialisation has succeeded.
    void report_ready();
    /// `std::bad_alloc` has escaped to its executor: Asio may have lost its coroutine, or not. It
    /// is to end, either way (M5).
    void report_out_of_memory() noexcept;

    /// Whether there can be code in the process. Once false it stays so.
    [[nodiscard]] bool alive() const noexcept;
    /// The full name (N2); empty when it is not alive any more.
    [[nodiscard]] std::string full_name() const;
    /// The run that it belongs to; null when it is not alive any more.
    [[nodiscard]] boost::intrusive_ptr<supervision> owner_while_alive() const;
    /// See `enter_as_owner`. False if it is not alive any more.
    [[nodiscard]] bool enter(std::shared_ptr<owned_entries> const& where,
                             std::function<void(std::uint64_t owner)> const& enter);
    /// To whom it is charged; null if nothing is tracked.
    [[nodiscard]] resource_group* charged() const noexcept;

private:
    friend class process_executor;
    template <class Owner, class Function>
    friend class serial_turn;
    template <class Owner, class Function>
    friend struct serial_node;
    template <class Owner>
    friend void submit_surely(boost::intrusive_ptr<Owner> owner, bool never_blocks);
    template <class Owner, class F>
    friend void execute_serially(Owner& owner, F&& f, bool never_blocks);

    // What hardly any process has.
    struct extras {
        std::string own_name = {};
        /// Where it owns something.
        std::vector<std::shared_ptr<owned_entries>> entered = {};
        std::optional<initialization_error> failure = std::nullopt;
    };

    ~process() override;
    void drop_executor() noexcept override;
    [[nodiscard]] extras& more();

    [[nodiscard]] serial_queue& queue() noexcept { return queue_; }
    [[nodiscard]] workplace const& place() const noexcept { return *place_; }
    /// In the process.
    template <class Function>
    void call(Function& function);

    void add_work() noexcept;
    void remove_work() noexcept;
    void settle_work() noexcept;

    serial_queue queue_;
    // Null when its context is gone.
    boost::intrusive_ptr<workplace> place_;
    std::uint64_t id_ = 0;
    arborist::child_id child_id_;
    time_point started_;
    /// Of the process until its task has ended, then of the supervisor.
    exit_reason exit_;
    resource_group_ptr charged_;
    boost::intrusive_ptr<supervision> owner_;
    std::string const* name_ = nullptr;
    std::unique_ptr<extras> extras_;
    /// Keeps the context running.
    std::unique_ptr<boost::asio::any_io_executor> work_;

    // Executors that track work. While the run lasts, it keeps the context running for all.
    std::atomic<std::size_t> work_count_{0};
    std::uint32_t const child_;
    std::uint32_t incarnation_ = 0;
    /// Guards the owner, the name, and the extras against those who come in from other threads.
    /// Nothing foreign is called under it but `enter`.
    mutable small_mutex mutex_;
    kind const kind_;
    bool aborted_ = false;
    bool abandoned_ = false;
    bool start_timed_out_ = false;
    bool stands_alone_ = false;
    /// Whether any of its code has run.
    std::atomic<bool> begun_{false};
    std::atomic<bool> alive_{false};
    std::atomic<bool> out_of_memory_{false};
    std::atomic<bool> run_has_work_{true};
};

using process_ptr = boost::intrusive_ptr<process>;

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_PROCESS_HPP
