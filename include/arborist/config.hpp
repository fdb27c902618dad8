// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_CONFIG_HPP
#define ARBORIST_CONFIG_HPP

#include <boost/config.hpp>
#include <boost/version.hpp>

#if BOOST_VERSION < 108100
#error "arborist needs Boost 1.81 or newer (on Debian 12: apt-get install libboost1.81-dev)"
#endif

// Asio recycles the frames of awaitable coroutines through a thread-local cache.  clang up to 16
// keeps the address of that cache across suspension points and corrupts memory on a thread pool;
// elsewhere it costs time and space.  The choice must be the same in every translation unit of a
// program, so it is a usage requirement of this library and not a define in a header.
#if !defined(BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING)
#error "arborist: compile every translation unit of the program with \
-DBOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING (CMake's arborist::arborist, B2's \
/arborist//arborist and pkg-config do so by themselves)"
#endif

// Every class is either compiled (ARBORIST_DECL, no inline members but trivial ones) or entirely
// inline (BOOST_SYMBOL_VISIBLE where its identity crosses a shared object: thrown or compared by
// type); nothing in between.
#if defined(BOOST_ALL_DYN_LINK) || defined(ARBORIST_DYN_LINK)
#if defined(ARBORIST_SOURCE)
#define ARBORIST_DECL BOOST_SYMBOL_EXPORT
#else
#define ARBORIST_DECL BOOST_SYMBOL_IMPORT
#endif
#else
#define ARBORIST_DECL
#endif

#endif // ARBORIST_CONFIG_HPP
