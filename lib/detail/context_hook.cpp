// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/context_hook.hpp>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>

#include <mutex>

namespace arborist::inline v0::detail {

// One per execution context: the list of what has to be cleared when it goes.
class context_hook_service final : public boost::asio::execution_context::service {
public:
    // Asio finds a service by the address of this key.
    inline static boost::asio::execution_context::id id;
    using key_type = context_hook_service;

    explicit context_hook_service(boost::asio::execution_context& context) : service(context) {}

    void add(context_hook& hook) noexcept {
        std::lock_guard lock(mutex_);
        hook.service_ = this;
        hook.next_ = first_;
        if (first_ != nullptr)
            first_->previous_ = &hook;
        first_ = &hook;
    }

    void remove(context_hook& hook) noexcept {
        std::lock_guard lock(mutex_);
        unlink(hook);
    }

private:
    void shutdown() override {
        // Destroying the handlers of one hook may destroy other hooks: take them one by one.
        while (context_hook* hook = take_first()) {
            hook->context_destroyed();
            hook->release();
        }
    }

    context_hook* take_first() noexcept {
        std::lock_guard lock(mutex_);
        while (first_ != nullptr) {
            context_hook* hook = first_;
            unlink(*hook);
            if (hook->add_ref_unless_dead())
                return hook;
        }
        return nullptr;
    }

    void unlink(context_hook& hook) noexcept {
        if (hook.service_ == nullptr)
            return;
        (hook.previous_ != nullptr ? hook.previous_->next_ : first_) = hook.next_;
        if (hook.next_ != nullptr)
            hook.next_->previous_ = hook.previous_;
        hook.previous_ = hook.next_ = nullptr;
        hook.service_ = nullptr;
    }

    std::mutex mutex_;
    context_hook* first_ = nullptr;
};

context_hook::context_hook() noexcept = default;

context_hook::context_hook(boost::asio::any_io_executor const& executor) {
    attach(executor);
}

void context_hook::attach(boost::asio::any_io_executor const& executor) {
    attach(boost::asio::query(executor, boost::asio::execution::context));
}

void context_hook::attach(boost::asio::execution_context& context) {
    if (service_ == nullptr)
        boost::asio::use_service<context_hook_service>(context).add(*this);
}

context_hook::~context_hook() {
    if (service_ != nullptr)
        service_->remove(*this);
}

std::size_t context_hook::use_count() const noexcept {
    return references_.load(std::memory_order_acquire);
}

bool context_hook::add_ref_unless_dead() noexcept {
    std::size_t count = references_.load(std::memory_order_relaxed);
    while (count != 0)
        if (references_.compare_exchange_weak(count, count + 1, std::memory_order_relaxed))
            return true;
    return false;
}

} // namespace arborist::inline v0::detail
