// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/cause.hpp>
#include <arborist/dataspace.hpp>
#include <arborist/errc.hpp>

#include "ownership.hpp"
#include "registry.hpp"
#include "utf8.hpp"

#include <boost/core/demangle.hpp>

#include <functional>
#include <string>
#include <utility>

namespace arborist::inline v0 {
namespace {

std::string key_of(std::type_index type, identifier_view id) {
    std::string const which =
        id.is_name() ? '\'' + utf8::printable(id.name()) + '\'' : std::to_string(id.number());
    return which + " of type " + boost::core::demangle(type.name());
}

cause not_owner(char const* what, std::type_index type, identifier_view id, std::uint64_t owner,
                std::uint64_t caller) {
    return {errc::not_owner, key_of(type, id) + " belongs to process " + std::to_string(owner) +
                                 ", process " + std::to_string(caller) + " cannot " + what + " it"};
}

} // namespace

dataspace::dataspace() : anchor_(std::make_shared<detail::dataspace_anchor>()) {}
dataspace::dataspace(std::nullptr_t) noexcept {}
dataspace::dataspace(dataspace const&) noexcept = default;
dataspace::dataspace(dataspace&&) noexcept = default;
dataspace& dataspace::operator=(dataspace const&) noexcept = default;
dataspace& dataspace::operator=(dataspace&&) noexcept = default;
dataspace::~dataspace() = default;

dataspace::operator bool() const noexcept {
    return anchor_ != nullptr;
}

bool operator==(dataspace const& a, dataspace const& b) noexcept {
    return a.anchor_ == b.anchor_;
}

// The order of the locals is what keeps user code out of the locks (A8): what was there before, and
// whom to wake up, is taken care of when the process has been left again.

result<void> dataspace::publish(std::type_index type, identifier_view id,
                                std::shared_ptr<void const> value) const {
    if (anchor_ == nullptr)
        return errc::no_dataspace;
    if (value == nullptr)
        return cause(errc::invalid_option, "cannot publish " + key_of(type, id) + ": it is null");
    detail::registry::verdict verdict;
    std::uint64_t caller = 0;
    {
        detail::aftermath after;
        auto const enter = [&](std::uint64_t owner) {
            caller = owner;
            verdict = anchor_->core->publish(owner, type, id, value, after);
        };
        detail::enter_as_owner(anchor_->as_place, std::cref(enter)); // does not allocate
    }
    if (!verdict.allowed)
        return not_owner("publish", type, id, verdict.owner, caller);
    return success();
}

result<void> dataspace::retract(std::type_index type, identifier_view id) const {
    if (anchor_ == nullptr)
        return errc::no_dataspace;
    detail::registry::verdict verdict;
    std::uint64_t caller = 0;
    std::shared_ptr<void const> value;
    {
        detail::aftermath after;
        auto const enter = [&](std::uint64_t owner) {
            caller = owner;
            verdict = anchor_->core->retract(owner, type, id, value, after);
        };
        detail::enter_as_owner(anchor_->as_place, std::cref(enter));
    }
    if (!verdict.allowed)
        return not_owner("retract", type, id, verdict.owner, caller);
    return success();
}

std::shared_ptr<void const> dataspace::find(std::type_index type, identifier_view id) const {
    return anchor_ != nullptr ? anchor_->core->find(type, id) : nullptr;
}

detail::subscription_ptr dataspace::subscribe(std::type_index type, identifier_filter which) const {
    if (anchor_ == nullptr)
        return std::make_shared<detail::subscription_core>(nullptr, std::move(which));
    return anchor_->core->subscribe(type, std::move(which));
}

namespace detail {

registry& registry_of(dataspace const& data) noexcept {
    return *data.anchor_->core;
}

} // namespace detail

} // namespace arborist::inline v0
