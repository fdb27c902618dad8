// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/on_signal.hpp>

#include <csignal>
#include <stdexcept>
#include <string>

namespace arborist::inline v0::detail {

void check_signal_number(int number) {
#if defined(SIGKILL)
    if (number == SIGKILL)
        throw std::invalid_argument("on_signal: SIGKILL cannot be waited for");
#endif
#if defined(SIGSTOP)
    if (number == SIGSTOP)
        throw std::invalid_argument("on_signal: SIGSTOP cannot be waited for");
#endif
#if defined(NSIG)
    constexpr int end = NSIG;
#else
    constexpr int end = 65;
#endif
    if (number <= 0 || number >= end)
        throw std::invalid_argument("on_signal: " + std::to_string(number) +
                                    " is not the number of a signal");
}

} // namespace arborist::inline v0::detail
