// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_CONTEXT_HOOK_HPP
#define ARBORIST_DETAIL_CONTEXT_HOOK_HPP

#include <arborist/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>

#include <atomic>
#include <cstddef>

namespace arborist::inline v0::detail {

class context_hook_service;

/// Base of the shared, reference-counted states that keep completion handlers outside of the queues
/// of an execution context. When the context is destroyed, nobody else would destroy those
/// handlers, and the coroutines behind them would be leaked (D12).
///
/// Use through `boost::intrusive_ptr`. The context calls `context_destroyed()` at most once, from
/// its destructor; the object may live on. Thread-safe, except that nothing else may use an object
/// while its context is being destroyed (as for every Asio object).
class ARBORIST_DECL context_hook {
public:
    context_hook(context_hook const&) = delete;
    context_hook& operator=(context_hook const&) = delete;

    friend void intrusive_ptr_add_ref(context_hook* hook) noexcept { hook->add_ref(); }
    friend void intrusive_ptr_release(context_hook* hook) noexcept { hook->release(); }

    /// How many references there are; exact only if there is just one.
    [[nodiscard]] std::size_t use_count() const noexcept;

protected:
    /// A state that somebody else clears when the context is destroyed.
    context_hook() noexcept;
    /// A state that is told when the context of `executor` is destroyed.
    explicit context_hook(boost::asio::any_io_executor const& executor);
    virtual ~context_hook();

    /// Makes a state of the first kind one of the second; again changes nothing.
    void attach(boost::asio::any_io_executor const& executor);
    /// @copydoc attach
    void attach(boost::asio::execution_context& context);

private:
    friend class context_hook_service;

    /// Destroys the handlers without invoking them. Runs under no lock, on an object kept alive.
    virtual void context_destroyed() noexcept = 0;

    void add_ref() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
    bool add_ref_unless_dead() noexcept;
    void release() noexcept {
        if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
            delete this;
    }

    std::atomic<std::size_t> references_{0};
    context_hook_service* service_ = nullptr;
    context_hook* previous_ = nullptr;
    context_hook* next_ = nullptr;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_CONTEXT_HOOK_HPP
