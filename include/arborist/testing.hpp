// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TESTING_HPP
#define ARBORIST_TESTING_HPP

// The whole kit; link the component arborist::testing.
#include <arborist/testing/explore.hpp>
#include <arborist/testing/fault.hpp>
#include <arborist/testing/simulation.hpp>
#include <arborist/testing/trial.hpp>

#endif // ARBORIST_TESTING_HPP
