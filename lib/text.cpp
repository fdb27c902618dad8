// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <iterator>

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

// "3h 20m"; "3h" if there is no `fine`.
std::string two_units(std::int64_t coarse, char coarse_unit, std::int64_t fine, char fine_unit) {
    std::string result = std::to_string(coarse) + coarse_unit;
    if (fine != 0)
        result += ' ' + std::to_string(fine) + fine_unit;
    return result;
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

std::string rough(duration value) {
    using namespace std::chrono;
    value = std::max(value, duration::zero());
    if (value < 1s)
        return std::to_string(value / 1ms) + "ms";
    if (value < 1min)
        return decimal(value / 100ms * 100) + 's';
    if (value < 1h)
        return two_units(value / 1min, 'm', value % 1min / 1s, 's');
    if (value < days(1))
        return two_units(value / 1h, 'h', value % 1h / 1min, 'm');
    return two_units(value / days(1), 'd', value % days(1) / 1h, 'h');
}

std::string bytes(std::uint64_t value) {
    if (value < 1000)
        return std::to_string(value) + " B";
    char const* const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
    std::size_t unit = 0;
    for (; value >= 1'000'000; value /= 1000)
        ++unit;
    return std::to_string(value / 1000) + '.' + std::to_string(value % 1000 / 100) + ' ' +
           units[unit];
}

std::string utc(std::chrono::system_clock::time_point value) {
    using namespace std::chrono;
    auto const day = floor<days>(value);
    year_month_day const date(day);
    hh_mm_ss const time(floor<microseconds>(value - day));
    char buffer[64];
    std::snprintf(buffer, std::size(buffer), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                  static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()),
                  static_cast<int>(time.subseconds().count()));
    return buffer;
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
