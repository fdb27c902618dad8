// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/supervisor_handle.hpp>

#include "mailbox.hpp"
#include "supervision.hpp"

#include <algorithm>

namespace arborist::inline v0 {

child_count::child_count(std::vector<child_info> const& children) : all(children.size()) {
    for (child_info const& child : children) {
        active += child.is_active() ? 1 : 0;
        supervisors += child.is_supervisor ? 1 : 0;
        dynamic += child.dynamic ? 1 : 0;
    }
    workers = all - supervisors;
}

supervisor_handle::supervisor_handle() noexcept = default;
supervisor_handle::supervisor_handle(detail::mailbox_ptr to) noexcept : mailbox_(std::move(to)) {}
supervisor_handle::supervisor_handle(supervisor_handle const&) noexcept = default;
supervisor_handle::supervisor_handle(supervisor_handle&&) noexcept = default;
supervisor_handle& supervisor_handle::operator=(supervisor_handle const&) noexcept = default;
supervisor_handle& supervisor_handle::operator=(supervisor_handle&&) noexcept = default;
supervisor_handle::~supervisor_handle() = default;

std::string const& supervisor_handle::name() const noexcept {
    return mailbox_->name();
}

void supervisor_handle::request_stop() const {
    mailbox_->request_stop();
}

snapshot supervisor_handle::snapshot() const {
    return detail::take_snapshot(*mailbox_);
}

} // namespace arborist::inline v0
