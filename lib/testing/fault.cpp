// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/testing/fault.hpp>

#include "../text.hpp"

#include <ostream>

namespace arborist::inline v0::testing {

std::ostream& operator<<(std::ostream& stream, fault const& value) {
    char const* separator = "";
    auto const say = [&](bool holds, auto const&... words) {
        if (!holds)
            return;
        stream << separator;
        (stream << ... << words);
        separator = ", ";
    };
    say(value.slow_start != duration::zero(), "starts after ", text::of(value.slow_start));
    say(value.fails_to_initialize, "fails to initialise");
    say(value.hangs, "hangs");
    say(value.fails_at_resumption != 0, "fails at resumption ", value.fails_at_resumption);
    say(value.fails_after != duration::max(), "fails after ", text::of(value.fails_after));
    say(value.by_value && (value.fails_at_resumption != 0 || value.fails_after != duration::max()),
        "by value");
    say(value.out_of_memory, "for lack of memory");
    say(value.lingers != duration::zero(), "lingers ", text::of(value.lingers));
    if (*separator == '\0')
        stream << "no fault";
    return stream;
}

} // namespace arborist::inline v0::testing
