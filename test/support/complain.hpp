// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_SUPPORT_COMPLAIN_HPP
#define ARBORIST_TEST_SUPPORT_COMPLAIN_HPP

#include <string>

/// Something does not hold that must: an error of the running test. For checks that programs
/// without Boost.Test share, which have one of their own.
void complain(std::string const& what);

#endif // ARBORIST_TEST_SUPPORT_COMPLAIN_HPP
