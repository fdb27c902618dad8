// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "fault.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
#include <stdexcept>
#include <variant>

namespace relay {
namespace {

arborist::cause failure(fault what) {
    if (what == fault::exception)
        throw std::runtime_error("fault injected");
    return arborist::cause("fault injected");
}

asio::awaitable<arborist::result<void>> fail(fault what) {
    co_return failure(what);
}

// Never throws, since `||` would go on waiting for the trigger.
asio::awaitable<void> finish(asio::awaitable<arborist::result<void>> work,
                             std::optional<arborist::result<void>>& ended) {
    try {
        auto result = co_await std::move(work);
        ended.emplace(std::move(result));
    } catch (...) {
        ended.emplace(arborist::cause::current());
    }
}

} // namespace

fault_trigger::fault_trigger(asio::any_io_executor executor) : requests_(std::move(executor), 1) {}

bool fault_trigger::pull(fault what) {
    return requests_.try_send(boost::system::error_code(), what);
}

asio::awaitable<arborist::result<void>>
fault_trigger::guard(asio::awaitable<arborist::result<void>> work) {
    using namespace asio::experimental::awaitable_operators;

    std::optional<arborist::result<void>> ended;
    auto working = finish(std::move(work), ended);
    auto failing = requests_.async_receive(asio::use_awaitable);
    auto race = std::move(working) || std::move(failing);
    auto const first = co_await std::move(race);
    if (auto const* what = std::get_if<fault>(&first))
        co_return failure(*what);
    if (!*ended && ended->error().exception() != nullptr)
        ended->error().rethrow();
    co_return std::move(*ended);
}

std::shared_ptr<fault_trigger> faults::add_worker(std::string_view name) {
    auto trigger = std::make_shared<fault_trigger>(executor_);
    workers_.emplace(name, trigger);
    return trigger;
}

void faults::add(arborist::supervisor const& supervisor) {
    supervisors_.emplace(supervisor.name(), supervisor.handle());
}

asio::awaitable<arborist::result<void>> faults::inject(std::string child, fault what) const {
    if (auto const found = workers_.find(child); found != workers_.end()) {
        if (!found->second->pull(what))
            co_return arborist::cause("'" + child + "' has yet to fail from the command before");
        co_return arborist::success();
    }
    auto const found = supervisors_.find(child);
    if (found == supervisors_.end())
        co_return arborist::cause("'" + child + "' cannot be made to fail, but " + children());

    auto failing = arborist::worker("fault", [what] { return fail(what); });
    arborist::child_options const escalating{
        .restart = arborist::permanent,
        .decide = [](arborist::exit_reason const&) { return arborist::exit_decision::escalate; }};
    auto start = found->second.async_start(std::move(failing), escalating);
    auto started = co_await std::move(start);
    if (!started)
        co_return std::move(started).error();
    co_return arborist::success();
}

std::string faults::children() const {
    std::string names;
    for (auto const& [name, trigger] : workers_)
        names += (names.empty() ? "" : ", ") + name;
    for (auto const& [name, handle] : supervisors_)
        names += (names.empty() ? "" : ", ") + name;
    return names;
}

} // namespace relay
