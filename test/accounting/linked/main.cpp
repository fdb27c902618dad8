// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// main on|off: whether the accounting component is in this program. It refers to nothing of it but
// operator new.

#include <arborist/arborist.hpp>
#include <arborist/detail/resource_tracking.hpp>

#include "current_process.hpp"

#include <iostream>
#include <new>
#include <string_view>

namespace {

using namespace arborist::detail;

bool counts() {
    resource_tracker* const component = tracker();
    resource_group* const group = component ? component->make_group("group") : nullptr;
    if (!group)
        return false;
    current().charged = group;
    void* const object = ::operator new(42);
    current().charged = nullptr;
    arborist::resource_usage const usage = component->usage(*group);
    ::operator delete(object);
    component->release(*group);
    return usage.live_objects() == 1 && usage.live_bytes() == 42;
}

} // namespace

int main(int argc, char** argv) {
    std::string_view const expected = argc > 1 ? argv[1] : "";
    arborist::supervisor const root("root");
    bool const installed = tracker();
    bool const counting = counts();
    std::cout << (installed ? "installed" : "not installed") << ", "
              << (counting ? "counting" : "not counting") << '\n';
    bool const on = expected == "on";
    return installed == on && counting == on ? 0 : 1;
}
