// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE accounting_allocation
#include "accounting/charging.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

// They fail instead of ending the program when asked for too much.
extern "C" char const* __asan_default_options() {
    return "allocator_may_return_null=1";
}
extern "C" char const* __tsan_default_options() {
    return "allocator_may_return_null=1";
}

namespace {

using test::charging;
using test::memory;
using test::seen;

struct form {
    char const* name;
    void* (*allocate)(std::size_t size, std::align_val_t alignment);
    void (*free)(void* object, std::size_t size, std::align_val_t alignment);
};

// Every operator delete with every operator new that it may follow.
#define ARBORIST_TEST_FORM(NEW, NEW_ARGUMENTS, DELETE, DELETE_ARGUMENTS)                           \
    form {                                                                                         \
#NEW #NEW_ARGUMENTS ", " #DELETE #DELETE_ARGUMENTS,                                        \
            []([[maybe_unused]] std::size_t size, [[maybe_unused]] std::align_val_t alignment) {   \
                return NEW NEW_ARGUMENTS;                                                          \
            },                                                                                     \
            [](void* object, [[maybe_unused]] std::size_t size,                                    \
               [[maybe_unused]] std::align_val_t alignment) { DELETE DELETE_ARGUMENTS; }       \
    }
#define ARBORIST_TEST_DELETES(NEW, NEW_ARGUMENTS, DELETE)                                          \
    ARBORIST_TEST_FORM(NEW, NEW_ARGUMENTS, DELETE, (object)),                                      \
        ARBORIST_TEST_FORM(NEW, NEW_ARGUMENTS, DELETE, (object, size)),                            \
        ARBORIST_TEST_FORM(NEW, NEW_ARGUMENTS, DELETE, (object, std::nothrow))
#define ARBORIST_TEST_ALIGNED_DELETES(NEW, NEW_ARGUMENTS, DELETE)                                  \
    ARBORIST_TEST_FORM(NEW, NEW_ARGUMENTS, DELETE, (object, alignment)),                           \
        ARBORIST_TEST_FORM(NEW, NEW_ARGUMENTS, DELETE, (object, size, alignment)),                 \
        ARBORIST_TEST_FORM(NEW, NEW_ARGUMENTS, DELETE, (object, alignment, std::nothrow))

form const plain[] = {
    ARBORIST_TEST_DELETES(::operator new, (size), ::operator delete),
    ARBORIST_TEST_DELETES(::operator new, (size, std::nothrow), ::operator delete),
    ARBORIST_TEST_DELETES(::operator new[], (size), ::operator delete[]),
    ARBORIST_TEST_DELETES(::operator new[], (size, std::nothrow), ::operator delete[]),
};

form const aligned[] = {
    ARBORIST_TEST_ALIGNED_DELETES(::operator new, (size, alignment), ::operator delete),
    ARBORIST_TEST_ALIGNED_DELETES(::operator new, (size, alignment, std::nothrow),
                                  ::operator delete),
    ARBORIST_TEST_ALIGNED_DELETES(::operator new[], (size, alignment), ::operator delete[]),
    ARBORIST_TEST_ALIGNED_DELETES(::operator new[], (size, alignment, std::nothrow),
                                  ::operator delete[]),
};

void is_counted_once(form const& which, std::size_t size, std::size_t alignment) {
    BOOST_TEST_CONTEXT(which.name << " of " << size << " bytes, aligned at " << alignment) {
        test::group group;
        void* first = nullptr;
        void* second = nullptr;
        {
            charging const on(group);
            first = which.allocate(size, std::align_val_t(alignment));
            second = which.allocate(size, std::align_val_t(alignment));
        }
        BOOST_TEST(memory(group.usage()) == memory(2, 2 * size, 0, 0));
        BOOST_TEST(first != second);
        for (void* object : {first, second}) {
            BOOST_TEST_REQUIRE(object);
            BOOST_TEST(reinterpret_cast<std::uintptr_t>(object) % alignment == 0u);
            std::memset(object, 0xff, size);
        }
        which.free(first, size, std::align_val_t(alignment));
        BOOST_TEST(memory(group.usage()) == memory(2, 2 * size, 1, size));
        which.free(second, size, std::align_val_t(alignment));
        BOOST_TEST(memory(group.usage()) == memory(2, 2 * size, 2, 2 * size));
    }
}

form const& throwing_form = plain[0];
form const& nothrow_form = plain[3];
form const& aligned_form = aligned[0];
form const& aligned_nothrow_form = aligned[3];

// What no machine has; the compiler must not see it.
std::size_t volatile too_much = std::numeric_limits<std::size_t>::max() / 2;
std::size_t volatile the_most = std::numeric_limits<std::size_t>::max();

class new_handler {
public:
    explicit new_handler(std::new_handler handler) : before_(std::set_new_handler(handler)) {}
    ~new_handler() { std::set_new_handler(before_); }

private:
    std::new_handler before_;
};

int calls = 0;

} // namespace

