// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// expect: a supervisable type needs a member function `initialize\(arborist::process_shutdown\)`

#include <arborist/arborist.hpp>

#include <string_view>

struct idle {
    std::string_view name() const;
};

void declare(arborist::supervisor& root) {
    root.add(idle());
}
