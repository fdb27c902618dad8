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
    if (auto const* what = std::get_if<fault>(&first)) {
        if (*what == fault::exception)
            throw std::runtime_error("fault injected");
        co_return arborist::cause("fault injected");
    }
    if (!*ended && ended->error().exception() != nullptr)
        ended->error().rethrow();
    co_return std::move(*ended);
}

std::shared_ptr<fault_trigger> fault_triggers::make(std::string_view child) {
    auto trigger = std::make_shared<fault_trigger>(executor_);
    triggers_.emplace(child, trigger);
    return trigger;
}

fault_trigger* fault_triggers::find(std::string_view child) const {
    auto const found = triggers_.find(child);
    return found != triggers_.end() ? found->second.get() : nullptr;
}

std::string fault_triggers::children() const {
    std::string names;
    for (auto const& [name, trigger] : triggers_)
        names += (names.empty() ? "" : ", ") + name;
    return names;
}

} // namespace relay
