// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// expect: `initialize` of a supervisable type must return asio::awaitable<arborist::initialization>

#include <arborist/arborist.hpp>

#include <string_view>

namespace asio = boost::asio;

struct hasty {
    std::string_view name() const;
    asio::awaitable<void> initialize(arborist::process_shutdown);
};

void declare(arborist::supervisor& root) {
    root.add(hasty());
}
