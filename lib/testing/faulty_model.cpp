// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "faulty_model.hpp"

#include <arborist/error.hpp>
#include <arborist/result.hpp>

#include "interruption.hpp"

#include <boost/asio/cancellation_type.hpp>

#include <chrono>
#include <exception>
#include <new>
#include <optional>
#include <utility>

namespace arborist::inline v0::testing::detail {

namespace asio = boost::asio;
using arborist::detail::child_model;
using arborist::detail::initializing_model;
using arborist::detail::run_model;

namespace {

injected_fault fault_of(std::string const& why) {
    return injected_fault("injected fault: " + why);
}

asio::awaitable<void> wait_for(duration time) {
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, time);
    auto waiting = timer.async_wait(asio::use_awaitable);
    co_await std::move(waiting);
}

asio::awaitable<void> wait_until_aborted() {
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, asio::steady_timer::time_point::max());
    auto waiting = timer.async_wait(asio::use_awaitable);
    co_await std::move(waiting);
}

// The run phase until something goes wrong with it.
asio::awaitable<result<void>> hang_or_fail(asio::awaitable<result<void>> running, fault what,
                                           std::shared_ptr<interruption> failing) {
    if (what.hangs) {
        auto waiting = wait_until_aborted();
        co_await std::move(waiting); // throws when it is over
    }
    result<void> ended = success();
    try {
        auto interrupted = interruptible(std::move(running), failing);
        ended = co_await std::move(interrupted);
    } catch (...) {
        if (!failing->happened())
            throw;
    }
    if (!failing->happened())
        co_return ended;
    if (what.out_of_memory)
        throw std::bad_alloc();
    if (!what.by_value)
        throw fault_of("an exception");
    co_return cause(std::make_exception_ptr(fault_of("an error")));
}

asio::awaitable<result<void>> end_badly(asio::awaitable<result<void>> running, fault what,
                                        std::shared_ptr<interruption> failing) {
    std::exception_ptr thrown;
    result<void> ended = success();
    try {
        auto failed = hang_or_fail(std::move(running), what, std::move(failing));
        ended = co_await std::move(failed);
    } catch (...) {
        thrown = std::current_exception();
    }
    if (what.lingers != duration::zero()) {
        // Deaf to everything.
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        auto lingering = wait_for(what.lingers);
        co_await std::move(lingering);
    }
    if (thrown)
        std::rethrow_exception(thrown);
    co_return ended;
}

asio::awaitable<result<void>> succeed_after(asio::awaitable<void> running) {
    co_await std::move(running);
    co_return success();
}

asio::awaitable<void> drop_result(asio::awaitable<result<void>> running) {
    auto ended = co_await std::move(running);
    static_cast<void>(ended);
}

asio::awaitable<result<void>> run_badly(asio::awaitable<result<void>> running, fault const& what,
                                        std::shared_ptr<interruption> failing) {
    return end_badly(std::move(running), what, std::move(failing));
}

asio::awaitable<void> run_badly(asio::awaitable<void> running, fault what,
                                std::shared_ptr<interruption> failing) {
    what.by_value = false; // it cannot return an error
    return drop_result(end_badly(succeed_after(std::move(running)), what, std::move(failing)));
}

std::shared_ptr<interruption> interruption_of(fault const& what) {
    return std::make_shared<interruption>(what.fails_at_resumption, what.fails_after);
}

template <class Run>
class faulty_run final : public run_model<Run> {
public:
    faulty_run(std::shared_ptr<run_model<Run>> model, fault const& what)
        : model_(std::move(model)), fault_(what) {}

    asio::awaitable<Run> run(process_shutdown shutdown) override {
        if (fault_.slow_start == duration::zero() && !fault_.fails_to_initialize)
            return run_badly(model_->run(std::move(shutdown)), fault_, interruption_of(fault_));
        return run_late(std::move(shutdown));
    }

private:
    asio::awaitable<Run> run_late(process_shutdown shutdown) {
        auto waiting = wait_for(fault_.slow_start);
        co_await std::move(waiting);
        if (fault_.fails_to_initialize)
            throw fault_of("an exception at once");
        auto running = run_badly(model_->run(std::move(shutdown)), fault_, interruption_of(fault_));
        co_return co_await std::move(running);
    }

    std::shared_ptr<run_model<Run>> model_;
    fault fault_;
};

template <class Run>
class faulty_initializing final : public initializing_model<Run> {
public:
    faulty_initializing(std::shared_ptr<initializing_model<Run>> model, fault const& what)
        : model_(std::move(model)), fault_(what) {}

    asio::awaitable<basic_initialization<Run>> initialize(process_shutdown shutdown) override {
        auto waiting = wait_for(fault_.slow_start);
        co_await std::move(waiting);
        if (fault_.fails_to_initialize)
            co_return initialization_error(
                cause(std::make_exception_ptr(fault_of("initialisation"))));
        auto failing = interruption_of(fault_);
        auto initializing = interruptible(model_->initialize(std::move(shutdown)), failing);
        auto initialized = co_await std::move(initializing);
        if (!initialized)
            co_return std::move(initialized).error();
        co_return run_badly(std::move(initialized).value(), fault_, std::move(failing));
    }

private:
    std::shared_ptr<initializing_model<Run>> model_;
    fault fault_;
};

// The first of these that `model` is.
template <template <class> class Faulty, template <class> class Model, class Run>
bool wrap(std::shared_ptr<child_model>& model, fault const& what) {
    auto inner = std::dynamic_pointer_cast<Model<Run>>(model);
    if (inner == nullptr)
        return false;
    model = std::make_shared<Faulty<Run>>(std::move(inner), what);
    return true;
}

} // namespace

std::shared_ptr<child_model> make_faulty(std::shared_ptr<child_model> model, fault const& what) {
    if (what != fault())
        static_cast<void>(wrap<faulty_run, run_model, void>(model, what) ||
                          wrap<faulty_run, run_model, result<void>>(model, what) ||
                          wrap<faulty_initializing, initializing_model, void>(model, what) ||
                          wrap<faulty_initializing, initializing_model, result<void>>(model, what));
    return model;
}

} // namespace arborist::inline v0::testing::detail
