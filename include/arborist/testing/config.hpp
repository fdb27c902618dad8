// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TESTING_CONFIG_HPP
#define ARBORIST_TESTING_CONFIG_HPP

#include <arborist/config.hpp>

#if defined(ARBORIST_TESTING_DYN_LINK)
#if defined(ARBORIST_TESTING_SOURCE)
#define ARBORIST_TESTING_DECL BOOST_SYMBOL_EXPORT
#else
#define ARBORIST_TESTING_DECL BOOST_SYMBOL_IMPORT
#endif
#else
#define ARBORIST_TESTING_DECL
#endif

/// A kit for testing trees: a simulation with virtual time, faults, and checks of what must hold
/// whatever happens. Not part of the library: it is the component `arborist::testing` (B2:
/// `/arborist//testing`), to be linked with tests and nothing else.
namespace arborist::inline v0::testing {}

#endif // ARBORIST_TESTING_CONFIG_HPP
