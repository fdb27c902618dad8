// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/join_core.hpp>
#include <arborist/detail/post_to.hpp>
#include <arborist/detail/strand.hpp>
#include <arborist/errc.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/cancellation_condition.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/assert.hpp>
#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

#include <algorithm>
#include <array>
#include <new>
#include <type_traits>
#include <utility>

namespace asio = boost::asio;

namespace arborist::inline v0::detail {

namespace {

// A chunk is as large as all before it, between these; an index is (chunk, position).
constexpr std::size_t smallest_chunk = 8;
constexpr std::size_t largest_chunk = 512;
constexpr unsigned position_bits = 9;
static_assert(largest_chunk == 1u << position_bits);

} // namespace

// ------------------------------------------------------------------------------------------- slot

task_slot::task_slot() noexcept {} // hook and body stay untouched

task_slot::~task_slot() {
    uninstall();
}

void task_slot::uninstall() noexcept {
    if (tell_hook != nullptr)
        std::exchange(tell_hook, nullptr)(hook, false);
}

asio::any_io_executor& task_slot::executor() noexcept {
    return *std::launder(reinterpret_cast<asio::any_io_executor*>(body));
}

// ------------------------------------------------------------------------------------------ chunk

// The handlers of the lifetimes, and what the group is cancelled with. Neither the handlers nor the
// group have an executor: what the group does runs within the call that caused it. The group lives
// in the handlers only; its own handler points back without owning.
struct task_chunk::group {
    std::unique_ptr<std::byte[]> handlers; // one per row, in place
    std::size_t handler_size = 0;
    void (*take)(void* handler, bool invoke) = nullptr;
    std::size_t open = 0; // rows
    // While it retires: how many tasks of each row the set has not seen to end.
    std::array<unsigned char, largest_chunk / row_size> running;
    asio::cancellation_signal abort;
};

task_chunk::task_chunk() noexcept = default;
task_chunk::~task_chunk() = default;

void task_chunk::arm() {
    auto lifetime = [this](std::size_t row) {
        return asio::async_initiate<asio::deferred_t const, void()>(
            [this, row](auto handler) {
                using handler_type = decltype(handler);
                static_assert(std::is_nothrow_move_constructible_v<handler_type> &&
                              alignof(handler_type) <= alignof(std::max_align_t));
                if (row == 0) {
                    // The signals of a group all say the same: one of them aborts the chunk.
                    asio::get_associated_cancellation_slot(handler).assign(
                        [this](asio::cancellation_type) { core_->abort_chunk(*this); });
                    if (group_->handlers == nullptr)
                        group_->handlers =
                            std::make_unique<std::byte[]>(size_ / row_size * sizeof(handler_type));
                    group_->handler_size = sizeof(handler_type);
                    group_->take = [](void* where, bool invoke) {
                        handler_type taken(std::move(*static_cast<handler_type*>(where)));
                        static_cast<handler_type*>(where)->~handler_type();
                        if (invoke)
                            std::move(taken)();
                    };
                }
                ::new (&group_->handlers[row * sizeof(handler_type)])
                    handler_type(std::move(handler));
                ++group_->open;
            },
            asio::deferred);
    };

    if (group_ == nullptr)
        group_ = std::make_unique<group>();
    std::vector<decltype(lifetime(0))> lifetimes;
    lifetimes.reserve(size_ / row_size);
    for (std::size_t row = 0; row != size_ / row_size; ++row)
        lifetimes.push_back(lifetime(row));
    try {
        asio::experimental::make_parallel_group(std::move(lifetimes))
            .async_wait(asio::experimental::wait_for_all(),
                        asio::bind_cancellation_slot(
                            group_->abort.slot(), [this](auto const&) { --core_->open_groups_; }));
    } catch (...) {
        while (group_->open != 0)
            take_row(group_->open - 1, false);
        throw;
    }
    ++core_->open_groups_;
    retires_ = cancelled_ = false;
}

void task_chunk::retire() {
    if (std::exchange(retires_, true))
        return;
    group_->running.fill(0);
    for (std::size_t i = 0; i != size_; ++i)
        if (slot(i).place == task_slot::place_type::running)
            ++group_->running[i / row_size];
    for (std::size_t row = 0; row != size_ / row_size; ++row)
        if (group_->running[row] == 0)
            take_row(row, true);
}

void task_chunk::retire(task_slot& which) {
    std::size_t const row = (which.index & (largest_chunk - 1)) / row_size;
    if (--group_->running[row] == 0)
        take_row(row, true);
}

void task_chunk::take_row(std::size_t row, bool ended) {
    --group_->open;
    group_->take(&group_->handlers[row * group_->handler_size], ended);
}

// ------------------------------------------------------------------------------------------- core

// Posted to the set's executor when the first task ends after somebody began to wait.
struct join_core::wake_up {
    boost::intrusive_ptr<join_core> core;
    void operator()() const { core->wake(); }
};

// Runs on the executor of the task, where the task ends too: if it still runs, it does until this
// returns. If not, the slot may be another task's by now.
struct join_core::abort_request {
    boost::intrusive_ptr<join_core> core;
    task_slot* slot;
    std::uint64_t expected;

