// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_SUPPORT_TOKEN_HPP
#define ARBORIST_TEST_SUPPORT_TOKEN_HPP

#include <atomic>

namespace tree_test {

/// Owned by every coroutine and value of a scenario, to see that all of them are gone at its end.
class token {
public:
    token() { ++alive; }
    token(token const&) { ++alive; }
    token(token&&) noexcept { ++alive; }
    token& operator=(token const&) = default;
    token& operator=(token&&) = default;
    ~token() { --alive; }

    static inline std::atomic<int> alive = 0;
};

} // namespace tree_test

#endif // ARBORIST_TEST_SUPPORT_TOKEN_HPP
