// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// A literal would be a `char const*`, under which nobody looks.
// expect: a pointer does not keep alive what it points to: publish the value

#include <arborist/arborist.hpp>

void publish(arborist::dataspace const& data) {
    (void)data.publish("motd", "hello").has_value();
}
