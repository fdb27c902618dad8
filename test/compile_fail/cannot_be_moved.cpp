// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// expect: a supervisable type must be move constructible, to be added

#include <arborist/arborist.hpp>

#include <string_view>

namespace asio = boost::asio;

struct rooted {
    rooted() = default;
    rooted(rooted const&) = delete;
    std::string_view name() const;
    asio::awaitable<arborist::initialization> initialize(arborist::process_shutdown);
};

void declare(arborist::supervisor& root) {
    root.add(rooted());
}
