// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "text.hpp"

#include <cstdint>

namespace arborist::inline v0::text {
namespace {

// "1.5" for 1500 thousandths, "2" for 2000.
std::string decimal(std::int64_t thousandths) {
    std::string result = std::to_string(thousandths / 1000);
    std::string fraction = std::to_string(1000 + thousandths % 1000).substr(1);
    while (!fraction.empty() && fraction.back() == '0')
        fraction.pop_back();
    return fraction.empty() ? result : result + '.' + fraction;
}

} // namespace

std::string of(duration value) {
    using namespace std::chrono;
    if (value == duration::max())
        return "for ever";
    if (value < duration::zero())
        return '-' + of(value == duration::min() ? duration::max() : -value);
    if (value >= 1h && value % 1h == 0ns)
        return std::to_string(value / 1h) + 'h';
    if (value >= 1s || value == 0ns)
        return decimal(value / 1ms) + 's';
    if (value >= 1ms)
        return decimal(value / 1us) + "ms";
    if (value >= 1us)
        return decimal(value.count()) + "us";
    return std::to_string(value.count()) + "ns";
}

std::string join(std::vector<std::string> const& parts) {
    std::string result;
    for (std::size_t i = 0; i != parts.size(); ++i) {
        if (i != 0)
            result += i + 1 == parts.size() ? " and " : ", ";
        result += parts[i];
    }
    return result;
}

std::string count(std::size_t number, std::string const& noun) {
    return std::to_string(number) + ' ' + noun + (number == 1 ? "" : "s");
}

} // namespace arborist::inline v0::text
