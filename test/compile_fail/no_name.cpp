// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// expect: a supervisable type needs a member function `name\(\) const`

#include <arborist/arborist.hpp>

namespace asio = boost::asio;

struct nameless {
    asio::awaitable<arborist::initialization> initialize(arborist::process_shutdown);
};

void declare(arborist::supervisor& root) {
    root.add(nameless());
}
