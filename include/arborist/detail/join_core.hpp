// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_JOIN_CORE_HPP
#define ARBORIST_DETAIL_JOIN_CORE_HPP

#include <arborist/config.hpp>
#include <arborist/detail/context_hook.hpp>
#include <arborist/detail/memory_reserve.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/system/error_code.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace arborist::inline v0::detail {

class join_core;
class task_chunk;

/// Where one task at a time runs; reused by later tasks. The type of the outcome is in the derived
/// type.
///
/// Two parties use a slot: the *set* (on the set's executor) and the *task* (on the task's). They
/// meet in `state`; the task gives the slot back to the set through the inbox of the core.
struct ARBORIST_DECL task_slot {
    // The low bits of `state`, below the generation.
    static constexpr std::uint64_t ended = 0;
    static constexpr std::uint64_t running = 1;
    // The set is reading `executor()`: the task may not end before it has.
    static constexpr std::uint64_t borrowed = 2;
    static constexpr std::uint64_t aborted = 3; // asked to; still running
    static constexpr std::uint64_t phase = 3;
    static constexpr unsigned generation_shift = 32;

    enum class place_type : unsigned char { idle, running, joinable, retired };

    task_slot() noexcept;
    task_slot(task_slot const&) = delete;
    task_slot& operator=(task_slot const&) = delete;

    ~task_slot();

    [[nodiscard]] boost::asio::any_io_executor& executor() noexcept;

    /// Puts `Hook` in place; its call operator or `emit()` is told of an abort.
    template <class Hook, class... Args>
    Hook& install(Args&&... args) {
        static_assert(sizeof(Hook) <= sizeof(hook) && alignof(Hook) <= alignof(void*));
        uninstall();
        Hook* const installed = ::new (static_cast<void*>(hook)) Hook(std::forward<Args>(args)...);
        tell_hook = [](void* where, bool abort) {
            constexpr auto type = boost::asio::cancellation_type::terminal;
            auto& installed_hook = *static_cast<Hook*>(where);
            if (!abort)
                installed_hook.~Hook();
            else if constexpr (requires { installed_hook.emit(type); })
                installed_hook.emit(type);
            else
                installed_hook(type);
        };
        return *installed;
    }
    void uninstall() noexcept;

    task_slot* next = nullptr; // in the inbox, among the ended, or among the idle
    // What is to be told of an abort. Initiation apart, only the task's executor touches it.
    void (*tell_hook)(void* hook, bool abort) = nullptr; // else destroys it
    alignas(void*) std::byte hook[sizeof(void*)];
    std::atomic<std::uint64_t> state{ended};
    task_chunk* chunk = nullptr;
    std::uint32_t index = 0;
    place_type place = place_type::idle; // as the set sees it
    bool has_executor = false;           // of its own; as long as the task runs
    bool has_outcome = false;
    // A task may end while it is being told of an abort: what tells it still uses the slot.
    bool being_told = false;
    bool ended_when_told = false;
    // The executor of a running task, if it is not the set's; then the outcome, if it fits (else
    // the derived type keeps it).
    alignas(boost::asio::any_io_executor) std::byte body[sizeof(boost::asio::any_io_executor)];
};

/// A pending `async_join_next` or `async_drain`.
class join_waiter {
public:
    enum class invocation : unsigned char { post, dispatch };

    /// Frees this object and passes the result on to the handler's executor.
    virtual void complete(join_core& core, invocation, boost::system::error_code,
                          task_slot* ended) = 0;
    /// Destroys the handler without invoking it.
    virtual void destroy() noexcept = 0;

    std::uint64_t serial = 0;

protected:
    ~join_waiter() = default;
};

/// Slots at stable addresses, and the parallel group over their lifetimes. One operation of the
/// group is the lifetime of one *row* of slots: it spans all the tasks that run there and ends when
/// the row is idle for good. So the completion of the group means *drained*, its cancellation
/// *abort all*, and a task costs the group nothing.
class ARBORIST_DECL task_chunk {
public:
    static constexpr std::size_t row_size = 8;

    task_chunk(task_chunk const&) = delete;
    task_chunk& operator=(task_chunk const&) = delete;
    virtual ~task_chunk();

    [[nodiscard]] virtual task_slot& slot(std::size_t position) noexcept = 0;
    /// Destroys the outcome in the slot, if there is one.
    virtual void discard(task_slot& slot) noexcept = 0;

protected:
    task_chunk() noexcept;

private:
    friend class join_core;
    struct group;

    void arm();                   // starts the lifetimes
    void retire();                // no new tasks: ends the lifetime of every row when it is idle
    void retire(task_slot& slot); // a task has ended in a chunk that retires
    void take_row(std::size_t row, bool ended);