BOOST_AUTO_TEST_CASE(every_form_is_counted_once_in_the_size_that_was_asked_for) {
    for (form const& each : plain) {
        for (std::size_t const size : {1, 8, 100, 5000, 1 << 20})
            is_counted_once(each, size, __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    }
}

BOOST_AUTO_TEST_CASE(every_form_with_an_alignment_is_counted_once_and_aligned) {
    for (form const& each : aligned) {
        // 4: less than the default; 65536: more than a page.
        for (std::size_t const alignment : {1, 4, 16, 32, 64, 4096, 65536}) {
            for (std::size_t const size : {1, 100, 5000})
                is_counted_once(each, size, alignment);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_object_of_no_size_is_an_object) {
    for (form const& each : plain)
        is_counted_once(each, 0, __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    for (form const& each : aligned)
        is_counted_once(each, 0, 64);
    // Never freed and no leak, for it can be reached; the leak sanitizer must see that.
    static void const* kept;
    kept = seen(::operator new(0));
    BOOST_TEST(kept);
}

BOOST_AUTO_TEST_CASE(deleting_null_counts_nothing) {
    test::group group;
    charging const on(group);
    for (form const& each : plain)
        each.free(nullptr, 1, std::align_val_t(1));
    for (form const& each : aligned)
        each.free(nullptr, 1, std::align_val_t(64));
    BOOST_TEST(memory(group.usage()) == memory(0, 0, 0, 0));
}

BOOST_AUTO_TEST_CASE(expressions_and_containers_are_counted) {
    struct alignas(256) wide {
        char bytes[256];
    };
    test::group group;
    {
        charging const on(group);
        delete seen(new int(1));
        delete[] seen(new int[100]);
        delete seen(new wide());
        std::vector<char> const vector(1000);
        std::string const text(1000, 'x');
        seen(vector.data());
        seen(text.data());
    }
    BOOST_TEST(memory(group.usage()) ==
               memory(5, 4 + 400 + 256 + 1000 + 1001, 5, 4 + 400 + 256 + 1000 + 1001));
}

BOOST_AUTO_TEST_CASE(without_a_handler_failing_is_bad_alloc_or_null) {
    test::group group;
    charging const on(group);
    for (std::size_t const size : {+too_much, +the_most}) {
        BOOST_CHECK_THROW((void)throwing_form.allocate(size, {}), std::bad_alloc);
        BOOST_CHECK_THROW((void)aligned_form.allocate(size, std::align_val_t(64)), std::bad_alloc);
        BOOST_TEST(!nothrow_form.allocate(size, {}));
        BOOST_TEST(!aligned_nothrow_form.allocate(size, std::align_val_t(64)));
    }
    BOOST_TEST(memory(group.usage()) == memory(0, 0, 0, 0));
}

BOOST_AUTO_TEST_CASE(the_handler_is_called_until_it_gives_up) {
    new_handler const handler([] {
        if (++calls % 3 == 0)
            std::set_new_handler(nullptr);
    });
    std::new_handler const it = std::get_new_handler();
    calls = 0;
    BOOST_CHECK_THROW((void)throwing_form.allocate(too_much, {}), std::bad_alloc);
    BOOST_TEST(calls == 3);
    std::set_new_handler(it);
    BOOST_CHECK_THROW((void)aligned_form.allocate(the_most, std::align_val_t(64)), std::bad_alloc);
    BOOST_TEST(calls == 6);
    std::set_new_handler(it);
    BOOST_TEST(!nothrow_form.allocate(too_much, {}));
    BOOST_TEST(calls == 9);
}

BOOST_AUTO_TEST_CASE(what_the_handler_throws_reaches_only_those_who_take_exceptions) {
    struct no_memory : std::bad_alloc {};
    new_handler const handler([] { throw no_memory(); });
    BOOST_CHECK_THROW((void)throwing_form.allocate(too_much, {}), no_memory);
    BOOST_CHECK_THROW((void)aligned_form.allocate(too_much, std::align_val_t(64)), no_memory);
    BOOST_TEST(!nothrow_form.allocate(too_much, {}));
    BOOST_TEST(!aligned_nothrow_form.allocate(too_much, std::align_val_t(64)));
}

BOOST_AUTO_TEST_CASE(the_handler_may_allocate_and_ask) {
    new_handler const handler([] {
        (void)arborist::accounting::groups();
        throw std::bad_alloc();
    });
    BOOST_CHECK_THROW((void)throwing_form.allocate(too_much, {}), std::bad_alloc);
}

BOOST_AUTO_TEST_CASE(what_is_no_alignment_fails) {
    auto volatile three = std::align_val_t(3);
    BOOST_CHECK_THROW((void)aligned_form.allocate(1, three), std::bad_alloc);
    BOOST_TEST(!aligned_nothrow_form.allocate(1, three));
}
