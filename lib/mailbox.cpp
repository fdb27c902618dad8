// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "mailbox.hpp"

#include "supervision.hpp"

#include <boost/asio/system_executor.hpp>

#include <limits>

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
    awake_ = !(starts_.empty() && others_.empty()); // those of a run that has been replaced
    if (awake_)
        run.wake_for_requests();
}

std::deque<request_ptr> mailbox::close(supervision const& run) noexcept {
    std::deque<request_ptr> left;
    std::lock_guard lock(mutex_);
    if (run_ != &run)
        return left;
    run_ = nullptr;
    for (queue* from : {&others_, &starts_}) {
        for (auto& [number, operation] : *from)
            left.push_back(std::move(operation));
        from->clear();
    }
    return left;
}

mailbox::batch mailbox::take(std::size_t count, std::size_t starts) {
    batch taken;
    std::lock_guard lock(mutex_);
    auto const next = [&]() -> queue* {
        constexpr auto nothing = std::numeric_limits<std::uint64_t>::max();
        auto const other = others_.empty() ? nothing : others_.front().first;
        auto const start = starts_.empty() || starts == 0 ? nothing : starts_.front().first;
        if (other == start)
            return nullptr;
        return other < start ? &others_ : &starts_;
    };
    queue* from = next();
    for (; from != nullptr && taken.requests.size() != count; from = next()) {
        starts -= from == &starts_ ? 1 : 0;
        taken.requests.push_back(std::move(from->front().second));
        from->pop_front();
    }
    awake_ = taken.more = from != nullptr;
    taken.starts_left = !starts_.empty();
    return taken;
}

void mailbox::put(request_ptr operation) {
    {
        std::lock_guard lock(mutex_);
        if (run_ != nullptr) {
            bool const start = operation->what.kind == request_kind::start;
            (start ? starts_ : others_).emplace_back(++last_, std::move(operation));
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

reply not_running(std::string const& supervisor) {
    return failed_reply(cause(errc::not_running, "supervisor '" + supervisor + '\''));
}

boost::asio::any_io_executor default_executor(mailbox& of) {
    if (auto const run = of.run())
        return run->executor();
    return boost::asio::system_executor();
}

} // namespace arborist::inline v0::detail
