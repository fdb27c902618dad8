// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE conformance_a_dataspace
#include "support/dataspaces.hpp"
#include "support/token.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>

using namespace dataspace_test;
using tree_test::token;

namespace {

bool is(result<void> const& got, errc code) {
    return got.has_error() && got.error().code() == code;
}

} // namespace

// ---- A1: typed values under an identifier

BOOST_AUTO_TEST_CASE(A1_the_key_is_type_and_identifier) {
    dataspace const data;
    BOOST_TEST(data.publish("a", 1).has_value());
    BOOST_TEST(data.publish("a", 2.5).has_value());
    BOOST_TEST(data.publish("a", std::string("text")).has_value());
    BOOST_TEST(data.publish("7", 3).has_value());
    BOOST_TEST(data.publish(7, 4).has_value());
    BOOST_TEST(*data.find<int>("a") == 1);
    BOOST_TEST(*data.find<double>("a") == 2.5);
    BOOST_TEST(*data.find<std::string>("a") == "text");
    BOOST_TEST(*data.find<int>("7") == 3);
    BOOST_TEST(*data.find<int>(7) == 4);
    BOOST_TEST(data.find<long>("a") == nullptr);
    BOOST_TEST(data.find<int>("b") == nullptr);

    auto numbers = data.subscribe<int>();
    BOOST_TEST(drain(numbers) == (lines{"a=1", "7=3", "7=4"}), boost::test_tools::per_element());
    BOOST_TEST(data.publish("a", std::string("other")).has_value());
    BOOST_TEST(data.retract<double>("a").has_value());
    BOOST_TEST(drain(numbers).empty());
    BOOST_TEST(*data.find<int>("a") == 1);
}

// ---- A2: publishing, replacing, retracting

BOOST_AUTO_TEST_CASE(A2_publishing_again_replaces_and_retracting_removes) {
    dataspace const data;
    auto all = data.subscribe<int>();
    BOOST_TEST(data.publish("a", 1).has_value());
    BOOST_TEST(text(all.try_receive()) == "a=1");
    BOOST_TEST(data.publish("a", 2).has_value());
    BOOST_TEST(*data.find<int>("a") == 2);
    BOOST_TEST(text(all.try_receive()) == "a=2");
    BOOST_TEST(data.publish("a", 2).has_value()); // an equal one too: values are not compared
    BOOST_TEST(text(all.try_receive()) == "a=2");
    BOOST_TEST(data.retract<int>("a").has_value());
    BOOST_TEST(data.find<int>("a") == nullptr);
    BOOST_TEST(text(all.try_receive()) == "-a");
    BOOST_TEST(data.publish("a", 3).has_value());
    BOOST_TEST(text(all.try_receive()) == "a=3");
}

BOOST_AUTO_TEST_CASE(A2_retracting_nothing_succeeds_and_tells_nobody) {
    dataspace const data;
    auto all = data.subscribe<int>();
    auto one = data.subscribe<int>(exact("a"));
    BOOST_TEST(data.retract<int>("a").has_value());
    BOOST_TEST(data.publish("a", 1).has_value());
    BOOST_TEST(data.retract<int>("a").has_value());
    BOOST_TEST(data.retract<int>("a").has_value());
    BOOST_TEST(data.retract<std::string>("a").has_value());
    BOOST_TEST(drain(all).empty());
    BOOST_TEST(drain(one).empty());
}

// ---- A3: the owner

BOOST_AUTO_TEST_CASE(A3_only_the_owner_may_replace_or_retract) {
    dataspace const data;
    as_process const seven(data, 7), nine(data, 9);
    auto all = data.subscribe<int>();
    BOOST_TEST(seven.publish("primary", 1));
    BOOST_TEST(!nine.publish("primary", 2));
    BOOST_TEST(!nine.retract<int>("primary"));
    BOOST_TEST(*data.find<int>("primary") == 1);
    BOOST_TEST(drain(all) == lines{"primary=1"}, boost::test_tools::per_element());
    BOOST_TEST(seven.publish("primary", 3));
    BOOST_TEST(seven.retract<int>("primary"));
    BOOST_TEST(nine.publish("primary", 4)); // it belongs to nobody
    BOOST_TEST(!seven.publish("primary", 5));
    BOOST_TEST(nine.publish("primary", std::string("another key")));
}

