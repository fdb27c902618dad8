// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_JOIN_TASK_HPP
#define ARBORIST_DETAIL_JOIN_TASK_HPP

#include <arborist/config.hpp>
#include <arborist/detail/join_core.hpp>
#include <arborist/detail/post_to.hpp>
#include <arborist/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/recycling_allocator.hpp>
#include <boost/assert.hpp>
#include <boost/outcome/success_failure.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/system/error_code.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace arborist::inline v0 {

template <class T>
struct joined;
class task_id;

namespace detail {

struct task_ids {
    static constexpr task_id make(std::uint64_t value) noexcept;
};

template <class T>
struct typed_slot : task_slot {
    using outcome_type = result<T>;
    static constexpr bool fits = sizeof(outcome_type) <= sizeof(body) &&
                                 alignof(outcome_type) <= alignof(boost::asio::any_io_executor);

    ~typed_slot() { discard(); }

    [[nodiscard]] outcome_type& outcome() noexcept {
        return *std::launder(static_cast<outcome_type*>(where()));
    }
    template <class... Args>
    void emplace(Args&&... args) {
        ::new (where()) outcome_type(std::forward<Args>(args)...);
        has_outcome = true;
    }
    void discard() noexcept {
        if (std::exchange(has_outcome, false))
            outcome().~outcome_type();
    }

private:
    struct nowhere {};
    struct somewhere {
        alignas(outcome_type) std::byte bytes[sizeof(outcome_type)];
    };

    void* where() noexcept {
        if constexpr (fits)
            return body;
        else
            return large_.bytes;
    }

    [[no_unique_address]] std::conditional_t<fits, nowhere, somewhere> large_;
};

template <class T>
class typed_chunk final : public task_chunk {
public:
    static std::unique_ptr<task_chunk> make(std::size_t size) {
        return std::make_unique<typed_chunk>(size);
    }

    explicit typed_chunk(std::size_t size) : slots_(std::make_unique<typed_slot<T>[]>(size)) {}

    [[nodiscard]] task_slot& slot(std::size_t position) noexcept override {
        return slots_[position];
    }
    void discard(task_slot& slot) noexcept override { static_cast<typed_slot<T>&>(slot).discard(); }

private:
    std::unique_ptr<typed_slot<T>[]> slots_;
};

// ---- what can be spawned

template <class T, class U>
concept task_value = std::same_as<U, result<T>> ||
    (!std::is_void_v<T> && !std::is_void_v<U> && std::convertible_to<U, T>);

template <class T, class... U>
concept task_values = (sizeof...(U) == 0 && std::is_void_v<T>) ||
                      (sizeof...(U) == 1 && (task_value<T, U> && ...));

template <class Failure>
concept task_failure =
    std::same_as<Failure, boost::system::error_code> || std::same_as<Failure, std::exception_ptr>;

template <class A>
inline constexpr bool is_awaitable = false;
template <class U, class Executor>
inline constexpr bool is_awaitable<boost::asio::awaitable<U, Executor>> = true;

template <class A, class T>
inline constexpr bool is_awaitable_of = false;
template <class U, class Executor, class T>
inline constexpr bool is_awaitable_of<boost::asio::awaitable<U, Executor>, T> = task_value<T, U>;
template <class Executor>
inline constexpr bool is_awaitable_of<boost::asio::awaitable<void, Executor>, void> = true;

template <class Operation>
struct task_awaitable : task_awaitable<std::decay_t<std::invoke_result_t<Operation&>>> {};
template <class U, class Executor>
struct task_awaitable<boost::asio::awaitable<U, Executor>> {
    using value_type = U;
    using executor_type = Executor;
};

/// The cancellation slot of a coroutine: takes what `co_spawn` installs, in place.
struct coroutine_slot {
    task_slot* slot;

    [[nodiscard]] bool is_connected() const noexcept { return true; }
    template <class Hook, class... Args>
    Hook& emplace(Args&&... args) const {
        return slot->install<Hook>(std::forward<Args>(args)...);
    }
};

/// The completion handler of a coroutine. It has no executor, so that it runs on the coroutine's;
/// `co_spawn` then does not pass an abort on to that executor: the core has done so.
template <class T>
class coroutine_handler {
public:
    using cancellation_slot_type = coroutine_slot;

    coroutine_handler(boost::intrusive_ptr<join_core> core, typed_slot<T>& slot) noexcept
        : core_(std::move(core)), slot_(&slot) {}
    coroutine_handler(coroutine_handler&& other) noexcept
        : core_(std::move(other.core_)), slot_(std::exchange(other.slot_, nullptr)) {}
    coroutine_handler& operator=(coroutine_handler&&) = delete;
    ~coroutine_handler() {
        if (slot_ != nullptr)
            fail(boost::system::error_code(errc::task_dropped), true);
    }

