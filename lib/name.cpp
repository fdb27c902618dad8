// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "name.hpp"

#include <arborist/errc.hpp>

#include <boost/system/system_error.hpp>

#include <algorithm>

namespace arborist::inline v0::name {
namespace {

// ASCII, whatever the locale: metrics back ends accept nothing else.
bool is_alphanumeric(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_segment(std::string_view name) noexcept {
    return !name.empty() && is_alphanumeric(name.front()) && is_alphanumeric(name.back()) &&
           std::ranges::all_of(name, [](char c) { return is_alphanumeric(c) || c == '_'; });
}

} // namespace

std::string sanitize(std::string_view name) {
    if (is_segment(name))
        return std::string(name);
    std::string segment;
    for (char c : name) {
        if (is_alphanumeric(c))
            segment += c;
        else if (!segment.empty() && segment.back() != '_')
            segment += '_';
    }
    if (!segment.empty() && segment.back() == '_')
        segment.pop_back();
    return segment;
}

bool is_valid(std::string_view name) noexcept {
    return std::ranges::any_of(name, is_alphanumeric);
}

std::string below(std::string_view parent, std::string_view name) {
    return std::string(parent) + '.' + sanitize(name);
}

std::string path(std::string_view parent, std::string_view child) {
    return std::string(parent) + '/' + std::string(child);
}

} // namespace arborist::inline v0::name
