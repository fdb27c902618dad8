// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_CHAOS_HPP
#define ARBORIST_EXAMPLE_PIPELINE_CHAOS_HPP

#include <arborist/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <string>

namespace pipeline {

namespace asio = boost::asio;

/// Makes workers fail on purpose, at places where it would do harm if anything could. One visit in
/// forty fails, with an exception or an error; one in two thousand hangs, and heeds no shutdown but
/// only the abort.
///
/// Thread-safe. The faults are the same ones for the same seed; whom they hit is up to the threads.
class chaos {
public:
    /// Without a seed nothing ever happens.
    explicit chaos(std::optional<std::uint64_t> seed);

    /// For a worker that blocks. `where` is for the message.
    [[nodiscard]] arborist::result<void> visit(std::string const& where);
    /// For a coroutine.
    [[nodiscard]] asio::awaitable<arborist::result<void>> async_visit(std::string where);

private:
    enum class fault { none, exception, error, hang };

    [[nodiscard]] fault draw();
    [[nodiscard]] static arborist::result<void> fail(fault what, std::string const& where);

    std::mutex mutex_;
    std::optional<std::mt19937_64> random_;
};

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_CHAOS_HPP
