// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "verify.hpp"

#include "new_file.hpp"
#include "stdio_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>
#include <zlib.h>

namespace pipeline {
namespace {

namespace fs = std::filesystem;

struct close_gzip {
    void operator()(gzFile_s* file) const noexcept { gzclose_r(file); }
};
using gzip_file = std::unique_ptr<gzFile_s, close_gzip>;

class comparison {
public:
    // Nothing: they are the same.
    [[nodiscard]] std::optional<std::string> difference(fs::path const& input,
                                                        fs::path const& output) {
        if (!fs::exists(output))
            return "'" + output.string() + "' is missing";
        stdio_file const original = open_file(input, "rb");
        if (original == nullptr)
            return failure("cannot open", input, last_error()).message();
        gzip_file const compressed(gzopen(output.c_str(), "rb"));
        if (compressed == nullptr)
            return failure("cannot open", output, last_error()).message();

        for (std::size_t size = piece; size == piece;) {
            size = std::fread(expected_.data(), 1, piece, original.get());
            if (std::ferror(original.get()) != 0)
                return failure("cannot read", input, last_error()).message();
            int const got = gzread(compressed.get(), found_.data(), static_cast<unsigned>(piece));
            int error = Z_OK; // not so either if the file ends too early
            char const* const message = gzerror(compressed.get(), &error);
            if (got < 0 || error != Z_OK)
                return "'" + output.string() + "' is damaged: " + message;
            if (gzdirect(compressed.get()) != 0)
                return "'" + output.string() + "' is not compressed";
            if (!std::equal(expected_.data(), expected_.data() + size, found_.data(),
                            found_.data() + got))
                return "'" + output.string() + "' differs from '" + input.string() + "'";
        }
        return std::nullopt;
    }

private:
    static constexpr std::size_t piece = 256 * 1024;

    std::vector<char> expected_ = std::vector<char>(piece);
    std::vector<char> found_ = std::vector<char>(piece);
};

} // namespace

std::vector<std::string> verify(fs::path const& input, fs::path const& output) {
    std::vector<std::string> wrong;
    comparison files;
    for (auto const& entry : fs::recursive_directory_iterator(input)) {
        if (!fs::is_regular_file(entry.symlink_status()))
            continue;
        auto target = output / entry.path().lexically_relative(input);
        target += ".gz";
        if (auto what = files.difference(entry.path(), target))
            wrong.push_back(*std::move(what));
    }
    for (auto const& entry : fs::recursive_directory_iterator(output))
        if (entry.path().extension() == part_suffix)
            wrong.push_back("'" + entry.path().string() + "' was left");
    return wrong;
}

} // namespace pipeline
