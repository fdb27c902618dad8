// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "support/complain.hpp"

#include <boost/test/unit_test.hpp>

void complain(std::string const& what) {
    BOOST_ERROR(what);
}
