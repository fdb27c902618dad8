// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// expect: arborist: a one-shot child cannot be added to a supervisor, which may have to start it
// again

#include <arborist/arborist.hpp>

boost::asio::awaitable<void> serve();

void declare(arborist::supervisor& root) {
    root.add(arborist::once("connection", serve));
}
