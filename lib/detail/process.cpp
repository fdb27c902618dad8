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
#include <mutex>
#include <utility>

namespace arborist::inline v0::detail {

namespace asio = boost::asio;

std::uint64_t process::next_id() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

process::process(kind what, boost::intrusive_ptr<workplace> where, std::uint32_t child)
    : place_(std::move(where)), child_(child), kind_(what) {}

process::~process() = default;

void process::begin(supervision& owner, std::uint32_t incarnation, arborist::child_id child,
                    std::string const& name, std::uint64_t id, time_point now) {
    id_ = id;
    started_ = now;
    incarnation_ = incarnation;
    child_id_ = child;
    exit_ = exit_reason();
    aborted_ = false;
    abandoned_ = false;
    start_timed_out_ = false;
    out_of_memory_ = false;
    begun_ = false;
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

// Its name may be needed for longer than there is the child.
void process::abandon() {
    abandoned_ = true;
    std::lock_guard lock(mutex_);
    insist([this] { more().own_name = *name_; });
    name_ = &extras_->own_name;
}

bool process::abandoned() const noexcept {
    return abandoned_;
}

void process::conclude(process_end&& how) noexcept {
    if (auto* const exit = std::get_if<exit_reason>(&how)) {
        exit_ = std::move(*exit);
        return;
    }
    std::lock_guard lock(mutex_);
    insist([&] { more().failure.emplace(std::move(std::get<initialization_error>(how))); });
}

std::optional<initialization_error> process::come_to_end() noexcept {
    abandoned_ = false;
    std::lock_guard lock(mutex_);
    return extras_ != nullptr ? std::exchange(extras_->failure, std::nullopt) : std::nullopt;
}

void process::leave() noexcept {
    std::vector<std::shared_ptr<owned_entries>> entered;
    {
        std::lock_guard lock(mutex_);
        alive_ = false;
        if (extras_ != nullptr)
            entered.swap(extras_->entered);
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
    if (place_ != nullptr)
        attach(place_->executor());
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
    static exit_reason const abandoned(exit_kind::abandoned);
    return abandoned_ ? abandoned : exit_;
}

arborist::child_id process::child_id() const noexcept {
    return child_id_;
}

std::string const& process::name() const noexcept {
    return *name_;
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
    if (place_ == nullptr)
        return {};
    if (kind_ == kind::supervisor)
        return place_->executor();
    return process_executor(process_ptr(const_cast<process*>(this)));
}

bool process::resumes_on(asio::any_io_executor const& executor) const noexcept {
    auto const* const own = executor.target<process_executor>();
    return own != nullptr && own->is_of(*this);
}

void process::resume(shutdown_waiter& waiter) noexcept {
    waiter.owner = this;
    waiter.take = [](serial_queue::node* node, bool call) {
        auto& taken = static_cast<shutdown_waiter&>(*node);
        auto run = [&taken] { taken.finish(taken, shutdown_waiter::fate::run); };
        if (call)
            static_cast<process*>(taken.owner)->call(run);
        else
            taken.finish(taken, shutdown_waiter::fate::destroy);
    };
    if (queue_.push(&waiter))
        submit_surely(process_ptr(this), true);
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
    auto& entered = more().entered;
    if (std::ranges::find(entered, where) == entered.end())
        entered.push_back(where);
    enter(id_);
    return true;
}

resource_group* process::charged() const noexcept {
    return charged_.get();
}

// ---- the executor

void process::drop_executor() noexcept {
    place_.reset();
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
    else if (work_ == nullptr && place_ != nullptr && kind_ == kind::worker)
        work_ = insist([this] {
            return std::make_unique<asio::any_io_executor>(
                asio::prefer(place_->executor(), asio::execution::outstanding_work.tracked));
        });
}

process::extras& process::more() {
    if (extras_ == nullptr)
        extras_ = std::make_unique<extras>();
    return *extras_;
}

} // namespace arborist::inline v0::detail
