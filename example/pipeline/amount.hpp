// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_AMOUNT_HPP
#define ARBORIST_EXAMPLE_PIPELINE_AMOUNT_HPP

#include <cstdint>
#include <iosfwd>

namespace pipeline {

/// Of bytes: "170.1 MB"
struct amount {
    std::uintmax_t bytes;

    friend std::ostream& operator<<(std::ostream& stream, amount value);
};

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_AMOUNT_HPP
