// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE text
#include "text.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace std::chrono_literals;
using arborist::duration;
using arborist::text::bytes;
using arborist::text::rough;
using arborist::text::utc;
using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::time_point_cast;
using std::chrono::year;

// How durations of options read is in options.cpp.

BOOST_AUTO_TEST_CASE(a_rough_time_has_the_units_that_one_wants_to_know) {
    BOOST_TEST(rough(0s) == "0ms");
    BOOST_TEST(rough(999us) == "0ms");
    BOOST_TEST(rough(1ms) == "1ms");
    BOOST_TEST(rough(250ms) == "250ms");
    BOOST_TEST(rough(999999us) == "999ms");
    BOOST_TEST(rough(1s) == "1s");
    BOOST_TEST(rough(12345ms) == "12.3s");
    BOOST_TEST(rough(59999ms) == "59.9s");
    BOOST_TEST(rough(1min) == "1m");
    BOOST_TEST(rough(5min + 12900ms) == "5m 12s");
    BOOST_TEST(rough(59min + 59s) == "59m 59s");
    BOOST_TEST(rough(1h) == "1h");
    BOOST_TEST(rough(3h + 59s) == "3h");
    BOOST_TEST(rough(3h + 20min + 59s) == "3h 20m");
    BOOST_TEST(rough(23h + 59min + 59s) == "23h 59m");
    BOOST_TEST(rough(days(1)) == "1d");
    BOOST_TEST(rough(days(2) + 4h + 59min) == "2d 4h");
    BOOST_TEST(rough(days(400) + 59min) == "400d");
    BOOST_TEST(rough(duration::max()) == "106751d 23h");
}

BOOST_AUTO_TEST_CASE(there_are_no_negative_rough_times) {
    BOOST_TEST(rough(-1ns) == "0ms");
    BOOST_TEST(rough(duration::min()) == "0ms");
}

BOOST_AUTO_TEST_CASE(bytes_in_the_unit_that_one_would_say) {
    BOOST_TEST(bytes(0) == "0 B");
    BOOST_TEST(bytes(999) == "999 B");
    BOOST_TEST(bytes(1'000) == "1.0 kB");
    BOOST_TEST(bytes(1'299) == "1.2 kB");
    BOOST_TEST(bytes(999'999) == "999.9 kB");
    BOOST_TEST(bytes(1'000'000) == "1.0 MB");
    BOOST_TEST(bytes(34'500'000'000) == "34.5 GB");
    BOOST_TEST(bytes(UINT64_MAX) == "18.4 EB");
}

BOOST_AUTO_TEST_CASE(a_point_in_time_is_that_of_rfc_3339) {
    auto const at = [](auto value) {
        return utc(time_point_cast<std::chrono::system_clock::duration>(value));
    };
    BOOST_TEST(at(sys_days()) == "1970-01-01T00:00:00.000000Z");
    BOOST_TEST(at(sys_days() - 1us) == "1969-12-31T23:59:59.999999Z");
    BOOST_TEST(at(sys_days(year(2026) / 11 / 22) + 11h + 23min + 32s + 123456789ns) ==
               "2026-11-22T11:23:32.123456Z");
    BOOST_TEST(at(sys_days(year(2028) / 2 / 29) + 23h + 59min + 59s) ==
               "2028-02-29T23:59:59.000000Z");
}
