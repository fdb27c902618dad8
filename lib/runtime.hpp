// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_RUNTIME_HPP
#define ARBORIST_LIB_RUNTIME_HPP

#include <arborist/config.hpp>
#include <arborist/runtime.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/thread/thread.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace arborist::inline v0::detail {

/// The thread pool of a dedicated supervisor, with its threads (T2).
///
/// Thread-safe. Its executors must be gone when it is ended, but those in the pool itself.
///
/// It lives until its threads have ended, which nobody waits for in one of them: they
/// are joined in a thread of the library, and by then are on their way out.
class runtime : public std::enable_shared_from_this<runtime> {
public:
    /// @throws what `thread::make` throws (T4)
    [[nodiscard]] static std::shared_ptr<runtime> make(dedicated const& options,
                                                       std::string const& supervisor);

    /// Use `make`.
    explicit runtime(dedicated const& options);
    ~runtime();

    /// Of the pool, which must not be used any more once it is ended.
    [[nodiscard]] boost::asio::any_io_executor executor();

    /// Is to be called, in one of the threads, with what escapes to them (T4). Before anything
    /// runs.
    void call_on_exception(std::function<void(std::exception_ptr)> function);
    void on_exception(std::exception_ptr exception) noexcept;

    /// Asks for a sign of life; see `answered`.
    void ping();
    /// Whether one of the threads has taken up the last ping.
    [[nodiscard]] bool answered() const noexcept;

    /// Stops the threads, each when it returns from what it is doing; then the pool is destroyed,
    /// with all that was left in it. Again changes nothing.
    void end();
    /// Calls `function` when all that is done, in another thread; at once if it is done already.
    void when_gone(std::function<void()> function);
    /// Not from one of the threads.
    void end_and_wait();

private:
    void start_thread(std::string name);
    void leave();
    void tear_down();

    dedicated const options_;
    std::function<void(std::exception_ptr)> exception_function_;
    std::atomic<bool> answered_{true};
    /// The threads that have not left, and one for `end`.
    std::atomic<std::size_t> inside_{1};

    std::mutex mutex_;
    std::vector<boost::thread> threads_;
    std::optional<boost::asio::thread_pool> pool_;
    std::vector<std::function<void()>> when_gone_;
    enum class state : unsigned char { running, ending, gone } state_ = state::running;
};

/// Ends a runtime at its own end, if there is one.
class runtime_lease {
public:
    explicit runtime_lease(std::shared_ptr<runtime> what) noexcept : what_(std::move(what)) {}
    runtime_lease(runtime_lease const&) = delete;
    runtime_lease& operator=(runtime_lease const&) = delete;
    ~runtime_lease() {
        if (what_ != nullptr)
            what_->end();
    }

private:
    std::shared_ptr<runtime> const what_;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_LIB_RUNTIME_HPP
