// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_BENCH_FLOOR_FLOOR_HPP
#define ARBORIST_BENCH_FLOOR_FLOOR_HPP

// The floor: the same work on bare Asio, without supervision, as one would write it who has only
// this to do. Coroutines know the concrete executor, and stop by an event whose node lives in the
// frame of who waits; nothing has a name, is counted, or can be found.

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
#include <utility>

namespace bench {

namespace asio = boost::asio;

using executor = asio::io_context::executor_type;
using token = asio::use_awaitable_t<executor>;
template <class T>
using awaitable = asio::awaitable<T, executor>;

/// Given once; one coroutine waits, which goes on within `give()`.
class event {
    using handler = asio::async_result<token, void()>::handler_type;

public:
    /// `node` lives in the frame of who waits.
    using node = std::optional<handler>;

    auto wait(node& where) {
        return asio::async_initiate<token const, void()>(
            [this, &where](handler waiting) {
                where.emplace(std::move(waiting));
                waiting_ = &where;
            },
            use_token);
    }
    void give() {
        if (node* const woken = std::exchange(waiting_, nullptr)) {
            handler go_on(std::move(**woken));
            woken->reset();
            std::move(go_on)();
        }
    }

private:
    static constexpr token use_token{};

    node* waiting_ = nullptr;
};

} // namespace bench

#endif // ARBORIST_BENCH_FLOOR_FLOOR_HPP
