// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_DECLARATION_HPP
#define ARBORIST_LIB_DECLARATION_HPP

#include <arborist/child_id.hpp>
#include <arborist/child_specification.hpp>
#include <arborist/dataspace.hpp>
#include <arborist/event.hpp>
#include <arborist/options.hpp>

#include "mailbox.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace arborist::inline v0::detail {

/// What a supervisor was declared to be; shared by the `supervisor` and its runs, constant while
/// there are any.
struct declaration {
    declaration(std::string n, supervisor_options o)
        : name(std::move(n)), options(std::move(o)), requests(std::make_shared<mailbox>(name)) {}
    declaration(declaration const&) = delete;
    declaration& operator=(declaration const&) = delete;
    ~declaration();

    std::string name;
    supervisor_options options;
    std::vector<child_specification> children;
    /// Theirs, ascending.
    std::vector<child_id> ids;
    std::vector<std::shared_ptr<observer const>> observers;
    /// Outlives this, if somebody has a handle; a worker of ours may.
    mailbox_ptr requests;
    /// Of the tree, if this is its root; null before somebody has asked for it, or the first run.
    dataspace data{nullptr};
    bool data_asked_for = false;
    /// A run that was started through the `supervisor` is in progress.
    std::atomic<bool> running = false;
};

/// An id that no child has had.
[[nodiscard]] child_id next_child_id() noexcept;

/// How a child behaves unless it says otherwise: declared, or started through a handle.
[[nodiscard]] restart_type restart_of(child_specification const& child, bool dynamic) noexcept;

/// Why a supervisor can not be as it is declared, or a child not be one of it; nothing if it can.
/// The message says what to do.
[[nodiscard]] std::optional<cause> refusal(std::string const& name,
                                           supervisor_options const& options);
[[nodiscard]] std::optional<cause> refusal(child_specification const& child, bool dynamic,
                                           declaration const& supervisor);

} // namespace arborist::inline v0::detail

#endif // ARBORIST_LIB_DECLARATION_HPP