BOOST_AUTO_TEST_CASE(A3_code_outside_of_a_process_owns_as_0) {
    dataspace const data;
    as_process const seven(data, 7);
    BOOST_TEST(data.publish("a", 1).has_value());
    BOOST_TEST(!seven.publish("a", 2));
    BOOST_TEST(!seven.retract<int>("a"));
    BOOST_TEST(seven.publish("b", 1));
    BOOST_TEST(is(data.publish("b", 2), errc::not_owner));
    BOOST_TEST(is(data.retract<int>("b"), errc::not_owner));
    BOOST_TEST(*data.find<int>("b") == 1);
}

BOOST_AUTO_TEST_CASE(A3_the_error_names_the_key_the_owner_and_the_caller) {
    dataspace const data;
    as_process const seven(data, 7);
    BOOST_TEST(seven.publish("primary\n", 1));
    BOOST_TEST(seven.publish(12, 1));
    BOOST_TEST(data.publish("primary\n", 2).error().message() ==
               "'primary\\n' of type int belongs to process 7, process 0 cannot publish it: owned "
               "by another process");
    BOOST_TEST(data.retract<int>(12).error().message() ==
               "12 of type int belongs to process 7, process 0 cannot retract it: owned by another "
               "process");
}

BOOST_AUTO_TEST_CASE(A3_a_refused_value_is_destroyed) {
    counted::live = 0;
    dataspace const data;
    as_process const seven(data, 7);
    BOOST_TEST(seven.publish("a", counted(1)));
    BOOST_TEST(is(data.publish("a", counted(2)), errc::not_owner));
    BOOST_TEST(counted::live == 1);
}

// ---- A4: the end of a process

BOOST_AUTO_TEST_CASE(A4_what_a_process_owns_goes_with_it) {
    counted::live = 0;
    dataspace const data;
    as_process const seven(data, 7), nine(data, 9);
    auto all = data.subscribe<counted>();
    BOOST_TEST(data.publish("nobody's", counted(0)).has_value());
    BOOST_TEST(nine.publish("other", counted(9)));
    BOOST_TEST(seven.publish("mine", counted(1)));
    BOOST_TEST(seven.publish("retracted", counted(2)));
    BOOST_TEST(seven.retract<counted>("retracted"));
    BOOST_TEST(seven.publish("mine", std::string("of another type")));
    BOOST_TEST(drain(all) == (lines{"nobody's=0", "other=9", "mine=1"}),
               boost::test_tools::per_element());
    BOOST_TEST(counts(data).owners == 2u);
    seven.end();
    BOOST_TEST(drain(all) == lines{"-mine"}, boost::test_tools::per_element());
    BOOST_TEST(counted::live == 2);
    BOOST_TEST(data.find<std::string>("mine") == nullptr);
    BOOST_TEST(counts(data).owners == 1u);
    seven.end(); // again does nothing
    BOOST_TEST(nine.publish("mine", counted(3)));
}

BOOST_AUTO_TEST_CASE(A4_however_much_it_is) {
    counted::live = 0;
    dataspace const data;
    as_process const seven(data, 7), nine(data, 9);
    auto all = data.subscribe<counted>();
    for (int i = 0; i != 1000; ++i)
        BOOST_TEST((i % 2 == 0 ? seven : nine).publish(i, counted(i)));
    BOOST_TEST(drain(all).size() == 1000u);
    asio::io_context context(1);
    received<counted> waiting(context, all);
    settle(context);
    seven.end();
    BOOST_TEST(counted::live == 500);
    settle(context);
    BOOST_TEST(waiting.text() == "-0");
    BOOST_TEST(drain(all).size() == 499u);
    nine.end();
    BOOST_TEST(drain(all).size() == 500u);
    BOOST_TEST(counts(data).slots == 0u);
    BOOST_TEST(counts(data).owners == 0u);
}

