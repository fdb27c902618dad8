// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/accounting.hpp>

#include "ledger.hpp"

namespace arborist::inline v0::accounting {

char const* to_string(group_kind value) noexcept {
    switch (value) {
    case group_kind::outside:
        return "outside";
    case group_kind::reclaimed:
        return "reclaimed";
    case group_kind::supervisor:
        return "supervisor";
    case group_kind::ended:
        return "ended";
    }
    return "?";
}

std::vector<group> groups() {
    ledger::reading const all(all_groups());
    std::vector<group> result;
    result.reserve(all.entries().size() + 2);
    result.push_back({outside, to_string(outside), all.outside()});
    result.push_back({reclaimed, to_string(reclaimed), all.reclaimed()});
    for (ledger::entry const& each : all.entries())
        result.push_back(
            {each.ended ? ended : supervisor, std::string(each.group->name()), each.usage});
    return result;
}

resource_usage total() noexcept {
    return all_groups().total();
}

} // namespace arborist::inline v0::accounting
