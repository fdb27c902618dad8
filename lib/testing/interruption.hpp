// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_TESTING_INTERRUPTION_HPP
#define ARBORIST_LIB_TESTING_INTERRUPTION_HPP

#include <arborist/options.hpp>
#include <arborist/testing/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace arborist::inline v0::testing::detail {

/// Ends the code of one process from outside: cancels it at a resumption, or at a time. Used on the
/// executor of the process only.
class interruption : public std::enable_shared_from_this<interruption> {
public:
    interruption(std::size_t at_resumption, duration after) : left_(at_resumption), after_(after) {}

    /// Whether it has come to it.
    [[nodiscard]] bool happened() const noexcept { return happened_; }

    /// Whether this resumption is the one.
    [[nodiscard]] bool is_due() noexcept { return left_ != 0 && --left_ == 0; }
    void happen() {
        happened_ = true;
        cancel(boost::asio::cancellation_type::terminal);
    }
    void cancel(boost::asio::cancellation_type type) { signal_.emit(type); }

    [[nodiscard]] boost::asio::cancellation_slot slot() noexcept { return signal_.slot(); }

    /// Begins to wait for the time.
    void start(boost::asio::any_io_executor const& executor) {
        if (after_ == duration::max() || timer_)
            return;
        timer_ = std::make_unique<boost::asio::steady_timer>(executor, after_);
        timer_->async_wait([self = shared_from_this()](boost::system::error_code error) {
            if (!error)
                self->happen();
        });
    }
    /// The code has ended. What Asio has left in the slot refers to the executor, and so to this.
    void stop() noexcept {
        timer_.reset();
        signal_.slot().clear();
    }

private:
    std::size_t left_;
    duration after_;
    bool happened_ = false;
    boost::asio::cancellation_signal signal_;
    std::unique_ptr<boost::asio::steady_timer> timer_;
};

[[nodiscard]] boost::asio::awaitable<void> run_interruptibly(boost::asio::awaitable<void> work,
                                                             std::shared_ptr<interruption> what);

template <class T>
boost::asio::awaitable<void> put_into(std::optional<T>& result, boost::asio::awaitable<T> work) {
    result.emplace(co_await std::move(work));
}

/// Awaits `work`, which `what` may interrupt. It ends as `work` does.
template <class T>
boost::asio::awaitable<T> interruptible(boost::asio::awaitable<T> work,
                                        std::shared_ptr<interruption> what) {
    std::optional<T> result;
    auto running = run_interruptibly(put_into(result, std::move(work)), std::move(what));
    co_await std::move(running);
    co_return std::move(*result);
}

} // namespace arborist::inline v0::testing::detail

#endif // ARBORIST_LIB_TESTING_INTERRUPTION_HPP
