// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// expect: (deleted function|implicitly-deleted copy constructor of) .*supervisor

#include <arborist/arborist.hpp>

void declare(arborist::supervisor& root, arborist::supervisor const& nested) {
    root.add(nested);
}
