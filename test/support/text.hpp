// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_SUPPORT_TEXT_HPP
#define ARBORIST_TEST_SUPPORT_TEXT_HPP

#include <sstream>
#include <string>

/// What `operator<<` writes.
template <class T>
std::string text(T const& value) {
    std::ostringstream stream;
    stream << value;
    return stream.str();
}

#endif // ARBORIST_TEST_SUPPORT_TEXT_HPP
