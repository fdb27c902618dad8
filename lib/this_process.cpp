// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/process.hpp>
#include <arborist/this_process.hpp>

#include "current_process.hpp"
#include "supervision.hpp"

namespace arborist::inline v0::this_process {

std::uint64_t id() noexcept {
    detail::process const* const self = detail::current().self;
    return self != nullptr && self->alive() ? self->id() : 0;
}

std::string name() {
    detail::process const* const self = detail::current().self;
    return self != nullptr ? self->full_name() : std::string();
}

arborist::dataspace dataspace() {
    detail::process const* const self = detail::current().self;
    auto const owner = self != nullptr ? self->owner_while_alive() : nullptr;
    return owner != nullptr ? owner->data() : arborist::dataspace(nullptr);
}

} // namespace arborist::inline v0::this_process