BOOST_AUTO_TEST_CASE(A4_nobody_is_never_swept) {
    dataspace const data;
    BOOST_TEST(data.publish("a", 1).has_value());
    as_process(data, 0).end();
    BOOST_TEST(*data.find<int>("a") == 1);
}

// ---- A5: filters, and where a subscription begins

BOOST_AUTO_TEST_CASE(A5_a_new_subscription_begins_with_what_is_there) {
    dataspace const data;
    for (char const* name : {"primary.b", "primary.a", "secondary"})
        BOOST_TEST(data.publish(name, 1).has_value());
    BOOST_TEST(data.publish(7, 1).has_value());
    BOOST_TEST(data.publish("primary.b", 2).has_value());
    BOOST_TEST(data.publish("gone", 1).has_value());
    BOOST_TEST(data.retract<int>("gone").has_value());
    auto all = data.subscribe<int>();
    auto primaries = data.subscribe<int>(prefix("primary"));
    auto names = data.subscribe<int>(prefix(""));
    auto one = data.subscribe<int>(exact("secondary"));
    auto number = data.subscribe<int>(exact(7));
    auto none = data.subscribe<int>(exact("7"));
    // In the order of publication.
    BOOST_TEST(drain(all) == (lines{"primary.b=2", "primary.a=1", "secondary=1", "7=1"}),
               boost::test_tools::per_element());
    BOOST_TEST(drain(primaries) == (lines{"primary.b=2", "primary.a=1"}),
               boost::test_tools::per_element());
    BOOST_TEST(drain(names) == (lines{"primary.b=2", "primary.a=1", "secondary=1"}),
               boost::test_tools::per_element());
    BOOST_TEST(drain(one) == lines{"secondary=1"}, boost::test_tools::per_element());
    BOOST_TEST(drain(number) == lines{"7=1"}, boost::test_tools::per_element());
    BOOST_TEST(drain(none).empty());
}

BOOST_AUTO_TEST_CASE(A5_and_goes_on_with_what_follows) {
    dataspace const data;
    BOOST_TEST(data.publish("primary", 1).has_value());
    auto all = data.subscribe<int>();
    auto primaries = data.subscribe<int>(prefix("pri"));
    auto one = data.subscribe<int>(exact("primary"));
    auto later = data.subscribe<int>(exact("prime"));
    BOOST_TEST(data.publish("primary", 2).has_value());
    BOOST_TEST(data.publish("prime", 3).has_value());
    BOOST_TEST(data.publish("secondary", 4).has_value());
    BOOST_TEST(data.publish(5, 5).has_value());
    BOOST_TEST(drain(all) == (lines{"primary=2+1", "prime=3", "secondary=4", "5=5"}),
               boost::test_tools::per_element());
    BOOST_TEST(drain(primaries) == (lines{"primary=2+1", "prime=3"}),
               boost::test_tools::per_element());
    BOOST_TEST(drain(one) == lines{"primary=2+1"}, boost::test_tools::per_element());
    BOOST_TEST(drain(later) == lines{"prime=3"}, boost::test_tools::per_element());
    for (char const* name : {"primary", "prime", "secondary"})
        BOOST_TEST(data.retract<int>(name).has_value());
    BOOST_TEST(drain(all) == (lines{"-primary", "-prime", "-secondary"}),
               boost::test_tools::per_element());
    BOOST_TEST(drain(primaries) == (lines{"-primary", "-prime"}), boost::test_tools::per_element());
    BOOST_TEST(drain(one) == lines{"-primary"}, boost::test_tools::per_element());
    BOOST_TEST(drain(later) == lines{"-prime"}, boost::test_tools::per_element());
    // An exact subscription goes on when its key is back.
    BOOST_TEST(data.publish("prime", 6).has_value());
    BOOST_TEST(drain(later) == lines{"prime=6"}, boost::test_tools::per_element());
    BOOST_TEST(drain(primaries) == lines{"prime=6"}, boost::test_tools::per_element());
}

