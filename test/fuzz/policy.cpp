// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// The decisions of a supervisor, driven by bytes: they choose the children, their rules, and what
// happens to them, and when they are used up everybody behaves well.

#include "fuzz/target.hpp"
#include "support/complain.hpp"
#include "support/policy_walk.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

// A choice among no more than 256 takes a byte, any other two.
std::size_t take(std::string_view& bytes, std::size_t end) {
    std::size_t number = 0;
    for (std::size_t size = end > 256 ? 2 : 1; size != 0 && !bytes.empty(); --size) {
        number = number << 8U | static_cast<std::uint8_t>(bytes.front());
        bytes.remove_prefix(1);
    }
    return number % end;
}

} // namespace

void complain(std::string const& what) {
    fuzz::expect(false, what);
}

void fuzz::try_input(std::string_view bytes) {
    policy_test::walk([&bytes](std::size_t end) { return take(bytes, end); }).run();
}
