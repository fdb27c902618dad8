// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "reader.hpp"

#include "claim.hpp"
#include "stdio_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace pipeline {

reader::reader(std::string path, std::filesystem::path input, std::shared_ptr<worklist> work,
               std::shared_ptr<chaos> trouble)
    : path_(std::move(path)), input_(std::move(input)), work_(std::move(work)),
      trouble_(std::move(trouble)) {}

arborist::result<void> reader::operator()(std::stop_token stop) const {
    while (auto const file = work_->claim_unread(path_, stop)) {
        auto loaded = load(*file, stop);
        if (!loaded)
            return loaded;
    }
    return arborist::success();
}

// A file that cannot be read is refused, and not a reason to fail: the next one to try would fail
// as well, and so on, until the supervisor gives up.
arborist::result<void> reader::load(unread_file const& file, std::stop_token const& stop) const {
    if (auto visited = trouble_->visit("before reading " + file.path.string()); !visited)
        return visited;
    auto contents = contents_of(file, stop);
    if (stop.stop_requested())
        return arborist::success(); // with the process ends the claim
    if (auto visited = trouble_->visit("after reading " + file.path.string()); !visited)
        return visited;
    if (contents)
        work_->loaded(file.number, std::move(contents).value());
    else
        work_->refused(file.number, std::move(contents).error());
    return arborist::success();
}

arborist::result<std::vector<char>> reader::contents_of(unread_file const& file,
                                                        std::stop_token const& stop) const {
    static constexpr std::uintmax_t most = 1 << 20;

    // One more than there is, so that the end is seen; it may have grown or shrunk.
    auto const piece = static_cast<std::size_t>(std::min(file.size + 1, most));
    auto const path = input_ / file.path;
    stdio_file const from = open_file(path, "rb");
    if (from == nullptr)
        return failure("cannot open", path, last_error());
    std::vector<char> contents;
    for (std::size_t size = 0; !stop.stop_requested();) {
        contents.resize(size + piece);
        std::size_t const got = std::fread(contents.data() + size, 1, piece, from.get());
        contents.resize(size += got);
        if (std::ferror(from.get()) != 0)
            return failure("cannot read", path, last_error());
        if (got != piece)
            break;
        if (auto renewed = renew_claim(file.number, path_); !renewed)
            return std::move(renewed).error();
    }
    return contents;
}

} // namespace pipeline
