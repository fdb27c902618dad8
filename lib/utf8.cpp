// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "utf8.hpp"

#include <cstdio>
#include <iterator>

namespace arborist::inline v0::utf8 {
namespace {

struct code_point {
    char32_t value = 0;
    std::size_t size = 1;
    bool valid = false;
};

// How many bytes a code point has that begins with this one; 0 if none does.
std::size_t size_of(unsigned char lead) noexcept {
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2) // inside of a code point, or a longer form of what fits into one byte
        return 0;
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
}

bool is_allowed(char32_t value, std::size_t size) noexcept {
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    bool const surrogate = value >= 0xD800 && value < 0xE000;
    return value >= least[size] && value < 0x110000 && !surrogate;
}

code_point first_of(std::string_view text) noexcept {
    auto const lead = static_cast<unsigned char>(text.front());
    std::size_t const size = size_of(lead);
    if (size == 0 || size > text.size())
        return {.value = lead};
    if (size == 1)
        return {.value = lead, .valid = true};
    char32_t value = lead & (0x7FU >> size);
    for (char c : text.substr(1, size - 1)) {
        auto const byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80)
            return {.value = lead};
        value = value << 6 | (byte & 0x3FU);
    }
    if (!is_allowed(value, size))
        return {.value = lead};
    return {value, size, true};
}

// Calls `function` with each code point, and the bytes that it is made of.
template <class Function>
void for_each(std::string_view text, Function function) {
    while (!text.empty()) {
        code_point const first = first_of(text);
        function(first, text.substr(0, first.size));
        text.remove_prefix(first.size);
    }
}

// Controls; what is invisible; what separates lines, or turns the direction of writing.
bool disturbs(char32_t value) noexcept {
    static constexpr struct {
        char32_t first, last;
    } ranges[] = {{0, 0x1F},        {0x7F, 0x9F},     {0x61C, 0x61C},  {0x200B, 0x200F},
                  {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}};
    for (auto const& range : ranges)
        if (value >= range.first && value <= range.last)
            return true;
    return false;
}

std::string escaped(code_point const& what) {
    if (what.value == '\n')
        return "\\n";
    if (what.value == '\t')
        return "\\t";
    char buffer[16];
    bool const byte = what.size == 1;
    std::snprintf(buffer, std::size(buffer), byte ? "\\x%02x" : "\\u{%x}",
                  static_cast<unsigned>(what.value));
    return buffer;
}

} // namespace

std::string repaired(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for_each(text, [&](code_point const& each, std::string_view bytes) {
        result += each.valid ? bytes : std::string_view("\xEF\xBF\xBD");
    });
    return result;
}

std::string printable(std::string_view text) {
    std::string result;
    for_each(text, [&](code_point const& each, std::string_view bytes) {
        if (each.valid && !disturbs(each.value))
            result += bytes;
        else
            result += escaped(each);
    });
    return result;
}

std::size_t length(std::string_view text) noexcept {
    std::size_t result = 0;
    for_each(text, [&](code_point const&, std::string_view) { ++result; });
    return result;
}

} // namespace arborist::inline v0::utf8
