// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "amount.hpp"

#include <array>
#include <cstddef>
#include <iomanip>
#include <ostream>
#include <sstream>

namespace pipeline {

std::ostream& operator<<(std::ostream& stream, amount value) {
    static constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
    auto number = static_cast<double>(value.bytes);
    std::size_t unit = 0;
    for (; number >= 1000 && unit + 1 < units.size(); ++unit)
        number /= 1000;
    std::ostringstream text; // leaves the format of the other one alone
    text << std::fixed << std::setprecision(unit == 0 ? 0 : 1) << number << ' ' << units[unit];
    return stream << text.str();
}

} // namespace pipeline
