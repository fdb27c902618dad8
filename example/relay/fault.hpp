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

/// Makes a child fail on request: what an operator pulls to see that the tree mends itself.
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

/// The triggers of a tree, by child. All are made before it runs.
class fault_triggers {
public:
    explicit fault_triggers(asio::any_io_executor executor) : executor_(std::move(executor)) {}

    [[nodiscard]] std::shared_ptr<fault_trigger> make(std::string_view child);
    /// Null if there is none.
    [[nodiscard]] fault_trigger* find(std::string_view child) const;
    /// "connections, control, listener"
    [[nodiscard]] std::string children() const;

private:
    asio::any_io_executor executor_;
    std::map<std::string, std::shared_ptr<fault_trigger>, std::less<>> triggers_;
};

/// Any worker with a trigger; the worker does not know of it.
template <arborist::supervisable Worker>
class fallible {
public:
    fallible(Worker worker, fault_triggers& triggers)
        : worker_(std::move(worker)), trigger_(triggers.make(worker_.name())) {}

    std::string_view name() const { return worker_.name(); }

    arborist::shutdown_strategy shutdown() const requires requires(Worker const& worker) {
        worker.shutdown();
    }
    { return worker_.shutdown(); }

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
