// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "ledger.hpp"

#include "platform.hpp"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>

namespace arborist::inline v0::accounting {
namespace {

void add(resource_usage& to, resource_usage const& what) noexcept {
    to.allocated_bytes += what.allocated_bytes;
    to.allocated_objects += what.allocated_objects;
    to.freed_bytes += what.freed_bytes;
    to.freed_objects += what.freed_objects;
    to.cpu_time += what.cpu_time;
}

// Never destroyed.
union immortal {
    constexpr immortal() : it() {}
    ~immortal() {}
    ledger it;
};

constinit immortal the_ledger;

} // namespace

static_assert(std::is_trivially_destructible_v<resource_group>);

constinit resource_group outside_group("outside");

ledger& all_groups() noexcept {
    return the_ledger.it;
}

resource_group* ledger::make(std::string_view name) noexcept {
    void* const memory =
        platform::allocate_aligned(sizeof(resource_group) + name.size(), alignof(resource_group));
    if (!memory)
        return nullptr;
    char* const copy = static_cast<char*>(memory) + sizeof(resource_group);
    if (!name.empty())
        std::memcpy(copy, name.data(), name.size());
    auto* const group = ::new (memory) resource_group({copy, name.size()});

    std::lock_guard const lock(mutex_);
    group->previous_ = last_;
    (last_ ? last_->next_ : first_) = group;
    last_ = group;
    ++size_;
    return group;
}

void ledger::add_reference(resource_group& group) noexcept {
    group.references_.fetch_add(1, std::memory_order_relaxed);
}

// Nothing is charged to a group that nobody refers to, so what was allocated does not change any
// more; when as much has been freed, the last one to free has touched the group for the last time.
// To find out needs a look from time to time, but nothing at all in operator delete. So that this
// costs a constant amount per group, the looks are the rarer the more ended groups there are: at
// most half of these, and one, are empty.
void ledger::release(resource_group& group) noexcept {
    if (group.references_.fetch_sub(1, std::memory_order_acq_rel) != 1)
        return;
    std::lock_guard const lock(mutex_);
    group.ended_ = true;
    group.next_ended_ = ended_;
    ended_ = &group;
    if (++ended_size_ > 2 * survivors_)
        sweep();
}

void ledger::sweep() noexcept {
    survivors_ = 0;
    for (resource_group** at = &ended_; *at;) {
        resource_group& group = **at;
        resource_usage const usage = group.usage();
        if (usage.live_objects() != 0 || group.readers_ != 0) {
            ++survivors_;
            at = &group.next_ended_;
            continue;
        }
        *at = group.next_ended_;
        add(reclaimed_, usage);
        unlink(group);
        platform::free_aligned(&group);
    }
    ended_size_ = survivors_;
}

void ledger::unlink(resource_group& group) noexcept {
    (group.previous_ ? group.previous_->next_ : first_) = group.next_;
    (group.next_ ? group.next_->previous_ : last_) = group.previous_;
    --size_;
}

resource_usage ledger::total() noexcept {
    std::lock_guard const lock(mutex_);
    resource_usage sum = reclaimed_;
    add(sum, outside_group.usage());
    for (resource_group const* each = first_; each; each = each->next_)
        add(sum, each->usage());
    return sum;
}

ledger::reading::reading(ledger& of) : of_(of) {
    std::unique_lock lock(of.mutex_);
    of.sweep();
    reclaimed_ = of.reclaimed_;
    outside_ = outside_group.usage();
    if (of.size_ == 0)
        return;
    // Not with operator new, which may run a handler of the user's.
    first_ = static_cast<entry*>(std::malloc(of.size_ * sizeof(entry)));
    if (!first_) {
        lock.unlock();
        throw std::bad_alloc();
    }
    for (resource_group* each = of.first_; each; each = each->next_) {
        ++each->readers_;
        std::construct_at(first_ + size_++, entry{each, each->ended_, each->usage()});
    }
}

ledger::reading::~reading() {
    {
        std::lock_guard const lock(of_.mutex_);
        for (entry const& each : entries())
            --each.group->readers_;
    }
    std::free(first_);
}

} // namespace arborist::inline v0::accounting