    void operator()() const {
        if (slot->state.load(std::memory_order_acquire) == expected)
            core->tell_of_abort(*slot);
    }
};

join_core::join_core(asio::any_io_executor executor, chunk_factory make_chunk)
    : context_hook(executor), executor_(std::move(executor)), make_chunk_(make_chunk) {}

join_core::~join_core() {
    // The group lives as long as one of its lifetimes.
    for (auto& chunk : chunks_)
        for (std::size_t row = 0; row != chunk->size_ / task_chunk::row_size; ++row)
            if (!chunk->retires_ || chunk->group_->running[row] != 0)
                chunk->take_row(row, false);
}

asio::any_io_executor const& join_core::executor() const noexcept {
    return executor_;
}

asio::any_io_executor const& join_core::executor_of(task_slot& slot) const noexcept {
    return slot.has_executor ? slot.executor() : executor_;
}

std::size_t join_core::size() const noexcept {
    return size_;
}

bool join_core::drained() const noexcept {
    return closed_ && open_groups_ == 0;
}

std::uint64_t join_core::next_serial() noexcept {
    return ++serial_;
}

bool join_core::join_pending() const noexcept {
    return joiner_ != nullptr;
}

bool join_core::drain_pending() const noexcept {
    return drainer_ != nullptr;
}

task_slot* join_core::parked() noexcept {
    return &parked_mark_;
}

task_slot* join_core::closed_inbox() noexcept {
    return &closed_mark_;
}

bool join_core::is_list(task_slot* head) noexcept {
    return head != nullptr && head != parked() && head != closed_inbox();
}

// ------------------------------------------------------------------------------ a task: its course

task_slot& join_core::acquire() {
    if (closed_)
        boost::throw_exception(boost::system::system_error(errc::shutdown_requested,
                                                           "join_set::spawn: the set is closed"));
    if (idle_ == nullptr)
        grow();
    task_slot& slot = *std::exchange(idle_, idle_->next);
    slot.has_executor = false;
    slot.place = task_slot::place_type::running;
    std::uint64_t const generation =
        (slot.state.load(std::memory_order_relaxed) >> task_slot::generation_shift) + 1;
    slot.state.store(generation << task_slot::generation_shift | task_slot::running,
                     std::memory_order_relaxed);
    ++size_;
    return slot;
}

task_slot& join_core::acquire(asio::any_io_executor executor) {
    task_slot& slot = acquire();
    ::new (slot.body) asio::any_io_executor(std::move(executor));
    slot.has_executor = true;
    return slot;
}

void join_core::grow() {
    // A chunk whose group was cancelled becomes usable when all of its tasks have ended.
    if (any_retires_) {
        bool others = false;
        for (auto& chunk : chunks_) {
            if (!chunk->retires_)
                continue;
            if (chunk->group_->open == 0) {
                chunk->arm();
                offer_idle(*chunk);
            } else {
                others = true;
            }
        }
        any_retires_ = others;
    }
    if (idle_ != nullptr)
        return;

    std::size_t const size =
        std::min(largest_chunk, smallest_chunk << std::min<std::size_t>(chunks_.size(), 8));
    auto chunk = make_chunk_(size);
    chunk->core_ = this;
    chunk->size_ = size;
    for (std::size_t i = 0; i != size; ++i) {
        task_slot& slot = chunk->slot(i);
        slot.chunk = chunk.get();
        slot.index = static_cast<std::uint32_t>(chunks_.size() << position_bits | i);
    }
    chunks_.emplace_back(); // all that can throw comes before the group is owned
    try {
        chunk->arm();
    } catch (...) {
        chunks_.pop_back();
        throw;
    }
    chunks_.back() = std::move(chunk);
    offer_idle(*chunks_.back());
}

void join_core::offer_idle(task_chunk& chunk) noexcept {
    for (std::size_t i = chunk.size_; i-- != 0;)
        if (auto& slot = chunk.slot(i); slot.place == task_slot::place_type::idle)
            slot.next = std::exchange(idle_, &slot);
}

std::uint64_t join_core::id_of(task_slot const& slot) noexcept {
    return std::uint64_t(slot.index) << 32 |
           slot.state.load(std::memory_order_relaxed) >> task_slot::generation_shift;
}

bool join_core::detached() const noexcept {
    return inbox_.load(std::memory_order_relaxed) == &closed_mark_;
}

bool join_core::abort_requested(task_slot const& slot) noexcept {
    return (slot.state.load(std::memory_order_relaxed) & task_slot::phase) == task_slot::aborted;
}

void join_core::end(task_slot& slot) noexcept {
    std::uint64_t state = slot.state.load(std::memory_order_relaxed);
    if (!slot.has_executor) {
        slot.state.store(state & ~task_slot::phase, std::memory_order_relaxed);
        return;
    }
    do {
        while ((state & task_slot::phase) == task_slot::borrowed) {
            slot.state.wait(state, std::memory_order_relaxed);
            state = slot.state.load(std::memory_order_relaxed);
        }
    } while (!slot.state.compare_exchange_weak(
        state, state & ~task_slot::phase, std::memory_order_acquire, std::memory_order_relaxed));
    // Not later: its context may be gone before the slot is used again.
    slot.executor().~any_io_executor();
}

void join_core::deliver(task_slot& slot, bool uninstall) noexcept {
    if (slot.being_told) {
        slot.ended_when_told = true;
        return;
    }
    if (uninstall)
        slot.uninstall();
    task_slot* head = inbox_.load(std::memory_order_relaxed);
    do {
        if (head == closed_inbox())
            return;
        slot.next = head == parked() ? nullptr : head;
    } while (!inbox_.compare_exchange_weak(head, &slot, std::memory_order_acq_rel,
                                           std::memory_order_relaxed));
    if (head == parked())
        post_wake_up();
}

void join_core::collect() {
    if (!is_list(inbox_.load(std::memory_order_relaxed)))
        return;
    task_slot* const last = inbox_.exchange(nullptr, std::memory_order_acquire);
    task_slot* first = nullptr;
    for (task_slot* slot = last; slot != nullptr;) {
        slot->place = task_slot::place_type::joinable;
        task_slot* const earlier = std::exchange(slot->next, first);
        first = std::exchange(slot, earlier);
    }
    (ended_first_ == nullptr ? ended_first_ : ended_last_->next) = first;
    ended_last_ = last;
    if (closed_ || any_retires_)
        for (task_slot* slot = first; slot != nullptr; slot = slot->next)
            if (slot->chunk->retires_)
                slot->chunk->retire(*slot);
}

task_slot* join_core::take() noexcept {
    if (ended_first_ == nullptr)
        collect();
    if (ended_first_ == nullptr)
        return nullptr;
    return std::exchange(ended_first_, ended_first_->next);
}

void join_core::release(task_slot& slot) noexcept {
    --size_;
    // Out of generations: never used again.
    if (slot.state.load(std::memory_order_relaxed) >> task_slot::generation_shift == UINT32_MAX) {
        slot.place = task_slot::place_type::retired;
        return;
    }
    slot.place = task_slot::place_type::idle;
    if (!slot.chunk->retires_)
        slot.next = std::exchange(idle_, &slot);
}

// ------------------------------------------------------------------------------------------ aborts

bool join_core::request_abort(task_slot& slot) {
    std::uint64_t state = slot.state.load(std::memory_order_relaxed);
    if ((state & task_slot::phase) == task_slot::aborted)
        return true;
    if ((state & task_slot::phase) != task_slot::running)
        return false;
    std::uint64_t const aborted = (state & ~task_slot::phase) | task_slot::aborted;
    abort_request request{this, &slot, aborted};
    if (!slot.has_executor) {
        if (gone_.load(std::memory_order_relaxed))
            return true; // its executor is about to drop it
        slot.state.store(aborted, std::memory_order_relaxed);
        dispatch_surely(executor_, std::move(request));
        return true;
    }
    if (!slot.state.compare_exchange_strong(state,
                                            (state & ~task_slot::phase) | task_slot::borrowed,
                                            std::memory_order_acquire, std::memory_order_relaxed))
        return false;
    asio::any_io_executor const executor = slot.executor();
    slot.state.store(aborted, std::memory_order_release);
    slot.state.notify_one();
    dispatch_surely(executor, std::move(request));
    return true;
}

void join_core::tell_of_abort(task_slot& slot) {
    struct scope {
        join_core& core;
        task_slot& slot;

        ~scope() {
            slot.being_told = false;
            if (std::exchange(slot.ended_when_told, false))
                core.deliver(slot, true);
        }
    } const telling{*this, slot};
    slot.being_told = true;
    if (slot.tell_hook != nullptr)
        slot.tell_hook(slot.hook, true);
}

bool join_core::abort(std::uint64_t id) {
    std::size_t const index = id >> 32;
    std::size_t const chunk = index >> position_bits;
    std::size_t const position = index & (largest_chunk - 1);
    if (chunk >= chunks_.size() || position >= chunks_[chunk]->size_)
        return false;
    task_slot& slot = chunks_[chunk]->slot(position);
    if (slot.place != task_slot::place_type::running || id_of(slot) != id)
        return false;
    return request_abort(slot);
}

void join_core::abort_all() {
    collect();
    std::size_t const count = chunks_.size(); // what is spawned by aborting is not aborted
    idle_ = nullptr;
    for (auto& chunk : chunks_) {
        bool running = false;
        for (std::size_t i = 0; i != chunk->size_ && !running; ++i)
            running = chunk->slot(i).place == task_slot::place_type::running;
        if (running) {
            chunk->cancelled_ = any_retires_ = true;
            chunk->retire();
        } else if (!chunk->retires_) {
            offer_idle(*chunk);
        }
    }
    for (std::size_t i = 0; i != count; ++i)
        if (chunks_[i]->cancelled_)
            chunks_[i]->group_->abort.emit(asio::cancellation_type::terminal);
}

void join_core::abort_chunk(task_chunk& chunk) {
    for (std::size_t i = 0; i != chunk.size_; ++i)
        if (auto& slot = chunk.slot(i); slot.place == task_slot::place_type::running)
            request_abort(slot);
}

void join_core::close() {
    if (std::exchange(closed_, true))
        return;
    collect();
    idle_ = nullptr;
    for (auto& chunk : chunks_)
        chunk->retire();
}

// ----------------------------------------------------------------------------------------- waiting

void join_core::wait_to_join(join_waiter& waiter) {
    joiner_ = &waiter;
    if (ended_first_ != nullptr)
        post_wake_up();
    else
        park();
}

void join_core::wait_to_drain(join_waiter& waiter) {
    drainer_ = &waiter;
    park();
}

void join_core::park() {
    task_slot* head = nullptr;
    // If tasks have ended meanwhile, nobody has posted for them.
    if (!inbox_.compare_exchange_strong(head, parked(), std::memory_order_acq_rel,
                                        std::memory_order_relaxed) &&
        is_list(head))
        post_wake_up();
}

void join_core::post_wake_up() {
    std::lock_guard lock(gone_mutex_);
    if (gone_.load(std::memory_order_relaxed))
        return;
    if (auto const* its = executor_.target<strand>()) // an allocation less
        hand_over(wake_up{this}, [&](auto what) {
            its->require(asio::execution::blocking.never).execute(std::move(what));
        });
    else
        post_surely(executor_, wake_up{this});
}

void join_core::wake() {
    collect();
    join_waiter* joiner = nullptr;
    task_slot* ended = nullptr;
    if (joiner_ != nullptr && ((ended = take()) != nullptr || size_ == 0))
        joiner = std::exchange(joiner_, nullptr);
    join_waiter* const drainer = drained() ? std::exchange(drainer_, nullptr) : nullptr;
    if (joiner_ != nullptr || drainer_ != nullptr)
        park();
    // A handler that runs here may do anything, and throw: it is the last thing that happens.
    using invocation = join_waiter::invocation;
    if (joiner != nullptr)
        joiner->complete(*this, drainer == nullptr ? invocation::dispatch : invocation::post, {},
                         ended);
    if (drainer != nullptr)
        drainer->complete(*this, invocation::dispatch, {}, nullptr);
}

void join_core::cancel_wait(std::uint64_t serial) {
    asio::any_io_executor executor;
    {
        std::lock_guard lock(gone_mutex_);
        if (gone_.load(std::memory_order_relaxed))
            return;
        executor = executor_;
    }
    dispatch_surely(executor, [core = boost::intrusive_ptr<join_core>(this), serial] {
        core->cancel_now(serial);
    });
}

void join_core::cancel_now(std::uint64_t serial) {
    for (join_waiter** which : {&joiner_, &drainer_})
        if (*which != nullptr && (*which)->serial == serial)
            std::exchange(*which, nullptr)
                ->complete(*this, join_waiter::invocation::post, asio::error::operation_aborted,
                           nullptr);
}

// --------------------------------------------------------------------------------------------- end

void join_core::discard_all(task_slot* inbox) noexcept {
    for (task_slot* list : {std::exchange(ended_first_, nullptr), inbox})
        while (is_list(list)) {
            task_slot& slot = *std::exchange(list, list->next);
            slot.place = task_slot::place_type::joinable; // for good
            slot.chunk->discard(slot);
        }
}

void join_core::detach() noexcept {
    boost::intrusive_ptr<join_core> const self(this);
    closed_ = true;
    discard_all(inbox_.exchange(closed_inbox(), std::memory_order_acq_rel));
    join_waiter* const joiner = std::exchange(joiner_, nullptr);
    join_waiter* const drainer = std::exchange(drainer_, nullptr);
    abort_all();
    for (join_waiter* waiter : {joiner, drainer})
        if (waiter != nullptr)
            waiter->complete(*this, join_waiter::invocation::post, asio::error::operation_aborted,
                             nullptr);
}

void join_core::context_destroyed() noexcept {
    asio::any_io_executor executor; // its destruction may need the context
    {
        std::lock_guard lock(gone_mutex_);
        gone_.store(true, std::memory_order_relaxed);
        executor = std::exchange(executor_, nullptr);
    }
    closed_ = true;
    discard_all(inbox_.exchange(closed_inbox(), std::memory_order_acq_rel));
    join_waiter* const joiner = std::exchange(joiner_, nullptr);
    join_waiter* const drainer = std::exchange(drainer_, nullptr);
    // A handler may own the set.
    for (join_waiter* waiter : {joiner, drainer})
        if (waiter != nullptr)
            waiter->destroy();
}

} // namespace arborist::inline v0::detail