// ---- A6: conflation

BOOST_AUTO_TEST_CASE(A6_the_newest_value_wins) {
    dataspace const data;
    auto all = data.subscribe<int>();
    for (int i = 1; i <= 5; ++i)
        BOOST_TEST(data.publish("a", i).has_value());
    BOOST_TEST(all.conflated() == 4u);
    auto const got = all.try_receive();
    BOOST_TEST(text(got) == "a=5+4");
    BOOST_TEST(got->conflated() == 4u);
    BOOST_TEST(!all.try_receive());
    BOOST_TEST(data.publish("a", 6).has_value());
    BOOST_TEST(text(all.try_receive()) == "a=6"); // counted anew
    BOOST_TEST(all.conflated() == 4u);
}

BOOST_AUTO_TEST_CASE(A6_keys_come_in_the_order_of_their_first_pending_change) {
    dataspace const data;
    auto all = data.subscribe<int>();
    for (char const* name : {"a", "b", "c"})
        BOOST_TEST(data.publish(name, 1).has_value());
    BOOST_TEST(data.publish("a", 2).has_value()); // keeps its place
    BOOST_TEST(text(all.try_receive()) == "a=2+1");
    BOOST_TEST(data.publish("a", 3).has_value()); // a new one
    BOOST_TEST(drain(all) == (lines{"b=1", "c=1", "a=3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(A6_a_retraction_takes_the_place_of_the_value_before) {
    dataspace const data;
    auto all = data.subscribe<int>();
    BOOST_TEST(data.publish("a", 1).has_value());
    BOOST_TEST(text(all.try_receive()) == "a=1");
    BOOST_TEST(data.publish("a", 2).has_value());
    BOOST_TEST(data.publish("a", 3).has_value());
    BOOST_TEST(data.retract<int>("a").has_value());
    BOOST_TEST(text(all.try_receive()) == "-a+2");
    BOOST_TEST(!all.try_receive());
}

BOOST_AUTO_TEST_CASE(A6_a_retraction_is_not_lost_because_there_is_a_new_value) {
    dataspace const data;
    auto all = data.subscribe<int>();
    BOOST_TEST(data.publish("a", 1).has_value());
    BOOST_TEST(text(all.try_receive()) == "a=1");
    BOOST_TEST(data.publish("b", 1).has_value());
    // Retracted and back twice: as one retraction, and the newest value.
    for (int i = 2; i != 4; ++i) {
        BOOST_TEST(data.retract<int>("a").has_value());
        BOOST_TEST(data.publish("a", i).has_value());
    }
    BOOST_TEST(drain(all) == (lines{"b=1", "-a+2", "a=3"}), boost::test_tools::per_element());
    BOOST_TEST(all.conflated() == 2u);
}

BOOST_AUTO_TEST_CASE(A6_what_was_not_received_is_not_retracted) {
    dataspace const data;
    auto all = data.subscribe<int>();
    auto one = data.subscribe<int>(exact("a"));
    BOOST_TEST(data.publish("a", 1).has_value());
    BOOST_TEST(data.retract<int>("a").has_value());
    BOOST_TEST(!all.try_receive());
    BOOST_TEST(!one.try_receive());
    BOOST_TEST(all.conflated() == 2u);
    BOOST_TEST(one.conflated() == 2u);
    BOOST_TEST(data.publish("a", 2).has_value());
    BOOST_TEST(text(all.try_receive()) == "a=2");
    BOOST_TEST(text(one.try_receive()) == "a=2+2");
}

BOOST_AUTO_TEST_CASE(A6_memory_is_bounded_by_the_keys_that_are_there) {
    counted::live = 0;
    dataspace const data;
    auto slow = data.subscribe<counted>();
    // Each session publishes something of its own, and ends; nobody receives anything.
    for (int session = 0; session != 10'000; ++session) {
        as_process const process(data, 1 + static_cast<std::uint64_t>(session));
        BOOST_TEST_REQUIRE(process.publish(session, counted(session)));
        process.end();
    }
    BOOST_TEST(counted::live == 0);
    BOOST_TEST(counts(data).slots == 0u);
    BOOST_TEST(counts(data).links == 0u);
    BOOST_TEST(slow.conflated() == 20'000u);
}

BOOST_AUTO_TEST_CASE(A6_memory_shrinks_when_retractions_are_received) {
    counted::live = 0;
    dataspace const data;
    auto all = data.subscribe<counted>();
    for (int i = 0; i != 100; ++i)
        BOOST_TEST(data.publish(i, counted(i)).has_value());
    BOOST_TEST(drain(all).size() == 100u);
    for (int i = 0; i != 100; ++i)
        BOOST_TEST(data.retract<counted>(i).has_value());
    BOOST_TEST(counted::live == 0); // although nothing was received yet
    BOOST_TEST(counts(data).links == 100u);
    BOOST_TEST(drain(all).size() == 100u);
    BOOST_TEST(counts(data).links == 0u);
    BOOST_TEST(counts(data).slots == 0u);
}

// Random histories, against a model that has a queue of all changes.
BOOST_AUTO_TEST_CASE(A6_random_histories) {
    std::mt19937 random(20260101);
    auto const below = [&](unsigned n) { return static_cast<int>(random() % n); };
    for (int history = 0; history != 300; ++history) {
        dataspace const data;
        struct reader {
            subscription<int> from;
            identifier_filter filter;
            std::map<std::string, int> seen;
            std::uint64_t told = 0, got = 0;
        };
        std::vector<reader> readers;
        std::map<std::string, int> truth;
        auto const receive = [&](reader& r) {
            auto const next = r.from.try_receive();
            if (!next)
                return false;
            ++r.got;
            std::string const& key = next->key().name();
            BOOST_TEST_REQUIRE(r.filter.matches(key));
            if (*next)
                r.seen[key] = **next;
            else
                BOOST_TEST_REQUIRE(r.seen.erase(key) == 1u); // after an assertion, always
            return true;
        };
        auto const tell = [&](std::string const& key) {
            for (reader& r : readers)
                r.told += r.filter.matches(key);
        };
        for (int step = 0; step != 300; ++step) {
            std::string const key(1 + below(2), static_cast<char>('a' + below(3)));
            switch (below(8)) {
            case 0:
            case 1:
            case 2:
                BOOST_TEST_REQUIRE(data.publish(key, step).has_value());
                truth[key] = step;
                tell(key);
                break;
            case 3:
            case 4:
                BOOST_TEST_REQUIRE(data.retract<int>(key).has_value());
                if (truth.erase(key) != 0)
                    tell(key);
                break;
            case 5:
                if (readers.size() != 5) {
                    identifier_filter const filters[] = {{}, prefix("a"), exact("a"), exact("bb")};
                    auto const& filter = filters[below(4)];
                    readers.push_back({data.subscribe<int>(filter), filter, {}});
                    for (auto const& [name, value] : truth)
                        readers.back().told += filter.matches(name);
                } else if (below(4) == 0) {
                    readers.erase(readers.begin() + below(5));
                }
                break;
            default:
                for (reader& r : readers)
                    for (int n = below(3); n != 0; --n)
                        receive(r);
            }
        }
        for (reader& r : readers) {
            while (receive(r))
                ;
            auto matching = truth;
            std::erase_if(matching, [&](auto const& e) { return !r.filter.matches(e.first); });
            BOOST_TEST_REQUIRE((r.seen == matching));
            BOOST_TEST_REQUIRE(r.told == r.got + r.from.conflated());
        }
        readers.clear();
        BOOST_TEST_REQUIRE(counts(data).links == 0u);
        BOOST_TEST_REQUIRE(counts(data).slots == truth.size());
    }
}

// ---- A7: receiving

BOOST_AUTO_TEST_CASE(A7_receiving_can_be_cancelled_at_every_point_and_loses_nothing) {
    for (int point = 0; point != 4; ++point) {
        dataspace const data;
        auto all = data.subscribe<int>();
        asio::io_context context(1);
        asio::cancellation_signal signal;
        auto const cancel = [&](int here) {
            if (point == here)
                signal.emit(asio::cancellation_type::total);
        };
        received<int> got(context, all, signal.slot());
        cancel(0);
        settle(context);
        cancel(1);
        BOOST_TEST(data.publish("a", 1).has_value());
        cancel(2);
        settle(context);
        cancel(3);
        settle(context);
        BOOST_TEST(got.arrived());
        lines seen = drain(all);
        if (point == 3)
            seen.insert(seen.begin(), got.text());
        else
            BOOST_TEST(got.failed_with(asio::error::operation_aborted));
        BOOST_TEST(seen == lines{"a=1"}, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(A7_receiving_ends_when_the_dataspace_is_gone) {
    asio::io_context context(1);
    std::optional<dataspace> data(std::in_place);
    lines notes;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            auto all = data->subscribe<int>();
            auto update = co_await all.async_receive();
            while (update) {
                notes.push_back(text(update.value()));
                auto next = all.async_receive();
                update = co_await std::move(next);
            }
            notes.push_back(update.error().message());
        },
        rethrow);
    settle(context);
    BOOST_TEST(data->publish("a", 1).has_value());
    settle(context);
    BOOST_TEST(data->publish("b", 2).has_value());
    data.reset();
    settle(context);
    BOOST_TEST(notes == (lines{"a=1", "b=2", "dataspace gone"}), boost::test_tools::per_element());
}

namespace {

asio::awaitable<void> turns(int count) {
    for (int i = 0; i != count; ++i) {
        auto step = asio::post(asio::deferred);
        co_await std::move(step);
    }
}

// Two that publish, two that receive, one of them by fits and starts; the dataspace goes in the
// end.
void scenario(asio::io_context& context, asio::io_context& of_readers) {
    dataspace data;
    for (int reader = 0; reader != 2; ++reader)
        asio::co_spawn(
            of_readers,
            [all = data.subscribe<token>(), reader,
             owned = token()]() mutable -> asio::awaitable<void> {
                token const local;
                for (;;) {
                    auto receiving = all.async_receive();
                    auto const update = co_await std::move(receiving);
                    if (!update)
                        break;
                    co_await turns(reader);
                }
            },
            asio::detached);
    for (int writer = 0; writer != 2; ++writer)
        asio::co_spawn(
            context,
            [data, writer, owned = token()]() -> asio::awaitable<void> {
                token const local;
                for (int i = 0; i != 6; ++i) {
                    as_process const process(data, 1 + static_cast<std::uint64_t>(writer));
                    process.publish(2 * (i % 3) + writer, token());
                    co_await turns(1 + writer);
                    if (i % 3 == 2)
                        process.end();
                    co_await turns(1);
                }
            },
            asio::detached);
}

std::size_t interrupted_after(std::size_t handlers) {
    std::size_t performed = 0;
    {
        asio::io_context context(1);
        scenario(context, context);
        while (performed != handlers && context.run_one() != 0)
            ++performed;
    }
    return performed;
}

} // namespace

BOOST_AUTO_TEST_CASE(A7_a_context_may_be_destroyed_at_any_step) {
    std::size_t const all = interrupted_after(std::size_t(-1));
    BOOST_TEST(token::alive == 0);
    BOOST_TEST_REQUIRE(all > 50u);
    for (std::size_t k = 0; k <= all; ++k) {
        BOOST_TEST(interrupted_after(k) == k);
        BOOST_TEST_REQUIRE(token::alive == 0);
    }
}

BOOST_AUTO_TEST_CASE(A7_a_context_may_be_destroyed_at_any_step_of_another) {
    for (bool readers_first : {false, true})
        for (std::size_t k = 0; k != 100; ++k) {
            std::optional<asio::io_context> writers(1), readers(1);
            scenario(*writers, *readers);
            for (std::size_t i = 0; i != k; ++i) {
                writers->poll_one();
                readers->poll_one();
            }
            (readers_first ? readers : writers).reset();
            (readers_first ? writers : readers)->run(); // the others come to their end
            (readers_first ? writers : readers).reset();
            BOOST_TEST_REQUIRE(token::alive == 0);
        }
}

// ---- A8: no user code under the lock

namespace {

// Does as much harm as it can.
struct hostile {
    hostile(dataspace const& d, int v) : data(&d), value(v) {}
    hostile(hostile&& other) noexcept
        : data(std::exchange(other.data, nullptr)), value(other.value) {
        use();
    }
    hostile(hostile const& other) = delete;
    hostile& operator=(hostile const&) = delete;
    ~hostile() { use(); }

    void use() const {
        if (data == nullptr)
            return;
        ++uses;
        (void)data->find<hostile>("a");
        (void)data->publish("hook", value).has_value();
        auto all = data->subscribe<int>();
        (void)all.try_receive();
        (void)data->retract<int>("hook").has_value();
        as_process(*data, 1).end();
    }

    dataspace const* data;
    int value;
    static inline int uses = 0;
};

// An executor that uses a dataspace whenever something is submitted to it.
struct hostile_executor {
    asio::io_context::executor_type inner;
    dataspace const* data;

    asio::execution_context& query(asio::execution::context_t) const noexcept {
        return inner.context();
    }
    static constexpr auto query(asio::execution::blocking_t) noexcept {
        return asio::execution::blocking.never;
    }
    template <class Function>
    void execute(Function function) const {
        (void)data->publish("from the executor", 1).has_value();
        asio::post(inner, std::move(function));
    }
    [[maybe_unused]] friend bool operator==(hostile_executor const&,
                                            hostile_executor const&) noexcept = default;
};

} // namespace

BOOST_AUTO_TEST_CASE(A8_a_value_may_use_the_dataspace_when_it_is_moved_or_destroyed) {
    hostile::uses = 0;
    dataspace const data;
    auto all = data.subscribe<hostile>();
    BOOST_TEST(data.publish("a", hostile(data, 1)).has_value());
    BOOST_TEST(data.publish("a", hostile(data, 2)).has_value()); // replaces one
    BOOST_TEST(data.retract<hostile>("a").has_value());
    as_process const seven(data, 7);
    for (int i = 0; i != 200; ++i)
        BOOST_TEST(seven.publish(i, hostile(data, i)));
    BOOST_TEST(!as_process(data, 9).publish(0, hostile(data, 3))); // refuses one
    for (int i = 0; i != 100; ++i)
        BOOST_TEST(all.try_receive().has_value());
    int const before = hostile::uses;
    seven.end(); // sweeps
    BOOST_TEST(hostile::uses == before + 200);
}

BOOST_AUTO_TEST_CASE(A8_and_when_a_subscription_ends_or_the_dataspace_goes) {
    hostile::uses = 0;
    dataspace const other; // a value must not own a handle of its own dataspace
    {
        std::optional<dataspace> data(std::in_place);
        auto all = data->subscribe<hostile>();
        auto second = data->subscribe<hostile>();
        for (int i = 0; i != 200; ++i)
            BOOST_TEST(data->publish(i, hostile(other, i)).has_value());
        BOOST_TEST(second.try_receive().has_value());
        data.reset();
    }
    BOOST_TEST(hostile::uses >= 400);
}

BOOST_AUTO_TEST_CASE(A8_an_executor_may_use_the_dataspace) {
    dataspace const data;
    asio::io_context context(1);
    auto all = data.subscribe<std::string>();
    for (int i = 0; i != 3; ++i) {
        received<std::string> got;
        all.async_receive(
            asio::bind_executor(hostile_executor{context.get_executor(), &data}, got.handler()));
        switch (i) {
        case 0:
            BOOST_TEST(data.publish("a", std::string("1")).has_value());
            break;
        case 1:
            BOOST_TEST(data.retract<std::string>("a").has_value());
            break;
        case 2:
            all = data.subscribe<std::string>();
        }
        settle(context);
        BOOST_TEST(got.arrived());
    }
    BOOST_TEST(data.find<int>("from the executor") != nullptr);
}
