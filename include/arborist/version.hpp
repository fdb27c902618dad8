// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_VERSION_HPP
#define ARBORIST_VERSION_HPP

// ARBORIST_VERSION / 10000 is the major version, / 100 % 100 the minor, % 100 the patch level.
#define ARBORIST_VERSION 100
#define ARBORIST_VERSION_STRING "0.1.0"

#endif // ARBORIST_VERSION_HPP
