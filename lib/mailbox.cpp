// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "mailbox.hpp"

#include "supervision.hpp"

#include <boost/asio/system_executor.hpp>

#include <new>
#include <utility>

namespace arborist::inline v0::detail {

// The run is called with the mutex locked, so that it cannot end meanwhile: it posts, and does
// nothing else.

mailbox::mailbox(std::string name) : name_(std::move(name)) {}

boost::intrusive_ptr<supervision> mailbox::run() {
    std::lock_guard lock(mutex_);
    return run_;
}

void mailbox::open(supervision& run) {
    std::lock_guard lock(mutex_);
    run_ = &run;
    // Those of a run that has been replaced.
    awake_ = !(starts_.empty() && waiting_starts_.empty() && others_.empty());
    if (awake_)
        run.wake_for_requests();
}

mailbox::queue mailbox::close(supervision const& run) noexcept {
    queue left;
    std::lock_guard lock(mutex_);
    if (run_ != &run)
        return left;
    run_ = nullptr;
    for (queue* from : {&others_, &starts_, &waiting_starts_})
        left.splice(left.end(), *from);
    return left;
}

mailbox::taken mailbox::take(room const& for_starts) {
    std::lock_guard lock(mutex_);
    queue* next = nullptr;
    auto const consider = [&](queue& candidate, bool may_be_taken) {
        if (may_be_taken && !candidate.empty() &&
            (next == nullptr || candidate.front().first < next->front().first))
            next = &candidate;
    };
    consider(others_, true);
    consider(starts_, for_starts.starts);
    consider(waiting_starts_, for_starts.waiting_starts);
    if (next == nullptr) {
        awake_ = false;
        return {nullptr, !(starts_.empty() && waiting_starts_.empty())};
    }
    request_ptr found = std::move(next->front().second);
    next->pop_front();
    return {std::move(found), false};
}

mailbox::queue& mailbox::queue_of(request const& what) noexcept {
    if (what.kind != request_kind::start)
        return others_;
    return what.waits ? waiting_starts_ : starts_;
}

void mailbox::put(request_ptr operation) {
    {
        std::lock_guard lock(mutex_);
        if (run_ != nullptr) {
            queue& its = queue_of(operation->what);
            its.emplace_back(++last_, std::move(operation));
            if (!std::exchange(awake_, true))
                run_->wake_for_requests();
            return;
        }
    }
    operation->answer(not_running(name_));
}

void mailbox::withdraw(std::uint64_t id) {
    std::lock_guard lock(mutex_);
    if (run_ != nullptr)
        run_->withdraw_request(id);
}

void mailbox::request_stop() {
    std::lock_guard lock(mutex_);
    if (run_ != nullptr)
        run_->request_stop(supervision::stop_request::graceful);
}

reply not_running(std::string const& supervisor) noexcept {
    try {
        return failed_reply(cause(errc::not_running, "supervisor '" + supervisor + '\''));
    } catch (std::bad_alloc const&) {
        return failed_reply(cause(errc::not_running));
    }
}

boost::asio::any_io_executor default_executor(mailbox& of) {
    if (auto const run = of.run())
        return run->executor();
    return boost::asio::system_executor();
}

} // namespace arborist::inline v0::detail