    [[nodiscard]] cancellation_slot_type get_cancellation_slot() const noexcept { return {slot_}; }

    template <class... U>
        requires task_values<T, U...>
    void operator()(std::exception_ptr failure, U... value) {
        complete(false, std::move(failure), std::move(value)...);
    }
    /// If `U` has no default constructor.
    template <class U>
        requires task_value<T, U>
    void operator()(std::exception_ptr failure, std::optional<U> value) {
        if (failure)
            fail(std::move(failure), false);
        else
            succeed(false, std::move(*value));
    }

protected:
    // `uninstall`: what the operation has installed for an abort may hold on to things. A coroutine
    // leaves nothing but memory, which the next one takes over.
    template <class Failure, class... U>
    void complete(bool uninstall, Failure failure, U&&... value) {
        if (failure)
            fail(std::move(failure), uninstall);
        else
            succeed(uninstall, std::forward<U>(value)...);
    }
    template <class... U>
    void succeed(bool uninstall, U&&... value) {
        using boost::outcome_v2::in_place_type;
        if constexpr (sizeof...(U) == 0)
            end(uninstall, in_place_type<void>);
        else if constexpr ((std::same_as<std::decay_t<U>, result<T>> && ...))
            end(uninstall, std::forward<U>(value)...);
        else if constexpr ((std::same_as<std::decay_t<U>, T> && ...))
            end(uninstall, in_place_type<T>, std::forward<U>(value)...);
        else // a conversion that throws drops the task; the exception is its executor's
            end(uninstall, in_place_type<T>, static_cast<T>(std::forward<U>(value))...);
    }
    template <class Failure>
    void fail(Failure failure, bool uninstall) noexcept {
        end(uninstall, boost::outcome_v2::in_place_type<cause>, std::move(failure));
    }

    boost::intrusive_ptr<join_core> core_;
    typed_slot<T>* slot_;

private:
    template <class... Args>
    void end(bool uninstall, Args&&... args) noexcept {
        core_->end(*slot_);
        if (!core_->detached())
            slot_->emplace(std::forward<Args>(args)...);
        core_->deliver(*std::exchange(slot_, nullptr), uninstall);
    }
};

/// The completion handler of a deferred operation.
template <class T>
class task_handler : public coroutine_handler<T> {
public:
    using executor_type = boost::asio::any_io_executor;
    using cancellation_slot_type = boost::asio::cancellation_slot;

    task_handler(boost::intrusive_ptr<join_core> core, typed_slot<T>& slot)
        : coroutine_handler<T>(std::move(core), slot),
          signal_(&slot.template install<boost::asio::cancellation_signal>()) {}

    [[nodiscard]] executor_type get_executor() const noexcept {
        return this->core_->executor_of(*this->slot_);
    }
    [[nodiscard]] cancellation_slot_type get_cancellation_slot() const noexcept {
        return signal_->slot();
    }
    [[nodiscard]] bool abort_requested() const noexcept {
        return join_core::abort_requested(*this->slot_);
    }

    template <class... U>
        requires task_values<T, std::decay_t<U>...>
    void operator()(U&&... value) { this->succeed(true, std::forward<U>(value)...); }
    template <task_failure Failure, class... U>
        requires task_values<T, std::decay_t<U>...>
    void operator()(Failure failure, U&&... value) {
        this->complete(true, std::move(failure), std::forward<U>(value)...);
    }

private:
    boost::asio::cancellation_signal* signal_; // in the slot
};

template <class Operation, class T>
concept task_coroutine = is_awaitable_of<Operation, T> || requires(Operation& operation) {
    requires is_awaitable_of<std::decay_t<decltype(operation())>, T>;
};

template <class Operation, class T>
concept deferred_task = !is_awaitable<Operation> && !task_coroutine<Operation, T> &&
                        std::invocable<Operation, task_handler<T>>;

/// `Executor`: where it is to run.
template <class Operation, class T, class Executor>
concept task_operation = std::move_constructible<Operation> &&
    (deferred_task<Operation, T> || (task_coroutine<Operation, T> && requires {
         requires std::convertible_to<Executor, typename task_awaitable<Operation>::executor_type>;
     }));

/// Starts a deferred operation on the executor of its task.
template <class T, class Operation>
struct deferred_start {
    task_handler<T> handler;
    Operation operation;

