// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE detail_context_hook
#include <arborist/detail/context_hook.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace asio = boost::asio;

namespace {

using lines = std::vector<std::string>;

// Notes when its context is destroyed, and when it is itself.
class hook final : public arborist::detail::context_hook {
public:
    explicit hook(std::string name, lines& notes) : name_(std::move(name)), notes_(notes) {}
    hook(asio::any_io_executor const& executor, std::string name, lines& notes)
        : context_hook(executor), name_(std::move(name)), notes_(notes) {}

    using context_hook::attach;

    // What it does when the context is destroyed.
    std::function<void()> then;

private:
    ~hook() override { notes_.push_back("~" + name_); }

    void context_destroyed() noexcept override {
        notes_.push_back(name_);
        if (auto const function = std::exchange(then, nullptr))
            function();
    }

    std::string name_;
    lines& notes_;
};

using pointer = boost::intrusive_ptr<hook>;

} // namespace

BOOST_AUTO_TEST_CASE(is_told_once_when_its_context_is_destroyed) {
    lines notes;
    std::optional<asio::io_context> context(std::in_place, 1);
    pointer const it(new hook(context->get_executor(), "it", notes));
    context->poll();
    context->stop();
    BOOST_TEST(notes.empty());
    context.reset();
    BOOST_TEST(notes == lines{"it"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_youngest_is_told_first) {
    lines notes;
    std::optional<asio::io_context> context(std::in_place, 1);
    pointer const a(new hook(context->get_executor(), "a", notes));
    pointer const b(new hook(asio::make_strand(*context), "b", notes)); // any of its executors
    pointer const c(new hook(context->get_executor(), "c", notes));
    context.reset();
    BOOST_TEST(notes == (lines{"c", "b", "a"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(is_not_told_when_it_is_gone_before) {
    for (int gone = 0; gone != 3; ++gone) { // the youngest, the one between, the oldest
        lines notes;
        std::optional<asio::io_context> context(std::in_place, 1);
        pointer hooks[3];
        for (int i = 3; i-- != 0;)
            hooks[i] = new hook(context->get_executor(), std::to_string(i), notes);
        hooks[gone].reset();
        lines expected{"~" + std::to_string(gone)};
        BOOST_TEST(notes == expected, boost::test_tools::per_element());
        context.reset();
        for (int i = 0; i != 3; ++i)
            if (i != gone)
                expected.push_back(std::to_string(i));
        BOOST_TEST(notes == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(may_destroy_other_hooks_and_itself) {
    lines notes;
    std::optional<asio::io_context> context(std::in_place, 1);
    pointer oldest(new hook(context->get_executor(), "oldest", notes));
    pointer between(new hook(context->get_executor(), "between", notes));
    pointer youngest(new hook(context->get_executor(), "youngest", notes));
    youngest->then = [&] {
        between.reset();
        youngest.reset(); // kept alive until it has returned
        notes.emplace_back("returns");
    };
    context.reset();
    BOOST_TEST(notes == (lines{"youngest", "~between", "returns", "~youngest", "oldest"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_cycle_of_hooks_is_broken_by_the_first_that_is_told) {
    lines notes;
    {
        asio::io_context context(1);
        pointer const a(new hook(context.get_executor(), "a", notes));
        pointer const b(new hook(context.get_executor(), "b", notes));
        a->then = [b] { BOOST_TEST(false); };
        b->then = [a] { BOOST_TEST(a->use_count() == 1u); };
    }
    BOOST_TEST(notes == (lines{"b", "~a", "~b"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_hook_that_is_made_while_the_context_is_destroyed_is_told_too) {
    lines notes;
    std::optional<asio::io_context> context(std::in_place, 1);
    pointer late;
    pointer const it(new hook(context->get_executor(), "it", notes));
    it->then = [&] { late = new hook(context->get_executor(), "late", notes); };
    context.reset();
    BOOST_TEST(notes == (lines{"it", "late"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(may_be_attached_later_once) {
    lines notes;
    std::optional<asio::io_context> context(std::in_place, 1), other(std::in_place, 1);
    pointer const detached(new hook("detached", notes));
    pointer const attached(new hook("attached", notes));
    attached->attach(context->get_executor());
    attached->attach(context->get_executor());
    attached->attach(other->get_executor()); // it has its context
    other.reset();
    BOOST_TEST(notes.empty());
    context.reset();
    BOOST_TEST(notes == lines{"attached"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(outlives_its_context_and_may_have_another) {
    lines notes;
    std::optional<asio::io_context> first(std::in_place, 1), second(std::in_place, 1);
    pointer it(new hook(first->get_executor(), "it", notes));
    first.reset();
    BOOST_TEST(notes == lines{"it"}, boost::test_tools::per_element());
    it->attach(second->get_executor());
    second.reset();
    BOOST_TEST(notes == (lines{"it", "it"}), boost::test_tools::per_element());
    it.reset();
    BOOST_TEST(notes == (lines{"it", "it", "~it"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(contexts_have_lists_of_their_own) {
    lines notes;
    std::optional<asio::io_context> first(std::in_place, 1), second(std::in_place, 1);
    pointer const a(new hook(first->get_executor(), "a", notes));
    pointer const b(new hook(second->get_executor(), "b", notes));
    first.reset();
    BOOST_TEST(notes == lines{"a"}, boost::test_tools::per_element());
    second.reset();
    BOOST_TEST(notes == (lines{"a", "b"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(counts_its_references) {
    lines notes;
    pointer const it(new hook("it", notes));
    BOOST_TEST(it->use_count() == 1u);
    {
        pointer const copy = it; // NOLINT(performance-unnecessary-copy-initialization)
        BOOST_TEST(it->use_count() == 2u);
    }
    BOOST_TEST(it->use_count() == 1u);
}

BOOST_AUTO_TEST_CASE(hooks_come_and_go_in_many_threads) {
    lines notes[3];
    std::optional<asio::thread_pool> context(std::in_place, 1);
    pointer kept[3];
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t != 3; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i != 1000; ++i)
                    kept[t] = new hook(context->get_executor(), "it", notes[t]);
            });
    }
    context.reset();
    for (lines const& each : notes) {
        BOOST_TEST(each.size() == 1000u); // 999 that went, and one that was told
        BOOST_TEST(each.back() == "it");
    }
}
