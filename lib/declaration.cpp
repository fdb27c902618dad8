// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "declaration.hpp"

#include "name.hpp"
#include "text.hpp"

#include <utility>

namespace arborist::inline v0::detail {
namespace {

cause invalid(std::string const& where, std::string const& why) {
    return {errc::invalid_option, where + ": " + why};
}

std::optional<cause> refuse_name(std::string const& name) {
    if (!name::is_valid(name)) // N4
        return cause(errc::invalid_name,
                     '\'' + name + "' holds no ASCII letter or digit to make a name of");
    return std::nullopt;
}

char const* flaw(restart_intensity const& it) {
    if (it != unlimited && it.restarts != 0 && it.period <= duration::zero())
        return "the period of the restart intensity must be positive";
    return nullptr;
}

char const* flaw(restart_backoff const& it) {
    if (it == inherited_backoff)
        return nullptr;
    if (it.first < duration::zero())
        return "the first delay of the back-off must not be negative";
    if (!(it.multiplier >= 1)) // nor a NaN
        return "the multiplier of the back-off must be at least 1";
    if (it.most < it.first)
        return "the back-off's 'most' must not be less than its 'first'";
    if (!(it.jitter >= 0 && it.jitter <= 1))
        return "the jitter of the back-off must be between 0 and 1";
    if (it.healthy < duration::zero())
        return "the back-off's 'healthy' must not be negative";
    return nullptr;
}

char const* flaw(supervisor_options const& it) {
    if (char const* why = flaw(it.intensity))
        return why;
    if (it.backoff == inherited_backoff)
        return "there is nobody to inherit a back-off from; say arborist::no_backoff";
    if (char const* why = flaw(it.backoff))
        return why;
    if (it.abort_grace < duration::zero())
        return "the abort grace must not be negative";
    if (it.shutdown_budget < duration::zero())
        return "the shutdown budget must not be negative";
    if (it.runtime && it.runtime->threads == 0) // T2
        return "a dedicated runtime needs at least 1 thread; say arborist::dedicated{.threads = 1}";
    if (it.runtime && it.runtime->stall_timeout <= duration::zero())
        return "the stall timeout of the runtime must be positive";
    if (it.max_pending_starts == 0)
        return "max_pending_starts must be at least 1; to have no children started through "
               "handles, "
               "say max_dynamic_children = 0";
    return nullptr;
}

char const* flaw_of_temporary(child_options const& it) {
    if (it.backoff != inherited_backoff)
        return "a temporary child is never restarted, so a back-off means nothing; say "
               ".restart = arborist::transient, or leave it out";
    if (it.intensity != unlimited)
        return "a temporary child is never restarted, so an intensity means nothing; say "
               ".restart = arborist::transient, or leave it out";
    if (it.failed_initialization == initialization_failure::restart)
        return "a temporary child is never restarted, so initialization_failure::restart means "
               "nothing; say .restart = arborist::transient, or leave it out";
    if (it.decide)
        return "a temporary child is never restarted, so its decision function would never be "
               "asked; say .restart = arborist::transient, or leave it out";
    return nullptr;
}

char const* flaw(child_options const& it, restart_type restart, auto_shutdown_policy policy) {
    if (char const* why = flaw(it.intensity))
        return why;
    if (char const* why = flaw(it.backoff))
        return why;
    if (it.start_timeout <= duration::zero())
        return "the start timeout must be positive";
    if (it.significant && restart == permanent) // R10
        return "a significant child cannot be permanent: it is always restarted; say "
               ".restart = arborist::transient or arborist::temporary";
    if (it.significant && policy == auto_shutdown_policy::never)
        return "it is significant, but its supervisor never stops because of that; give the "
               "supervisor .auto_shutdown = arborist::any_significant or "
               "arborist::all_significant";
    return restart == temporary ? flaw_of_temporary(it) : nullptr;
}

} // namespace

// Without recursion, as deep as the tree may be: what is below goes to the list of who is above.
declaration::~declaration() {
    thread_local std::vector<std::vector<child_specification>>* list_above = nullptr;
    if (list_above != nullptr) {
        list_above->push_back(std::move(children));
        return;
    }
    std::vector<std::vector<child_specification>> list;
    list_above = &list;
    list.push_back(std::move(children));
    while (!list.empty()) {
        auto const next = std::move(list.back());
        list.pop_back();
    }
    list_above = nullptr;
}

child_id next_child_id() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return child_id(last.fetch_add(1, std::memory_order_relaxed) + 1);
}

restart_type restart_of(child_specification const& child, bool dynamic) noexcept {
    return child.has_restart() || !dynamic ? child.restart() : temporary;
}

std::optional<cause> refusal(std::string const& name, supervisor_options const& options) {
    if (auto why = refuse_name(name))
        return why;
    if (char const* why = flaw(options))
        return invalid("supervisor '" + name + '\'', why);
    return std::nullopt;
}

std::optional<cause> refusal(child_specification const& child, bool dynamic,
                             declaration const& supervisor) {
    if (auto why = refuse_name(child.name()))
        return why;
    if (declaration const* nested = child.model().nested();
        nested != nullptr && nested->data_asked_for)
        return invalid("child '" + child.name() + "' of supervisor '" + supervisor.name + '\'',
                       "its dataspace was asked for, but a nested supervisor has that of its root; "
                       "ask the root for it");
    if (child.options().executor && child.model().has_threads_of_its_own())
        return invalid("child '" + child.name() + "' of supervisor '" + supervisor.name + '\'',
                       "it has threads of its own, so it cannot be placed on another executor; "
                       "leave .executor out");
    if (char const* why =
            flaw(child.options(), restart_of(child, dynamic), supervisor.options.auto_shutdown))
        return invalid("child '" + child.name() + "' of supervisor '" + supervisor.name + '\'',
                       why);
    return std::nullopt;
}

} // namespace arborist::inline v0::detail
