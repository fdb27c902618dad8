// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_SUPPORT_TREE_HPP
#define ARBORIST_TEST_SUPPORT_TREE_HPP

#include <arborist/arborist.hpp>
#include <arborist/log.hpp>

#include "support/token.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the tests of whole trees have in common.
namespace tree_test {

namespace asio = boost::asio;
using namespace arborist;
using namespace std::chrono_literals;

/// What happened, in order: tests compare it with what should have.
class journal {
public:
    void write(std::string line) { lines_.push_back(std::move(line)); }

    [[nodiscard]] std::vector<std::string> const& lines() const { return lines_; }
    [[nodiscard]] std::size_t count(std::string_view line) const {
        return static_cast<std::size_t>(std::count(lines_.begin(), lines_.end(), line));
    }
    std::vector<std::string> take() { return std::exchange(lines_, {}); }

private:
    std::vector<std::string> lines_;
};

/// A worker that does what its test says: it notes its start and its end, and waits for the
/// shutdown unless it is told how to fail.
class probe {
public:
    explicit probe(std::string name, journal* notes = nullptr)
        : name_(std::move(name)), state_(std::make_shared<state>()) {
        state_->notes = notes;
    }

    [[nodiscard]] std::string_view name() const { return name_; }

    asio::awaitable<initialization> initialize(process_shutdown shutdown) {
        ++state_->initializations;
        if (state_->initialization_error)
            co_return initialization_error(*state_->initialization_error);
        co_return run(std::move(shutdown));
    }

    /// How often it was initialised, and how often it ran.
    [[nodiscard]] int initializations() const { return state_->initializations; }
    [[nodiscard]] int runs() const { return state_->runs; }

    /// Ends the current run, as if by itself: with success, an error, or an exception.
    void complete() const {
        end([] { return result<void>(success()); });
    }
    void fail(cause why) const {
        end([why] { return result<void>(why); });
    }
    void fail(std::string why) const { fail(cause(std::move(why))); }
    void panic(std::string what) const {
        end([what]() -> result<void> { throw std::runtime_error(what); });
    }
    /// Every later initialisation fails.
    void break_initialization(cause why) const { state_->initialization_error = std::move(why); }
    void break_initialization(std::string why) const {
        break_initialization(cause(std::move(why)));
    }

private:
    struct state {
        journal* notes = nullptr;
        int initializations = 0;
        int runs = 0;
        std::optional<cause> initialization_error;
        std::function<result<void>()> ending;
        asio::steady_timer* wake = nullptr;
    };

    asio::awaitable<result<void>> run(process_shutdown shutdown) {
        auto const keep = state_;
        ++keep->runs;
        note("start");
        asio::steady_timer wake(co_await asio::this_coro::executor,
                                asio::steady_timer::time_point::max());
        keep->wake = &wake;
        auto ended = co_await shutdown.until(wake.async_wait(asio::deferred));
        keep->wake = nullptr;
        if (ended.has_error() && ended.error().code() == errc::shutdown_requested) {
            note("stop");
            co_return success();
        }
        auto const ending = std::exchange(keep->ending, nullptr);
        if (!ending) // aborted
            co_return ended.error();
        note("fail");
        co_return ending();
    }

    void end(std::function<result<void>()> how) const {
        BOOST_TEST_REQUIRE(state_->wake != nullptr);
        state_->ending = std::move(how);
        state_->wake->cancel();
    }

    void note(std::string const& what) const {
        if (state_->notes != nullptr)
            state_->notes->write(what + ' ' + name_);
    }

    std::string name_;
    std::shared_ptr<state> state_;
};

/// A worker that waits for the shutdown.
inline asio::awaitable<void> idle(process_shutdown shutdown) {
    auto wait = shutdown.async_wait(asio::deferred);
    co_await std::move(wait)(asio::use_awaitable);
}

/// Runs a tree on a context of one thread, step by step: nothing waits for real time.
class run_of {
public:
    explicit run_of(supervisor& root) {
        root.async_run(context_,
                       asio::bind_cancellation_slot(signal_.slot(), [this](run_result result) {
                           result_.emplace(std::move(result));
                       }));
        settle();
    }

    /// Runs whatever is ready, until nothing is.
    void settle() {
        context_.restart();
        while (context_.poll() != 0)
            context_.restart();
    }
    /// Runs until the tree has ended: for what waits for time.
    run_result& finish() {
        context_.restart();
        context_.run();
        BOOST_TEST_REQUIRE(result_.has_value());
        return *result_;
    }

    void stop() {
        signal_.emit(asio::cancellation_type::total);
        settle();
    }
    void abort() {
        signal_.emit(asio::cancellation_type::terminal);
        settle();
    }

    [[nodiscard]] bool ended() const { return result_.has_value(); }
    [[nodiscard]] run_result const& result() const {
        BOOST_TEST_REQUIRE(result_.has_value());
        return *result_;
    }
    [[nodiscard]] asio::io_context& context() { return context_; }

private:
    asio::io_context context_{1};
    asio::cancellation_signal signal_;
    std::optional<run_result> result_;
};

/// The events of a tree as lines: "app child_restarting storage".
inline observer write_to(journal& notes) {
    return [&notes](event const& what) {
        std::string line = std::string(what.supervisor) + ' ' + to_string(what.kind);
        if (!what.child.empty())
            line += ' ' + std::string(what.child);
        notes.write(std::move(line));
    };
}

/// What an operation completes with: give `receive()` to it as a handler.
template <class T>
class answer {
public:
    [[nodiscard]] auto receive() const {
        return [state = state_](result<T> with) { state->emplace(std::move(with)); };
    }

    [[nodiscard]] bool arrived() const { return state_->has_value(); }
    [[nodiscard]] result<T> const& get() const {
        BOOST_TEST_REQUIRE(arrived());
        return **state_;
    }
    [[nodiscard]] bool good() const { return arrived() && state_->value().has_value(); }
    [[nodiscard]] bool failed_with(boost::system::error_code code) const {
        return arrived() && state_->value().has_error() && state_->value().error().code() == code;
    }
    [[nodiscard]] std::string message() const { return get().error().message(); }

private:
    std::shared_ptr<std::optional<result<T>>> state_ = std::make_shared<std::optional<result<T>>>();
};

/// The state of a child of the first node, by its name.
inline child_state state_of(supervisor_handle const& handle, std::string_view child) {
    for (auto const& node : handle.snapshot().nodes)
        if (node.depth == 1 && node.name == child)
            return node.state;
    BOOST_FAIL("there is no child " << child);
    return {};
}

using lines = std::vector<std::string>;

/// Keeps the log of a test out of the way.
struct quiet_log {
    quiet_log() { log::disable(); }
};

} // namespace tree_test

#endif // ARBORIST_TEST_SUPPORT_TREE_HPP