    void operator()() {
        // An abort requested by now would be lost on the operation.
        if (handler.abort_requested())
            std::move(handler)(
                result<T>(boost::outcome_v2::in_place_type<cause>,
                          boost::system::error_code(boost::asio::error::operation_aborted)));
        else
            std::invoke(std::move(operation), std::move(handler));
    }
};

/// `co_spawn` wants to make a value up if the coroutine fails.
template <class U, class Executor, class Operation>
boost::asio::awaitable<std::optional<U>, Executor> with_optional_value(Operation operation) {
    std::optional<U> value;
    if constexpr (is_awaitable<Operation>)
        value.emplace(co_await std::move(operation));
    else
        value.emplace(co_await operation());
    co_return value;
}

/// `executor`: that of the slot, by its own type.
template <class T, class Executor, class Operation>
void start_task(boost::intrusive_ptr<join_core> const& core, task_slot& slot,
                Executor const& executor, Operation&& operation) {
    auto& typed = static_cast<typed_slot<T>&>(slot);
    if constexpr (task_coroutine<Operation, T>) {
        using type = typename task_awaitable<Operation>::value_type;
        using coroutine_executor = typename task_awaitable<Operation>::executor_type;
        coroutine_handler<T> handler(core, typed);
        if constexpr (std::is_void_v<type> || std::default_initializable<type>)
            boost::asio::co_spawn(executor, std::move(operation), std::move(handler));
        else
            boost::asio::co_spawn(
                executor, with_optional_value<type, coroutine_executor>(std::move(operation)),
                std::move(handler));
    } else {
        deferred_start<T, Operation> start{task_handler<T>(core, typed), std::move(operation)};
        boost::asio::dispatch(executor, std::move(start));
    }
}

// ---- waiting

template <class T>
std::optional<joined<T>> take_joined(join_core& core, task_slot* ended) noexcept {
    std::optional<joined<T>> task;
    if (ended == nullptr)
        return task;
    auto& slot = static_cast<typed_slot<T>&>(*ended);
    task.emplace(task_ids::make(join_core::id_of(slot)), std::move(slot.outcome()));
    slot.discard();
    core.release(slot);
    return task;
}

/// What a wait for the next task delivers after the error code.
template <class T>
struct next_joined {
    using values_type = std::tuple<std::optional<joined<T>>>;
    static values_type take(join_core& core, task_slot* ended) noexcept {
        return values_type(take_joined<T>(core, ended));
    }
};

/// The same for the drain: nothing.
struct nothing {
    using values_type = std::tuple<>;
    static values_type take(join_core&, task_slot*) noexcept { return {}; }
};

template <class Handler>
using wait_executor =
    typename boost::asio::associated_executor<Handler, boost::asio::any_io_executor>::type;

/// A handler and what it is to be invoked with; runs on the handler's executor.
template <class Handler, class Delivery>
struct wait_completion {
    using allocator_type = typename boost::asio::associated_allocator<Handler>::type;
    [[nodiscard]] allocator_type get_allocator() const noexcept {
        return boost::asio::get_associated_allocator(handler);
    }

    Handler handler;
    boost::system::error_code error;
    typename Delivery::values_type values;

    void operator()() {
        // Here and not where the wait ends: a cancellation may come from this executor.
        auto slot = boost::asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected())
            slot.clear();
        std::apply(
            [&](auto&... value) { std::invoke(std::move(handler), error, std::move(value)...); },
            values);
    }
};

template <class Handler, class Delivery>
void post_completion(join_core const& core, Handler&& handler, boost::system::error_code error,
                     typename Delivery::values_type values) {
    using completion = wait_completion<std::decay_t<Handler>, Delivery>;
    auto executor = boost::asio::get_associated_executor(handler, core.executor());
    boost::asio::post(executor,
                      completion{std::forward<Handler>(handler), error, std::move(values)});
}

template <class Handler, class Delivery>
class wait_operation final : public join_waiter {
    using fallback_allocator = boost::asio::recycling_allocator<void>; // as Asio's own operations
    using allocator_type =
        typename std::allocator_traits<typename boost::asio::associated_allocator<
            Handler, fallback_allocator>::type>::template rebind_alloc<wait_operation>;

public:
    static wait_operation& make(join_core const& core, Handler&& handler) {
        allocator_type allocator(
            boost::asio::get_associated_allocator(handler, fallback_allocator()));
        deallocator memory{allocator,
                           std::allocator_traits<allocator_type>::allocate(allocator, 1)};
        auto* operation = ::new (memory.pointer) wait_operation(core, std::move(handler));
        memory.pointer = nullptr;
        return *operation;
    }

