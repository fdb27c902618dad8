// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/dataspace_receive.hpp>
#include <arborist/errc.hpp>

#include "../registry.hpp"

#include <boost/asio/error.hpp>
#include <boost/assert.hpp>

#include <utility>

namespace arborist::inline v0::detail {

void end(subscription_core& subscription) noexcept {
    if (subscription.of != nullptr)
        subscription.of->end(subscription);
}

receipt try_take(subscription_core& from, raw_change& into) {
    return from.of != nullptr ? from.of->take(from, into) : receipt::no_dataspace;
}

std::uint64_t conflated(subscription_core const& by) noexcept {
    return by.of != nullptr ? by.of->conflated(by) : 0;
}

cause why_nothing(receipt what) {
    switch (what) {
    case receipt::ended:
        return boost::system::error_code(boost::asio::error::operation_aborted);
    case receipt::gone:
        return errc::dataspace_gone;
    case receipt::no_dataspace:
        return errc::no_dataspace;
    case receipt::busy:
        return boost::system::error_code(boost::asio::error::already_started);
    case receipt::change:
    case receipt::nothing_yet:
        break;
    }
    return {};
}

receive_operation::receive_operation(boost::asio::execution_context& context, subscription_ptr from)
    : from_(std::move(from)) {
    attach(context);
}

receive_operation::~receive_operation() = default;

void receive_operation::begin(boost::intrusive_ptr<receive_operation> self) {
    registry* const of = self->from_->of.get();
    if (of == nullptr)
        return self->wake();
    if (of->begin(*self->from_, *self))
        return;
    BOOST_ASSERT_MSG(false, "a subscription has one async_receive() pending at most");
    self->refused_ = true;
    self->wake();
}

void receive_operation::wake() noexcept {
    std::lock_guard lock(waking_);
    if (!forgotten_)
        post();
}

receipt receive_operation::take(raw_change& into) {
    registry* const of = from_->of.get();
    if (of == nullptr)
        return cancelled_ ? receipt::ended : receipt::no_dataspace;
    if (refused_)
        return receipt::busy;
    return of->take(*from_, into, *this, cancelled_);
}

void receive_operation::cancel() {
    boost::intrusive_ptr const self(this);
    cancelled_ = true;
    if (from_->of != nullptr && from_->of->stop_waiting(*from_, *this))
        wake();
}

void receive_operation::forget() noexcept {
    if (from_->of != nullptr)
        from_->of->remove(*from_, *this);
    std::lock_guard lock(waking_);
    forgotten_ = true;
}

} // namespace arborist::inline v0::detail
