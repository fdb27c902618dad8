// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// The concept alone, below the type.
// expect: does not satisfy 'has_name'|`name\(\)`|object\.name\(\)

#include <arborist/supervisable.hpp>

namespace asio = boost::asio;

struct nameless {
    asio::awaitable<arborist::initialization> initialize(arborist::process_shutdown);
};
static_assert(arborist::supervisable<nameless>);