    void complete(join_core& core, invocation way, boost::system::error_code error,
                  task_slot* ended) override {
        auto set_work = std::move(set_work_);
        auto handler_work = std::move(handler_work_);
        wait_completion<Handler, Delivery> completion{std::move(handler_), error,
                                                      Delivery::take(core, ended)};
        free();
        auto executor = handler_work.get_executor();
        if (way == invocation::post)
            hand_over(std::move(completion),
                      [&](auto what) { boost::asio::post(executor, std::move(what)); });
        else
            dispatch_surely(executor, std::move(completion));
    }

    void destroy() noexcept override {
        [[maybe_unused]] Handler handler(std::move(handler_)); // it may own the allocator's memory
        free();
    }

private:
    struct deallocator {
        allocator_type& allocator;
        typename std::allocator_traits<allocator_type>::pointer pointer;
        ~deallocator() {
            if (pointer != nullptr)
                std::allocator_traits<allocator_type>::deallocate(allocator, pointer, 1);
        }
    };

    wait_operation(join_core const& core, Handler&& handler)
        : set_work_(core.executor()),
          handler_work_(boost::asio::get_associated_executor(handler, core.executor())),
          handler_(std::move(handler)) {}
    ~wait_operation() = default;

    void free() noexcept {
        allocator_type allocator(
            boost::asio::get_associated_allocator(handler_, fallback_allocator()));
        this->~wait_operation();
        std::allocator_traits<allocator_type>::deallocate(allocator, this, 1);
    }

    boost::asio::executor_work_guard<boost::asio::any_io_executor> set_work_;
    boost::asio::executor_work_guard<wait_executor<Handler>> handler_work_;
    Handler handler_;
};

/// In the cancellation slot of a pending wait.
struct wait_cancellation {
    boost::intrusive_ptr<join_core> core;
    std::uint64_t serial;

    void operator()(boost::asio::cancellation_type type) const {
        using kind = boost::asio::cancellation_type;
        if ((type & (kind::terminal | kind::partial | kind::total)) != kind::none)
            core->cancel_wait(serial);
    }
};

template <class Delivery, class Handler>
join_waiter& make_waiter(boost::intrusive_ptr<join_core> const& core, Handler&& handler) {
    std::uint64_t const serial = core->next_serial();
    auto slot = boost::asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected())
        slot.template emplace<wait_cancellation>(core, serial);
    auto& operation =
        wait_operation<std::decay_t<Handler>, Delivery>::make(*core, std::move(handler));
    operation.serial = serial;
    return operation;
}

/// Starts a wait; keeps the core alive, so that a deferred one may be started at any time.
class wait_initiation {
public:
    using executor_type = boost::asio::any_io_executor;
    [[nodiscard]] executor_type get_executor() const noexcept { return core_->executor(); }

protected:
    explicit wait_initiation(boost::intrusive_ptr<join_core> core) noexcept
        : core_(std::move(core)) {}

    boost::intrusive_ptr<join_core> core_;
};

template <class T>
class initiate_join_next : public wait_initiation {
public:
    explicit initiate_join_next(boost::intrusive_ptr<join_core> core) noexcept
        : wait_initiation(std::move(core)) {}

    template <class Handler>
    void operator()(Handler&& handler) const {
        using delivery = next_joined<T>;
        using handler_type = std::decay_t<Handler>;
        BOOST_ASSERT_MSG(!core_->join_pending(), "one async_join_next at a time");
        // An outcome that is ready is not taken here either, but when the handler is invoked:
        // until then the wait may lose a race and be cancelled.
        if (core_->size() != 0 && !core_->detached())
            return core_->wait_to_join(make_waiter<delivery>(core_, std::move(handler)));
        boost::system::error_code error;
        if (core_->detached())
            error = boost::asio::error::operation_aborted;
        post_completion<handler_type, delivery>(*core_, std::move(handler), error, {});
    }
};

class initiate_drain : public wait_initiation {
public:
    explicit initiate_drain(boost::intrusive_ptr<join_core> core) noexcept
        : wait_initiation(std::move(core)) {}

    template <class Handler>
    void operator()(Handler&& handler) const {
        using handler_type = std::decay_t<Handler>;
        boost::system::error_code error;
        BOOST_ASSERT_MSG(!core_->drain_pending(), "one async_drain at a time");
        core_->close();
        if (core_->detached())
            error = boost::asio::error::operation_aborted;
        else if (!core_->drained())
            return core_->wait_to_drain(make_waiter<nothing>(core_, std::move(handler)));
        post_completion<handler_type, nothing>(*core_, std::move(handler), error, {});
    }
};

} // namespace detail
} // namespace arborist::inline v0

#endif // ARBORIST_DETAIL_JOIN_TASK_HPP
