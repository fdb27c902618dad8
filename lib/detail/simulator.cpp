// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/simulator.hpp>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/query.hpp>

namespace arborist::inline v0::detail {

namespace asio = boost::asio;

namespace {

class simulator_service final : public asio::execution_context::service {
public:
    using key_type = simulator_service;

    explicit simulator_service(asio::execution_context& context, simulator* that = nullptr)
        : service(context), simulator_(that) {}

    [[nodiscard]] simulator* get() const noexcept { return simulator_; }

private:
    void shutdown() override { simulator_->context_destroyed(); }

    simulator* simulator_;
};

} // namespace

void simulator::attach_to(asio::execution_context& context) {
    asio::make_service<simulator_service>(context, this);
}

simulator* simulator::of(asio::any_io_executor const& executor) {
    asio::execution_context& context = asio::query(executor, asio::execution::context);
    return asio::has_service<simulator_service>(context)
               ? asio::use_service<simulator_service>(context).get()
               : nullptr;
}

} // namespace arborist::inline v0::detail
