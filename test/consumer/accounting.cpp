// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// A program outside the project, with accounting. It shows what is used, and that it counts.

// tag::all[]
#include <arborist/accounting.hpp>
#include <arborist/arborist.hpp>

#include <iostream>
#include <memory>

namespace accounting = arborist::accounting;

void show() {
    for (accounting::group const& each : accounting::groups())
        std::cout << each.name << ": " << each.usage.live_bytes() << " bytes in "
                  << each.usage.live_objects() << " objects\n";
}
// end::all[]

int main() {
    arborist::supervisor const root("root");
    show();
    auto const before = accounting::total();
    auto const object = std::make_unique<char[]>(1'000'000);
    object[0] = 'x'; // so that it is there
    auto const after = accounting::total();
    std::cout << after.live_bytes() - before.live_bytes() << " bytes more\n";
    return after.live_bytes() - before.live_bytes() == 1'000'000 && object[0] == 'x' ? 0 : 1;
}
