// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// expect: a worker function is called with an arborist::process_shutdown or with nothing

#include <arborist/arborist.hpp>

void declare(arborist::supervisor& root) {
    root.add(arborist::worker("it", [](arborist::process_shutdown) { return 7; }));
}
