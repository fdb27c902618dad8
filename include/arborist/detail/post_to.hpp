// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_POST_TO_HPP
#define ARBORIST_DETAIL_POST_TO_HPP

#include <arborist/config.hpp>
#include <arborist/detail/hand_over.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/executor.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/require.hpp>

#include <concepts>
#include <utility>

namespace arborist::inline v0::detail {

/// Keeps the context of `executor` running as long as the returned object lives.
template <class Executor>
auto track_work(Executor const& executor) {
    if constexpr (boost::asio::execution::is_executor<Executor>::value)
        return boost::asio::prefer(executor, boost::asio::execution::outstanding_work.tracked);
    else
        return boost::asio::executor_work_guard<Executor>(executor);
}

/// Like `asio::post`; `work` is an executor or comes from @ref track_work.
///
/// `asio::post` copies a polymorphic executor and asks it for properties that it does not have:
/// two allocations more over a strand. The copies also share a reference count that is decremented
/// with a fence, which no thread sanitizer understands.
template <class Work, class Function>
void post_to(Work const& work, Function function) {
    if constexpr (std::same_as<Work, boost::asio::any_io_executor>)
        boost::asio::require(work, boost::asio::execution::blocking.never)
            .execute(std::move(function));
    else if constexpr (boost::asio::execution::is_executor<Work>::value)
        boost::asio::post(work, std::move(function));
    else
        boost::asio::post(work.get_executor(), std::move(function));
}

/// The same for what must not be lost (M3).
template <class Work, class Function>
void post_surely(Work const& work, Function function) {
    hand_over(std::move(function), [&work](auto what) { post_to(work, std::move(what)); });
}

/// Like `asio::dispatch`, for what must not be lost.
template <class Executor, class Function>
void dispatch_surely(Executor const& executor, Function function) {
    hand_over(std::move(function),
              [&executor](auto what) { boost::asio::dispatch(executor, std::move(what)); });
}

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_POST_TO_HPP
