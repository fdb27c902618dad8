// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "runtime.hpp"

#include <arborist/detail/memory_reserve.hpp>

#include "guarded_executor.hpp"
#include "thread.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <future>
#include <utility>

namespace arborist::inline v0::detail {

namespace asio = boost::asio;

std::shared_ptr<runtime> runtime::make(dedicated const& options, std::string const& supervisor) {
    auto made = std::make_shared<runtime>(options);
    std::string const& name = options.each.name.empty() ? supervisor : options.each.name;
    try {
        for (std::size_t i = 0; i != options.threads; ++i)
            made->start_thread(thread::name_of(name, i));
    } catch (...) {
        made->end();
        throw;
    }
    return made;
}

// Without threads of its own: those that it makes have neither a name nor a choice of stack.
runtime::runtime(dedicated const& options) : options_(options), pool_(std::in_place, 0) {}

runtime::~runtime() = default;

asio::any_io_executor runtime::executor() {
    return guarded_executor(pool_->get_executor(), *this);
}

void runtime::call_on_exception(std::function<void(std::exception_ptr)> function) {
    exception_function_ = std::move(function);
}

void runtime::on_exception(std::exception_ptr exception) noexcept {
    if (exception_function_)
        exception_function_(std::move(exception));
}

void runtime::start_thread(std::string name) {
    ++inside_;
    try {
        std::lock_guard lock(mutex_);
        threads_.push_back(
            thread::make(options_.each, std::move(name), [self = shared_from_this()]() mutable {
                self->pool_->attach();
                std::exchange(self, nullptr)->leave();
            }));
    } catch (...) {
        --inside_;
        throw;
    }
}

void runtime::ping() {
    std::lock_guard lock(mutex_);
    answered_ = false;
    if (state_ != state::running)
        return; // it is being taken down, and should not take long
    insist([this] { asio::post(*pool_, [this] { answered_ = true; }); });
}

bool runtime::answered() const noexcept {
    return answered_;
}

void runtime::end() {
    {
        std::lock_guard lock(mutex_);
        if (std::exchange(state_, std::max(state_, state::ending)) != state::running)
            return;
        pool_->stop();
    }
    leave();
}

void runtime::when_gone(std::function<void()> function) {
    {
        std::lock_guard lock(mutex_);
        if (state_ != state::gone) {
            when_gone_.push_back(std::move(function));
            return;
        }
    }
    function();
}

void runtime::end_and_wait() {
    auto const gone = insist([] { return std::make_shared<std::promise<void>>(); });
    insist([&] { when_gone([gone] { gone->set_value(); }); });
    end();
    gone->get_future().wait();
}

void runtime::leave() {
    if (--inside_ == 0)
        insist(
            [this] { thread::call_in_reaper([self = shared_from_this()] { self->tear_down(); }); });
}

void runtime::tear_down() {
    for (boost::thread& each : threads_)
        each.join();
    threads_.clear();
    pool_.reset();
    std::vector<std::function<void()>> functions;
    {
        std::lock_guard lock(mutex_);
        state_ = state::gone;
        functions.swap(when_gone_);
    }
    for (auto const& each : functions)
        each();
}

} // namespace arborist::inline v0::detail
