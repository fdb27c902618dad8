// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/errc.hpp>

#include <string>

namespace arborist::inline v0 {
namespace {

class category final : public boost::system::error_category {
public:
    // The id makes two copies of the category (the library linked statically into two shared
    // objects) compare equal.
    category() noexcept : error_category(0x9d3c1e5fa27b6048ULL) {}

    char const* name() const noexcept override { return "arborist"; }

    std::string message(int value) const override { return message(value, nullptr, 0); }

    char const* message(int value, char* /*buffer*/, std::size_t /*size*/) const noexcept override {
        switch (static_cast<errc>(value)) {
        case errc::invalid_name:
            return "invalid name";
        case errc::invalid_option:
            return "invalid option";
        case errc::no_children:
            return "no children";
        case errc::already_running:
            return "already running";
        case errc::failed_to_initialize:
            return "failed to initialise";
        case errc::restart_limit_exceeded:
            return "restart limit exceeded";
        case errc::significant_child_exited:
            return "significant child exited";
        case errc::shutdown_timed_out:
            return "shutdown timed out";
        case errc::runtime_unavailable:
            return "runtime unavailable";
        case errc::shutdown_requested:
            return "shutdown requested";
        case errc::task_dropped:
            return "task dropped with its executor";
        case errc::escalated:
            return "exit escalated";
        case errc::not_running:
            return "not running";
        case errc::no_such_child:
            return "no such child";
        case errc::ambiguous_name:
            return "ambiguous name";
        case errc::child_running:
            return "child running";
        case errc::child_abandoned:
            return "child abandoned";
        case errc::at_capacity:
            return "at capacity";
        case errc::start_cancelled:
            return "start cancelled";
        case errc::started_once:
            return "started only once";
        case errc::runtime_panicked:
            return "runtime panicked";
        case errc::no_dataspace:
            return "no dataspace outside of a process";
        case errc::dataspace_gone:
            return "dataspace gone";
        case errc::not_owner:
            return "owned by another process";
        }
        return "unknown arborist error";
    }
};

} // namespace

boost::system::error_category const& arborist_category() noexcept {
    static category const instance;
    return instance;
}

} // namespace arborist::inline v0
