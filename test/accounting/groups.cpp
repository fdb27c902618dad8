// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE accounting_groups
#include <arborist/accounting.hpp>

#include "accounting/charging.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#define ARBORIST_TEST_ADDRESS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARBORIST_TEST_ADDRESS_SANITIZER
#endif
#endif

namespace accounting = arborist::accounting;

namespace {

using arborist::resource_usage;
using test::bytes;
using test::charging;
using test::make_bytes;
using test::memory;
using test::seen;

std::optional<accounting::group> find(std::string const& name) {
    for (accounting::group& each : accounting::groups()) {
        if (each.name == name)
            return std::move(each);
    }
    return std::nullopt;
}

resource_usage usage_of(std::string const& name) {
    auto const found = find(name);
    return found ? memory(found->usage) : resource_usage();
}

resource_usage sum(std::vector<accounting::group> const& groups) {
    resource_usage sum;
    for (accounting::group const& each : groups) {
        sum.allocated_bytes += each.usage.allocated_bytes;
        sum.allocated_objects += each.usage.allocated_objects;
        sum.freed_bytes += each.usage.freed_bytes;
        sum.freed_objects += each.usage.freed_objects;
        sum.cpu_time += each.usage.cpu_time;
    }
    return sum;
}

// Memory that lives as long as the program.
std::vector<int> const early(1000);
// Freed after the tests; then all of it must still work.
class last {
public:
    ~last() {
        resource_usage const before = accounting::total();
        delete seen(new int(1));
        resource_usage const after = accounting::total();
        if (after.freed_objects != before.freed_objects + 1 || accounting::groups().size() < 2)
            std::_Exit(1);
    }
} const at_exit;

} // namespace

BOOST_AUTO_TEST_CASE(group_kinds_have_names) {
    BOOST_TEST(to_string(accounting::outside) == std::string("outside"));
    BOOST_TEST(to_string(accounting::reclaimed) == std::string("reclaimed"));
    BOOST_TEST(to_string(accounting::supervisor) == std::string("supervisor"));
    BOOST_TEST(to_string(accounting::ended) == std::string("ended"));
    BOOST_TEST(to_string(accounting::group_kind(99)) == std::string("?"));
}

