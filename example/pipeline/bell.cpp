// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "bell.hpp"

#include "worklist.hpp"

#include <mutex>
#include <utility>

namespace pipeline {

bell::bell(asio::any_io_executor executor, worklist& work)
    : work_(work), rung_(std::move(executor), 1) {
    std::lock_guard lock(work_.mutex_);
    work_.bells_.insert(this);
}

bell::~bell() {
    std::lock_guard lock(work_.mutex_);
    work_.bells_.erase(this);
}

void bell::ring() {
    rung_.try_send(boost::system::error_code()); // full: it has rung already
}

} // namespace pipeline
