// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "stdio_file.hpp"

#include <cerrno>

namespace pipeline {

void close_file::operator()(std::FILE* file) const noexcept {
    std::fclose(file);
}

stdio_file open_file(std::filesystem::path const& path, char const* mode) {
    return stdio_file(std::fopen(path.c_str(), mode));
}

std::error_code last_error() noexcept {
    return {errno, std::generic_category()};
}

arborist::cause failure(std::string const& what, std::filesystem::path const& path,
                        std::error_code const& why) {
    return {boost::system::error_code(why), what + " '" + path.string() + "'"};
}

} // namespace pipeline