BOOST_AUTO_TEST_CASE(what_is_charged_to_nobody_is_outside) {
    resource_usage const before = usage_of("outside");
    BOOST_TEST(before.live_bytes() >= 1000 * sizeof(int)); // early
    bytes object = make_bytes(1'000'000);
    resource_usage const after = usage_of("outside");
    BOOST_TEST(after.live_bytes() - before.live_bytes() >= 1'000'000u);
    BOOST_TEST(after.live_bytes() - before.live_bytes() < 1'100'000u);
    object.reset();
    BOOST_TEST(usage_of("outside").live_bytes() < after.live_bytes() - 900'000);
}

BOOST_AUTO_TEST_CASE(the_first_two_are_built_in_and_the_others_are_in_the_order_of_age) {
    test::group a("a");
    test::group b("b");
    test::group c("c");
    b.release();
    auto const all = accounting::groups();
    BOOST_TEST_REQUIRE(all.size() == 4u);
    BOOST_TEST((all[0].kind == accounting::outside));
    BOOST_TEST(all[0].name == "outside");
    BOOST_TEST((all[1].kind == accounting::reclaimed));
    BOOST_TEST(all[1].name == "reclaimed");
    BOOST_TEST((all[2].kind == accounting::supervisor));
    BOOST_TEST(all[2].name == "a");
    BOOST_TEST((all[3].kind == accounting::supervisor));
    BOOST_TEST(all[3].name == "c");
}

BOOST_AUTO_TEST_CASE(names_are_copied_and_need_not_be_unique_nor_short_nor_there) {
    std::string long_name(5000, 'n');
    test::group a(long_name);
    std::string const name = std::exchange(long_name, "changed");
    BOOST_TEST(find(name).has_value());
    test::group b("twin");
    test::group c("twin");
    test::group d("");
    BOOST_TEST(std::ranges::count(accounting::groups(), "twin", &accounting::group::name) == 2);
    BOOST_TEST(find("").has_value());
}

BOOST_AUTO_TEST_CASE(memory_is_charged_to_whom_the_thread_is_charged) {
    test::group outer("outer");
    test::group inner("inner");
    bytes ofs_outer[2], ofs_inner, ofs_nobody;
    {
        charging const on_outer(outer);
        ofs_outer[0] = make_bytes(10);
        {
            charging const on_inner(inner);
            ofs_inner = make_bytes(200);
            ofs_outer[0].reset(); // whoever frees it
            {
                charging const on_nobody(nullptr);
                ofs_nobody = make_bytes(5000);
            }
        }
        ofs_outer[1] = make_bytes(30);
    }
    BOOST_TEST(memory(outer.usage()) == memory(2, 40, 1, 10));
    BOOST_TEST(memory(inner.usage()) == memory(1, 200, 0, 0));
    ofs_inner.reset();
    ofs_nobody.reset();
    BOOST_TEST(memory(outer.usage()) == memory(2, 40, 1, 10));
    BOOST_TEST(memory(inner.usage()) == memory(1, 200, 1, 200));
}

BOOST_AUTO_TEST_CASE(a_group_without_objects_goes_with_its_last_reference) {
    test::group group("short");
    test::tracker()->add_reference(*group.get());
    test::resource_group& it = *group.get();
    group.release();
    BOOST_TEST_REQUIRE(find("short").has_value());
    BOOST_TEST((find("short")->kind == accounting::supervisor));
    test::tracker()->release(it);
    BOOST_TEST(!find("short").has_value());
}

BOOST_AUTO_TEST_CASE(a_group_outlives_its_references_as_long_as_it_has_objects) {
    bytes first, second;
    test::group group("ending");
    {
        charging const on(group);
        first = make_bytes(10);
        second = make_bytes(20);
    }
    resource_usage const reclaimed_before = usage_of("reclaimed");
    group.release();
    BOOST_TEST_REQUIRE(find("ending").has_value());
    BOOST_TEST((find("ending")->kind == accounting::ended));
    BOOST_TEST(usage_of("ending") == memory(2, 30, 0, 0));
    second.reset();
    BOOST_TEST(usage_of("ending") == memory(2, 30, 1, 20));
    BOOST_TEST(usage_of("reclaimed") == reclaimed_before);
    first.reset();
    BOOST_TEST(!find("ending").has_value());
    resource_usage const reclaimed = usage_of("reclaimed");
    BOOST_TEST(reclaimed.allocated_objects == reclaimed_before.allocated_objects + 2);
    BOOST_TEST(reclaimed.freed_bytes == reclaimed_before.freed_bytes + 30);
    BOOST_TEST(reclaimed.live_objects() == 0u);
}

BOOST_AUTO_TEST_CASE(of_many_groups_those_remain_that_have_objects) {
    std::vector<bytes> objects;
    std::size_t const before = accounting::groups().size();
    for (int i = 0; i != 1000; ++i) {
        test::group group("many");
        charging const on(group);
        delete seen(new int(1));
        if (i % 100 == 0) {
            bytes object = make_bytes(4);
            charging const on_nobody(nullptr);
            objects.push_back(std::move(object));
        }
    }
    BOOST_TEST(accounting::groups().size() == before + 10);
    objects.clear();
    BOOST_TEST(accounting::groups().size() == before);
}

// The address sanitizer keeps what was freed for a while.
#if !defined(ARBORIST_TEST_ADDRESS_SANITIZER)
BOOST_AUTO_TEST_CASE(the_memory_of_groups_is_used_again_without_anybody_asking) {
    std::set<void const*> addresses;
    for (int i = 0; i != 10'000; ++i)
        addresses.insert(test::group("many").get());
    BOOST_TEST(addresses.size() < 1000u);
}
#endif

BOOST_AUTO_TEST_CASE(groups_add_up_to_the_total) {
    test::group a("a");
    test::group b("b");
    bytes kept;
    {
        charging const on(a);
        kept = make_bytes(4);
    }
    a.release();
    resource_usage const total = accounting::total();
    BOOST_TEST(sum(accounting::groups()) == total);

    charging const on(b);
    resource_usage const before = accounting::total();
    bytes const object = make_bytes(123);
    resource_usage const after = accounting::total();
    BOOST_TEST(memory(after) == memory(before.allocated_objects + 1, before.allocated_bytes + 123,
                                       before.freed_objects, before.freed_bytes));
    BOOST_TEST(sum(accounting::groups()) == after); // the memory of the answer is not in it
}

BOOST_AUTO_TEST_CASE(groups_take_no_counted_memory) {
    resource_usage const before = accounting::total();
    for (int i = 0; i != 100; ++i)
        test::group("a name that is too long for a string without an allocation");
    BOOST_TEST(memory(accounting::total()) == memory(before));
}
