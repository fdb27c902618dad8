// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/serial_queue.hpp>

#include <utility>

namespace arborist::inline v0::detail {
namespace {

using node = serial_queue::node;

// The strands that this thread is in.
serial_queue::frame*& innermost() noexcept {
    static constinit thread_local serial_queue::frame* top = nullptr;
    return top;
}

node* reverse(node* list) noexcept {
    node* reversed = nullptr;
    while (list != nullptr) {
        node* const rest = std::exchange(list->next, reversed);
        reversed = std::exchange(list, rest);
    }
    return reversed;
}

} // namespace

constinit serial_queue::node serial_queue::idle_mark{};
constinit serial_queue::node serial_queue::busy_mark{};
constinit serial_queue::node serial_queue::closed_mark{};

serial_queue::frame::frame(serial_queue const& queue) noexcept
    : queue_(queue), outer_(std::exchange(innermost(), this)), innermost_(innermost()) {}

serial_queue::frame::~frame() {
    innermost_ = outer_;
}

bool serial_queue::running_in_this_thread() const noexcept {
    for (frame const* each = innermost(); each != nullptr; each = each->outer_)
        if (&each->queue_ == this)
            return true;
    return false;
}

bool serial_queue::take_turn() noexcept {
    node* found = &idle_mark;
    return waiting_.compare_exchange_strong(found, &busy_mark, std::memory_order_acquire,
                                            std::memory_order_relaxed);
}

bool serial_queue::push(node* what) noexcept {
    node* found = waiting_.load(std::memory_order_relaxed);
    for (;;) {
        if (found == &closed_mark) {
            what->take(what, false);
            return false;
        }
        bool const idle = found == &idle_mark;
        what->next = idle || found == &busy_mark ? nullptr : found;
        if (waiting_.compare_exchange_weak(found, idle ? &busy_mark : what,
                                           std::memory_order_acq_rel, std::memory_order_relaxed)) {
            if (idle)
                ready_ = what;
            return idle;
        }
    }
}

void serial_queue::run_ready() {
    while (node* const next = ready_) {
        ready_ = next->next;
        next->take(next, true);
    }
}

bool serial_queue::pass_turn() noexcept {
    if (ready_ != nullptr) // one has thrown
        return false;
    node* found = waiting_.load(std::memory_order_relaxed);
    if (found == &busy_mark &&
        waiting_.compare_exchange_strong(found, &idle_mark, std::memory_order_release,
                                         std::memory_order_relaxed))
        return true;
    ready_ = reverse(waiting_.exchange(&busy_mark, std::memory_order_acquire));
    return false;
}

void serial_queue::close() noexcept {
    node* const waiting = waiting_.exchange(&closed_mark, std::memory_order_acq_rel);
    for (node* list :
         {std::exchange(ready_, nullptr), waiting == &busy_mark ? nullptr : reverse(waiting)})
        while (list != nullptr) {
            node* const dropped = std::exchange(list, list->next);
            dropped->take(dropped, false);
        }
}

} // namespace arborist::inline v0::detail
