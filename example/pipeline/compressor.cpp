// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "compressor.hpp"

#include "claim.hpp"
#include "gzip.hpp"
#include "new_file.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

namespace pipeline {

compressor::compressor(std::string path, std::filesystem::path output, int level,
                       std::shared_ptr<worklist> work, std::shared_ptr<chaos> trouble)
    : path_(std::move(path)), output_(std::move(output)), level_(level), work_(std::move(work)),
      trouble_(std::move(trouble)) {}

asio::awaitable<arborist::result<void>>
compressor::operator()(arborist::process_shutdown shutdown) const {
    bell changed(co_await asio::this_coro::executor, *work_);
    for (;;) {
        auto looking = next(changed, shutdown);
        auto const file = co_await std::move(looking);
        if (!file)
            co_return arborist::success();
        auto compressing = compress(*file, shutdown);
        auto compressed = co_await std::move(compressing);
        if (!compressed)
            co_return std::move(compressed).error();
    }
}

// Nothing: all is done, or the shutdown was requested.
asio::awaitable<std::optional<loaded_file>>
compressor::next(bell& changed, arborist::process_shutdown const& shutdown) const {
    while (!work_->finished()) {
        if (auto file = work_->claim_loaded(path_))
            co_return file;
        auto waiting = shutdown.until(changed.async_wait());
        auto const rung = co_await std::move(waiting);
        if (!rung)
            break;
    }
    co_return std::nullopt;
}

// Between two pieces it lets others run on its thread, also after the only one. Its own supervisor
// is among those: if no worker ever paused, nobody could be restarted or stopped.
asio::awaitable<arborist::result<void>>
compressor::compress(loaded_file const& file, arborist::process_shutdown const& shutdown) const {
    static constexpr std::size_t most = 256 * 1024;

    auto visit = trouble_->async_visit("before compressing " + file.path.string());
    auto visited = co_await std::move(visit);
    if (!visited)
        co_return std::move(visited).error();

    auto const executor = co_await asio::this_coro::executor;
    gzip stream(level_);
    std::span<char const> rest = *file.contents;
    do {
        auto const piece = rest.first(std::min(rest.size(), most));
        rest = rest.subspan(piece.size());
        stream.add(piece, rest.empty());
        co_await asio::post(executor, asio::use_awaitable);
        if (shutdown.requested())
            co_return arborist::errc::shutdown_requested; // a clean end, and of the claim as well
        if (auto renewed = renew_claim(file.number, path_); !renewed)
            co_return std::move(renewed).error();
    } while (!rest.empty());

    auto target = output_ / file.path;
    target += ".gz";
    new_file compressed(std::move(target));
    if (auto written = compressed.write(stream.compressed()); !written)
        co_return std::move(written).error();
    visit = trouble_->async_visit("before renaming the result of " + file.path.string());
    visited = co_await std::move(visit);
    if (!visited)
        co_return std::move(visited).error();
    if (auto appeared = compressed.appear(); !appeared)
        co_return std::move(appeared).error();
    work_->done(file.number, stream.compressed().size());
    co_return arborist::success();
}

} // namespace pipeline
