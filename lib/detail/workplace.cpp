// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/workplace.hpp>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/query.hpp>

namespace arborist::inline v0::detail {

namespace asio = boost::asio;

workplace::workplace(asio::any_io_executor executor)
    : executor_(std::move(executor)),
      posting_(asio::require(executor_, asio::execution::blocking.never)) {
    auto& context = asio::query(executor_, asio::execution::context);
    if (executor_.target<asio::io_context::executor_type>() != nullptr)
        io_ = static_cast<asio::io_context*>(&context);
    else if (executor_.target<asio::thread_pool::executor_type>() != nullptr)
        pool_ = static_cast<asio::thread_pool*>(&context);
}

} // namespace arborist::inline v0::detail
