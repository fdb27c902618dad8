// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// expect: arborist: compile every translation unit of the program with
// expect: -DBOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING

#undef BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING
#include <arborist/config.hpp>
