// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "current_process.hpp"

#include <arborist/detail/process.hpp>
#include <arborist/detail/resource_tracking.hpp>

#include "ownership.hpp"

namespace arborist::inline v0::detail {
namespace {

constinit thread_local current_place here;

void charge(resource_group* previous, resource_group* next) noexcept {
    if (previous != next)
        tracker()->charge(previous, next);
}

} // namespace

current_place& current() noexcept {
    return here;
}

process_scope::process_scope(process& self) noexcept : here_(current()), before_(here_) {
    here_ = self.alive() ? current_place{&self, self.charged()} : current_place{};
    charge(before_.charged, here_.charged);
}

process_scope::~process_scope() {
    charge(here_.charged, before_.charged);
    here_ = before_;
}

void enter_as_owner(std::shared_ptr<owned_entries> const& where,
                    std::function<void(std::uint64_t owner)> const& enter) {
    process* const self = current().self;
    if (self == nullptr || !self->enter(where, enter))
        enter(0);
}

} // namespace arborist::inline v0::detail
