// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "scanner.hpp"

#include "new_file.hpp"
#include "stdio_file.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <functional>
#include <span>
#include <system_error>
#include <utility>

namespace pipeline {
namespace {

namespace fs = std::filesystem;

// Not only whether the directory is there: it may be somebody else's, or on a full disk.
arborist::result<void> try_to_write(fs::path const& directory) {
    static constexpr char something[] = "something";
    return new_file(directory / "pipeline").write(something);
}

asio::awaitable<arborist::result<void>> nothing_more() {
    co_return arborist::success();
}

} // namespace

scanner::scanner(fs::path input, fs::path output, std::shared_ptr<worklist> work)
    : input_(std::move(input)), output_(std::move(output)), work_(std::move(work)) {}

asio::awaitable<arborist::initialization>
scanner::initialize(arborist::process_shutdown /*shutdown*/) {
    auto listing = list();
    auto files = co_await std::move(listing);
    if (!files)
        co_return arborist::initialization_error(std::move(files).error());
    if (auto written = try_to_write(output_); !written)
        co_return arborist::initialization_error(std::move(written).error());

    // The largest first, so that in the end nobody waits for one who has only begun it.
    std::ranges::sort(files.value(), std::ranges::greater(), &input_file::size);
    work_->fill(std::move(files).value());
    co_return nothing_more();
}

// Only regular files; links are not followed, since they may lead anywhere, and round in circles.
asio::awaitable<arborist::result<std::vector<input_file>>> scanner::list() const {
    auto const executor = co_await asio::this_coro::executor;
    std::vector<input_file> files;
    std::error_code error;
    fs::path at = input_;
    for (fs::recursive_directory_iterator entry(input_, error), end; !error && entry != end;) {
        at = entry->path();
        if (fs::is_regular_file(entry->symlink_status(error)) && !error) {
            auto const size = entry->file_size(error);
            files.push_back({.path = at.lexically_relative(input_), .size = size});
        }
        if (error)
            break;
        // A large directory takes its time: let others run, and let us be stopped.
        if (files.size() % 256 == 0)
            co_await asio::post(executor, asio::use_awaitable);
        entry.increment(error); // goes into `at`, if that is a directory
    }
    if (error)
        co_return failure("cannot list", at, error);
    co_return files;
}

} // namespace pipeline
