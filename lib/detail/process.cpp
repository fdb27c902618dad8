// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/process.hpp>

#include "../name.hpp"
#include "../ownership.hpp"
#include "../process_executor.hpp"
#include "../supervision.hpp"

#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/prefer.hpp>

#include <algorithm>
#include <utility>

namespace arborist::inline v0::detail {

namespace asio = boost::asio;

std::uint64_t process::next_id() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

process::process(kind what, asio::any_io_executor const& where, std::uint32_t child)
    : child_(child) {
    if (what == kind::worker)
        where_.emplace<strand>(where);
    else
        where_ = where;
}

process::~process() = default;

void process::begin(supervision& owner, std::uint32_t incarnation, arborist::child_id child,
                    std::string const& name, std::uint64_t id, time_point now) {
    id_ = id;
    started_ = now;
    incarnation_ = incarnation;
    child_id_ = child;
    exit_ = exit_reason();
    aborted_ = false;
    start_timed_out_ = false;
    out_of_memory_ = false;
    charged_ = owner.group();
    name_ = &name;
    owner_ = &owner;
    alive_ = true;
}

void process::recycle() noexcept {
    reset();
}

void process::end(exit_reason how) noexcept {
    exit_ = std::move(how);
}

void process::leave() noexcept {
    std::vector<std::shared_ptr<owned_entries>> entered;
    {
        std::lock_guard lock(mutex_);
        alive_ = false;
        entered.swap(entered_);
    }
    for (auto const& each : entered)
        each->retract_all(id_);
}

void process::release_owner() noexcept {
    boost::intrusive_ptr<supervision> owner; // with the last reference much may go
    std::lock_guard lock(mutex_);
    owner.swap(owner_);
}

void process::stand_alone() {
    stands_alone_ = true;
    std::visit(
        [this](auto const& where) {
            if constexpr (!std::is_same_v<decltype(where), std::monostate const&>)
                attach(where);
        },
        where_);
    outlive_run();
}

bool process::stands_alone() const noexcept {
    return stands_alone_;
}

// What runs on another context goes on there, and is only asked to end.
void process::context_of_run_destroyed() noexcept {
    if (stands_alone_)
        request();
    else
        clear();
    leave();
    release_owner();
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
    return *name_;
}

void process::keep_name() {
    std::lock_guard lock(mutex_);
    insist([this] { own_name_ = *name_; });
    name_ = &own_name_;
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

bool process::out_of_memory() const noexcept {
    return out_of_memory_;
}

// ---- from any thread

asio::any_io_executor process::executor() const noexcept {
    if (std::holds_alternative<strand>(where_))
        return process_executor(process_ptr(const_cast<process*>(this)));
    auto const* where = std::get_if<asio::any_io_executor>(&where_);
    return where != nullptr ? *where : asio::any_io_executor();
}

void process::report_ready() {
    std::lock_guard lock(mutex_);
    if (owner_ != nullptr)
        owner_->child_is_ready({child_, incarnation_});
}

void process::report_out_of_memory() noexcept {
    out_of_memory_ = true;
    std::lock_guard lock(mutex_);
    if (owner_ != nullptr)
        owner_->child_is_out_of_memory({child_, incarnation_});
}

bool process::alive() const noexcept {
    return alive_.load(std::memory_order_acquire);
}

std::string process::full_name() const {
    std::lock_guard lock(mutex_);
    if (!alive() || owner_ == nullptr)
        return {};
    return name::below(owner_->name(), *name_);
}

boost::intrusive_ptr<supervision> process::owner_while_alive() const {
    std::lock_guard lock(mutex_);
    return alive() ? owner_ : nullptr;
}

bool process::enter(std::shared_ptr<owned_entries> const& where,
                    std::function<void(std::uint64_t owner)> const& enter) {
    std::lock_guard lock(mutex_);
    if (!alive())
        return false;
    if (std::ranges::find(entered_, where) == entered_.end())
        entered_.push_back(where);
    enter(id_);
    return true;
}

resource_group* process::charged() const noexcept {
    return charged_.get();
}

// ---- the executor

void process::drop_executor() noexcept {
    where_ = std::monostate();
    work_.reset();
}

void process::outlive_run() {
    run_has_work_ = false;
    settle_work();
}

// Either this sees that the run is over, or outlive_run() sees the count.
void process::add_work() noexcept {
    if (work_count_.fetch_add(1) == 0 && !run_has_work_)
        settle_work();
}

void process::remove_work() noexcept {
    if (work_count_.fetch_sub(1) == 1 && !run_has_work_)
        settle_work();
}

// Rare. A mutex of its own, since the other one may be held.
void process::settle_work() noexcept {
    static std::mutex settling;
    std::unique_ptr<asio::any_io_executor> gone;
    std::lock_guard lock(settling);
    if (work_count_ == 0)
        gone.swap(work_);
    else if (work_ == nullptr && std::holds_alternative<strand>(where_))
        work_ = insist([this] {
            return std::make_unique<asio::any_io_executor>(asio::prefer(
                std::get<strand>(where_).inner(), asio::execution::outstanding_work.tracked));
        });
}

} // namespace arborist::inline v0::detail
