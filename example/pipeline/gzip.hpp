// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_GZIP_HPP
#define ARBORIST_EXAMPLE_PIPELINE_GZIP_HPP

#include <span>
#include <vector>
#include <zlib.h>

namespace pipeline {

/// Compresses a file piece by piece, so that whoever does it can do something else in between.
class gzip {
public:
    /// @throws std::bad_alloc
    explicit gzip(int level);
    gzip(gzip const&) = delete;
    gzip& operator=(gzip const&) = delete;
    ~gzip();

    /// @throws std::bad_alloc
    void add(std::span<char const> piece, bool last);

    /// All of it, once the last piece was added.
    [[nodiscard]] std::vector<char> const& compressed() const noexcept { return compressed_; }

private:
    z_stream stream_{};
    std::vector<char> compressed_;
};

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_GZIP_HPP
