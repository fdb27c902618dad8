// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_POLICY_ROOM_HPP
#define ARBORIST_LIB_POLICY_ROOM_HPP

#include <algorithm>
#include <cstddef>
#include <vector>

namespace arborist::inline v0::policy {

/// Like `reserve`, but grows geometrically, so that it may be called for one more each time.
template <class T>
void make_room(std::vector<T>& in, std::size_t size) {
    if (in.capacity() < size)
        in.reserve(std::max(size, 2 * in.capacity()));
}

} // namespace arborist::inline v0::policy

#endif // ARBORIST_LIB_POLICY_ROOM_HPP
