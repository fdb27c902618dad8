// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "new_file.hpp"

#include "stdio_file.hpp"

#include <cstdio>
#include <system_error>
#include <utility>

namespace pipeline {

new_file::new_file(std::filesystem::path target)
    : target_(std::move(target)), part_(target_.native() + part_suffix) {}

new_file::~new_file() {
    std::error_code unimportant;
    if (!part_.empty())
        std::filesystem::remove(part_, unimportant);
}

arborist::result<void> new_file::write(std::span<char const> contents) {
    std::error_code error;
    create_directories(part_.parent_path(), error);
    if (error)
        return failure("cannot make the directory", part_.parent_path(), error);
    stdio_file file = open_file(part_, "wb");
    if (file == nullptr)
        return failure("cannot make", part_, last_error());
    bool const written =
        std::fwrite(contents.data(), 1, contents.size(), file.get()) == contents.size();
    if (!written)
        return failure("cannot write", part_, last_error());
    if (std::fclose(file.release()) != 0) // what was buffered is written only now
        return failure("cannot write", part_, last_error());
    return arborist::success();
}

arborist::result<void> new_file::appear() {
    std::error_code error;
    rename(part_, target_, error);
    if (error)
        return failure("cannot rename to", target_, error);
    part_.clear();
    return arborist::success();
}

} // namespace pipeline
