// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_FUZZ_TARGET_HPP
#define ARBORIST_TEST_FUZZ_TARGET_HPP

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

// What the fuzz targets have in common. A target is one file, which says what is done with an
// input; built with -fsanitize=fuzzer it makes up inputs, and with replay.cpp it runs those of its
// corpus.
namespace fuzz {

/// Each target has one of its own. Must not depend on the inputs before.
void try_input(std::string_view bytes);

inline void expect(bool holds, std::string const& what) {
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what.c_str());
    std::abort();
}

} // namespace fuzz

#endif // ARBORIST_TEST_FUZZ_TARGET_HPP
