// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_INLINE_EXECUTOR_HPP
#define ARBORIST_LIB_INLINE_EXECUTOR_HPP

#include <arborist/config.hpp>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>

#include <utility>

namespace arborist::inline v0::detail {

/// The executor of handlers that only pass things on: they run where they are called, in a thread
/// of the context. Asio would have to allocate to deliver to another one, where nobody can insist.
class inline_executor {
public:
    explicit inline_executor(boost::asio::execution_context& context) noexcept
        : context_(&context) {}

    [[nodiscard]] boost::asio::execution_context&
    query(boost::asio::execution::context_t /*what*/) const noexcept {
        return *context_;
    }
    template <class Function>
    void execute(Function&& function) const {
        std::forward<Function>(function)();
    }
    friend bool operator==(inline_executor const&, inline_executor const&) noexcept = default;

private:
    boost::asio::execution_context* context_;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_LIB_INLINE_EXECUTOR_HPP
