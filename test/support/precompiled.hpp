// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "../../cmake/precompiled.hpp"

#include <boost/asio/spawn.hpp>

// Nothing of Boost.Test: its first header looks for BOOST_TEST_MODULE, which each test defines, to
// decide whether there is a main().
