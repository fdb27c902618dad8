// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_BELL_HPP
#define ARBORIST_EXAMPLE_PIPELINE_BELL_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/system/error_code.hpp>

namespace pipeline {

namespace asio = boost::asio;

class worklist;

/// Tells a coroutine that something has changed in the worklist. It is latched: have it first, then
/// look, then wait, and nothing is missed.
class bell {
public:
    bell(asio::any_io_executor executor, worklist& work);
    bell(bell const&) = delete;
    bell& operator=(bell const&) = delete;
    ~bell();

    /// Completes when it has rung since the last time.
    [[nodiscard]] auto async_wait() { return rung_.async_receive(asio::deferred); }

    /// From any thread.
    void ring();

private:
    worklist& work_;
    asio::experimental::concurrent_channel<void(boost::system::error_code)> rung_;
};

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_BELL_HPP
