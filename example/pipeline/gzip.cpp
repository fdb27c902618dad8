// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "gzip.hpp"

#include <boost/assert.hpp>
#include <boost/core/ignore_unused.hpp>

#include <algorithm>
#include <cstddef>
#include <new>

namespace pipeline {
namespace {

constexpr int gzip_format = 15 + 16; // the largest window, and a gzip header; see zlib.h
constexpr int default_memory = 8;

} // namespace

gzip::gzip(int level) {
    int const made =
        deflateInit2(&stream_, level, Z_DEFLATED, gzip_format, default_memory, Z_DEFAULT_STRATEGY);
    if (made != Z_OK)
        throw std::bad_alloc(); // the only reason, if the version is that of the header
}

gzip::~gzip() {
    deflateEnd(&stream_);
}

void gzip::add(std::span<char const> piece, bool last) {
    // zlib does not write there; its interface is older than const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream_.avail_in = static_cast<uInt>(piece.size());
    do {
        std::size_t const before = compressed_.size();
        std::size_t const room = std::max<std::size_t>(before, 16 * 1024);
        compressed_.resize(before + room);
        stream_.next_out = reinterpret_cast<Bytef*>(compressed_.data() + before);
        stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(room, 1 << 30));
        auto const offered = stream_.avail_out;
        int const result = deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH);
        BOOST_ASSERT(result != Z_STREAM_ERROR);
        boost::ignore_unused(result);
        compressed_.resize(before + offered - stream_.avail_out);
    } while (stream_.avail_out == 0);
}

} // namespace pipeline
