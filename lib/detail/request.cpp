// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/request.hpp>

#include "../current_process.hpp"
#include "../mailbox.hpp"
#include "../supervision.hpp"

#include <utility>

namespace arborist::inline v0::detail {
namespace {

std::uint64_t next_id() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

// The process that this code is in, and all those around it, up to the root.
std::vector<std::uint64_t> surrounding_processes() {
    std::vector<std::uint64_t> ids;
    for (process_ptr each = current().self; each != nullptr;) {
        ids.push_back(each->id());
        auto const owner = each->owner_while_alive();
        each = owner != nullptr ? owner->self() : nullptr;
    }
    return ids;
}

} // namespace

request_operation::request_operation(boost::asio::execution_context& context, request r)
    : what(std::move(r)), context_(context), id_(next_id()) {
    attach(context);
    what.askers = surrounding_processes();
}

request_operation::~request_operation() = default;

boost::asio::execution_context const& request_operation::context() const noexcept {
    return context_;
}

bool request_operation::open() const noexcept {
    return open_.load(std::memory_order_acquire);
}

bool request_operation::close() noexcept {
    return open_.exchange(false, std::memory_order_acq_rel);
}

void request_operation::send(request_ptr self, mailbox_ptr to) {
    {
        std::lock_guard lock(self->mutex_);
        self->where_ = to;
    }
    to->put(std::move(self));
}

void request_operation::answer(reply with) {
    if (close())
        post(std::move(with));
}

void request_operation::withdraw() {
    mailbox_ptr where;
    {
        std::lock_guard lock(mutex_);
        where = where_;
    }
    if (where != nullptr)
        where->withdraw(id_);
}

} // namespace arborist::inline v0::detail
