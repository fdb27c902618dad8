// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// expect: (cannot convert).*once_options

#include <arborist/arborist.hpp>

boost::asio::awaitable<void> serve();

auto declare() {
    return arborist::once("connection", serve, {.restart = arborist::permanent});
}
