// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "claim.hpp"

#include <arborist/this_process.hpp>

namespace pipeline {

bool try_claim(std::size_t file, std::string const& worker) {
    return renew_claim(file, worker).has_value();
}

arborist::result<void> renew_claim(std::size_t file, std::string const& worker) {
    return arborist::this_process::dataspace().publish(
        file, claim{.worker = worker, .renewed = std::chrono::steady_clock::now()});
}

arborist::result<void> withdraw_claim(std::size_t file) {
    return arborist::this_process::dataspace().retract<claim>(file);
}

known_claims::known_claims() : changes_(arborist::this_process::dataspace().subscribe<claim>()) {}

std::map<std::size_t, std::shared_ptr<claim const>> const& known_claims::look() {
    while (auto const change = changes_.try_receive()) {
        auto const file = static_cast<std::size_t>(change->key().number());
        if (*change)
            known_[file] = change->shared();
        else
            known_.erase(file);
    }
    return known_;
}

} // namespace pipeline
