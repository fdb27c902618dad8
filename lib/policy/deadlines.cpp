// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "deadlines.hpp"

#include "room.hpp"

#include <algorithm>

namespace arborist::inline v0::policy {
namespace {

constexpr std::size_t others = 2;

} // namespace

deadlines::deadlines() : places_(others, nowhere) {
    heap_.reserve(others);
}

void deadlines::reserve(std::size_t children) {
    std::size_t const all = std::max(children + others, places_.size());
    make_room(heap_, all);
    places_.resize(all, nowhere);
}

// The indices of the others wrap to 1 and 0.
std::uint32_t& deadlines::place_of(child_index whose) noexcept {
    return places_[static_cast<child_index>(whose + others)];
}

void deadlines::set(child_index whose, time_point at) noexcept {
    std::uint32_t const place = place_of(whose);
    if (at != never) {
        if (place == nowhere)
            heap_.emplace_back();
        settle({at, whose}, place == nowhere ? heap_.size() - 1 : place);
    } else if (place != nowhere) {
        entry const last = heap_.back();
        heap_.pop_back();
        place_of(whose) = nowhere;
        if (place != heap_.size())
            settle(last, place);
    }
}

void deadlines::clear() noexcept {
    for (entry const& each : heap_)
        place_of(each.whose) = nowhere;
    heap_.clear();
}

time_point deadlines::earliest() const noexcept {
    return heap_.empty() ? never : heap_.front().at;
}

void deadlines::put(entry const& what, std::size_t place) noexcept {
    heap_[place] = what;
    place_of(what.whose) = static_cast<std::uint32_t>(place);
}

// Puts `what` where it belongs, beginning at a place whose entry is not needed any more.
void deadlines::settle(entry const& what, std::size_t place) noexcept {
    while (place != 0 && what < heap_[(place - 1) / 2]) {
        std::size_t const parent = (place - 1) / 2;
        put(heap_[parent], place);
        place = parent;
    }
    for (;;) {
        std::size_t child = 2 * place + 1;
        if (child + 1 < heap_.size() && heap_[child + 1] < heap_[child])
            ++child;
        if (child >= heap_.size() || !(heap_[child] < what))
            break;
        put(heap_[child], place);
        place = child;
    }
    put(what, place);
}

} // namespace arborist::inline v0::policy
