// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// expect: no matching (member )?function for call to .*async_run
// expect: completion_token_for

#include <arborist/arborist.hpp>

#include <boost/asio/io_context.hpp>

void start(arborist::supervisor& root, boost::asio::io_context& context) {
    root.async_run(context, [](int) {});
}