    std::unique_ptr<group> group_;
    join_core* core_ = nullptr;
    std::size_t size_ = 0;
    // No new tasks: the set is closed, or the group was cancelled, which a group can be only once;
    // in that case it is armed again when the last row has ended.
    bool retires_ = false;
    bool cancelled_ = false;
};

/// What a `join_set` is apart from the types of its outcomes.
///
/// Everything is to be called on the set's executor, except what says otherwise. Shared by the set,
/// its running tasks, and the wake-ups and abort requests in flight.
class ARBORIST_DECL join_core final : public context_hook {
public:
    using chunk_factory = std::unique_ptr<task_chunk> (*)(std::size_t size);

    join_core(boost::asio::any_io_executor executor, chunk_factory make_chunk);
    ~join_core() override;

    [[nodiscard]] boost::asio::any_io_executor const& executor() const noexcept;
    /// The executor of a running task. From the task.
    [[nodiscard]] boost::asio::any_io_executor const& executor_of(task_slot& slot) const noexcept;

    /// An idle slot, now running a task. @throws boost::system::system_error if closed.
    [[nodiscard]] task_slot& acquire();
    /// The same; the task has an executor of its own.
    [[nodiscard]] task_slot& acquire(boost::asio::any_io_executor executor);
    /// The id of the task that runs or ended in the slot.
    [[nodiscard]] static std::uint64_t id_of(task_slot const& slot) noexcept;

    /// The task has ended; its outcome may now be put into the slot. From the task.
    void end(task_slot& slot) noexcept;
    /// Gives the slot to the set. From the task, which does not touch the slot any more.
    void deliver(task_slot& slot, bool uninstall) noexcept;
    /// Nobody will ever ask for outcomes. From anywhere.
    [[nodiscard]] bool detached() const noexcept;
    /// The task was asked to end, perhaps before it started. From the task.
    [[nodiscard]] static bool abort_requested(task_slot const& slot) noexcept;

    /// The next slot whose task has ended, or null. The caller moves the outcome out and releases.
    [[nodiscard]] task_slot* take() noexcept;
    void release(task_slot& slot) noexcept;

    bool abort(std::uint64_t id);
    void abort_all();
    void close();
    /// All tasks have ended, and the set is closed.
    [[nodiscard]] bool drained() const noexcept;
    [[nodiscard]] std::size_t size() const noexcept;

    /// Identifies a waiter for `cancel_wait`.
    [[nodiscard]] std::uint64_t next_serial() noexcept;
    /// Precondition: `size()` is not 0, nobody waits to join.
    void wait_to_join(join_waiter& waiter);
    /// Precondition: closed, not drained, nobody waits for the drain.
    void wait_to_drain(join_waiter& waiter);
    [[nodiscard]] bool join_pending() const noexcept;
    [[nodiscard]] bool drain_pending() const noexcept;
    /// The waiter, if it still waits, completes with `operation_aborted`. From anywhere.
    void cancel_wait(std::uint64_t serial);

    /// The set goes: waiters complete with `operation_aborted`, tasks are aborted, outcomes
    /// dropped.
    void detach() noexcept;

private:
    friend class task_chunk;
    struct wake_up;
    struct abort_request;

    void context_destroyed() noexcept override;

    [[nodiscard]] task_slot* parked() noexcept;
    [[nodiscard]] task_slot* closed_inbox() noexcept;
    [[nodiscard]] bool is_list(task_slot* head) noexcept;

    void grow();
    void offer_idle(task_chunk& chunk) noexcept;
    void collect();
    void abort_chunk(task_chunk& chunk);
    bool request_abort(task_slot& slot);
    void park();
    void post_wake_up();
    void tell_of_abort(task_slot& slot);
    void wake();
    void cancel_now(std::uint64_t serial);
    void discard_all(task_slot* inbox) noexcept;

    [[no_unique_address]] memory_reserve reserve_;
    boost::asio::any_io_executor executor_;
    chunk_factory make_chunk_;
    std::vector<std::unique_ptr<task_chunk>> chunks_;
    task_slot* idle_ = nullptr;
    task_slot* ended_first_ = nullptr;
    task_slot* ended_last_ = nullptr;
    std::size_t size_ = 0;
    std::size_t open_groups_ = 0;
    join_waiter* joiner_ = nullptr;
    join_waiter* drainer_ = nullptr;
    std::uint64_t serial_ = 0;
    bool closed_ = false;
    bool any_retires_ = false;

    // The slots whose tasks have ended, last first; or `parked()`: somebody waits for the first,
    // and whoever pushes it posts the wake-up; or `closed_inbox()`: nobody will look again.
    alignas(64) std::atomic<task_slot*> inbox_{nullptr};
    // Tasks on other contexts may end while the context of the set is being destroyed.
    std::mutex gone_mutex_;
    std::atomic<bool> gone_{false};
    task_slot parked_mark_;
    task_slot closed_mark_;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_JOIN_CORE_HPP
