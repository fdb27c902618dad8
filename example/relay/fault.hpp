// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_FAULT_HPP
#define ARBORIST_EXAMPLE_RELAY_FAULT_HPP

#include <arborist/arborist.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace relay {

namespace asio = boost::asio;

enum class fault { exception, error };

/// Makes a worker fail on request: what an operator pulls to see that the tree mends itself.
class fault_trigger {
public:
    explicit fault_trigger(asio::any_io_executor executor);

    /// From any thread. A child that is being restarted fails once it runs again. False if it has a
    /// fault before it already.
    [[nodiscard]] bool pull(fault what);

    /// Runs `work` until it ends or the trigger is pulled. `work` is then cancelled as by a
    /// supervisor, without a chance to tidy up, and the fault takes its place.
    [[nodiscard]] asio::awaitable<arborist::result<void>>
    guard(asio::awaitable<arborist::result<void>> work);

private:
    asio::experimental::concurrent_channel<void(boost::system::error_code, fault)> requests_;
};

/// The children of a tree that can be made to fail, by name. All are known before it runs.
class faults {
public:
    explicit faults(asio::any_io_executor executor) : executor_(std::move(executor)) {}

    [[nodiscard]] std::shared_ptr<fault_trigger> add_worker(std::string_view name);
    void add(arborist::supervisor const& supervisor);

    /// Makes the child fail. A supervisor fails by a child that is started in it and whose failure
    /// it escalates, so that it ends as after a failure of its own. Fails itself if there is no
    /// such child, if it has a fault before it already, or with what the handle says.
    [[nodiscard]] asio::awaitable<arborist::result<void>> inject(std::string child,
                                                                 fault what) const;

private:
    [[nodiscard]] std::string children() const;

    asio::any_io_executor executor_;
    std::map<std::string, std::shared_ptr<fault_trigger>, std::less<>> workers_;
    std::map<std::string, arborist::supervisor_handle, std::less<>> supervisors_;
};

/// Any worker with a trigger; the worker does not know of it.
template <arborist::supervisable Worker>
class fallible {
public:
    fallible(Worker worker, faults& all)
        : worker_(std::move(worker)), trigger_(all.add_worker(worker_.name())) {}

    std::string_view name() const { return worker_.name(); }

    asio::awaitable<arborist::initialization> initialize(arborist::process_shutdown shutdown) {
        auto run = co_await worker_.initialize(std::move(shutdown));
        if (!run)
            co_return std::move(run).error();
        co_return trigger_->guard(std::move(run).value());
    }

private:
    Worker worker_;
    std::shared_ptr<fault_trigger> trigger_;
};

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_FAULT_HPP
