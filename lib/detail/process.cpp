// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/process.hpp>

#include "../supervision.hpp"

#include <atomic>
#include <utility>

namespace arborist::inline v0::detail {

std::uint64_t process::next_id() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

process::process(boost::asio::any_io_executor executor, std::uint32_t child)
    : shutdown_state(std::move(executor), unregistered), child_(child) {}

process::~process() = default;

void process::begin(supervision& owner, std::uint32_t incarnation, arborist::child_id child,
                    std::uint64_t id, time_point now) {
    owner_ = &owner;
    id_ = id;
    started_ = now;
    incarnation_ = incarnation;
    child_id_ = child;
    exit_ = exit_reason();
    aborted_ = false;
    start_timed_out_ = false;
}

void process::report_ready() {
    owner_->child_is_ready({child_, incarnation_});
}

void process::end(exit_reason how) noexcept {
    exit_ = std::move(how);
}

void process::release_owner() noexcept {
    owner_.reset();
}

void process::outlive(boost::asio::any_io_executor const& executor) {
    attach(executor);
}

std::uint64_t process::id() const noexcept {
    return id_;
}

process::time_point process::started() const noexcept {
    return started_;
}

std::uint32_t process::child() const noexcept {
    return child_;
}

std::uint32_t process::incarnation() const noexcept {
    return incarnation_;
}

exit_reason const& process::exit() const noexcept {
    return exit_;
}

arborist::child_id process::child_id() const noexcept {
    return child_id_;
}

std::string const& process::name() const noexcept {
    return name_;
}

void process::set_name(std::string name) noexcept {
    name_ = std::move(name);
}

bool process::aborted() const noexcept {
    return aborted_;
}

void process::set_aborted() noexcept {
    aborted_ = true;
}

bool process::start_timed_out() const noexcept {
    return start_timed_out_;
}

void process::set_start_timed_out() noexcept {
    start_timed_out_ = true;
}

supervision& process::owner() const noexcept {
    return *owner_;
}

} // namespace arborist::inline v0::detail
