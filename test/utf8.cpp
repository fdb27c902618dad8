// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE utf8
#include "utf8.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace std::string_literals;
using arborist::utf8::length;
using arborist::utf8::printable;
using arborist::utf8::repaired;

BOOST_AUTO_TEST_CASE(sound_text_stays_as_it_is) {
    for (char const* text : {"", "wal", "a b/c\\d'\"",
                             "L\xC3\xB6"
                             "ader",
                             "\xE4\xB8\xAD\xE6\x96\x87", "\xF0\x9F\x8C\xB3", "\xED\x9F\xBF",
                             "\xEE\x80\x80", "\xF4\x8F\xBF\xBF"}) {
        BOOST_TEST(repaired(text) == text);
        BOOST_TEST(printable(text) == text);
    }
}

BOOST_AUTO_TEST_CASE(every_byte_that_is_no_part_of_a_code_point_is_replaced) {
    BOOST_TEST(repaired("\xFF") == "\xEF\xBF\xBD");
    BOOST_TEST(repaired("a\x80z") == "a\xEF\xBF\xBDz");
    BOOST_TEST(repaired("\xE4") == "\xEF\xBF\xBD");                 // Latin-1
    BOOST_TEST(repaired("\xE4\xB8") == "\xEF\xBF\xBD\xEF\xBF\xBD"); // cut off
    BOOST_TEST(repaired("\xC3z") == "\xEF\xBF\xBDz");               // interrupted
    BOOST_TEST(repaired("\xC0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD"); // too long for U+0000
    BOOST_TEST(repaired("\xE0\x80\xAF").size() == 9U);              // too long for '/'
    BOOST_TEST(repaired("\xF0\x80\x80\xAF").size() == 12U);         // the same
    BOOST_TEST(repaired("\xED\xA0\x80").size() == 9U);              // a surrogate
    BOOST_TEST(repaired("\xF4\x90\x80\x80").size() == 12U);         // beyond U+10FFFF
    BOOST_TEST(repaired("\xF5\x80\x80\x80").size() == 12U);         // the same
}

BOOST_AUTO_TEST_CASE(json_can_hold_controls) {
    BOOST_TEST(repaired("\x1B[2J\n\0!"s) == "\x1B[2J\n\0!"s);
}

BOOST_AUTO_TEST_CASE(a_terminal_gets_nothing_that_disturbs_it) {
    BOOST_TEST(printable("\x1B[2J") == "\\x1b[2J");
    BOOST_TEST(printable("a\nb\tc\rd\0e\x7F"s) == "a\\nb\\tc\\x0dd\\x00e\\x7f");
    BOOST_TEST(printable("\xC2\x9B"
                         "2J") == "\\u{9b}2J"); // the one-character form of ESC [
    BOOST_TEST(printable("\x9B"
                         "2J") == "\\x9b2J"); // the same in Latin-1
    BOOST_TEST(printable("txt.\xE2\x80\xAE"
                         "exe") == "txt.\\u{202e}exe");
    BOOST_TEST(printable("\xE2\x80\xA8") == "\\u{2028}");
    BOOST_TEST(printable("\xE2\x81\xA6") == "\\u{2066}");
    BOOST_TEST(printable("\xD8\x9C") == "\\u{61c}");
    BOOST_TEST(printable("\xEF\xBB\xBF") == "\\u{feff}");
}

BOOST_AUTO_TEST_CASE(length_counts_code_points) {
    BOOST_TEST(length("") == 0U);
    BOOST_TEST(length("wal") == 3U);
    BOOST_TEST(length("L\xC3\xB6"
                      "ader") == 6U);
    BOOST_TEST(length("\xE4\xB8\xAD\xE6\x96\x87") == 2U);
    BOOST_TEST(length("\xFF\xE4\xB8") == 3U);
}
