// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// Children that nobody declared: a print shop, where a clerk takes orders and starts a child for
// each of them.

// tag::all[]
#include <arborist/arborist.hpp>
#include <arborist/log.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/system/errc.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

namespace asio = boost::asio;
using namespace std::chrono_literals;

// tag::job[]
// Can be moved and not copied, like a connection.
using document = std::unique_ptr<std::string>;

asio::awaitable<void> print(document what, arborist::process_shutdown shutdown,
                            std::chrono::milliseconds time) {
    std::cout << "printing " << *what << '\n';
    co_await shutdown.wait_for(time);
}

// A child that owns the document. It is started once, and gone when it has ended.
arborist::one_shot job(std::string name, document what, std::chrono::milliseconds time) {
    return arborist::once(std::move(name), [what = std::move(what), time](auto shutdown) mutable {
        return print(std::move(what), std::move(shutdown), time);
    });
}
// end::job[]

// tag::photo[]
// A child that cannot be started.
asio::awaitable<arborist::initialization> photo() {
    using boost::system::errc::make_error_code;
    co_return arborist::initialization_error(make_error_code(boost::system::errc::no_such_device),
                                             "no colour printer");
}
// end::photo[]

class clerk {
public:
    clerk(arborist::supervisor_handle printers, arborist::supervisor_handle shop)
        : printers_(std::move(printers)), shop_(std::move(shop)) {}

    asio::awaitable<void> operator()() {
        co_await start_one();
        co_await refuse_and_queue();
        co_await stop_and_list();
        co_await fail();
        co_await close_shop();
    }

private:
    // tag::start[]
    asio::awaitable<void> start_one() {
        auto poster = std::make_unique<std::string>("a poster, slowly");
        auto start = printers_.async_start(job("poster", std::move(poster), 1h));
        auto const started = co_await std::move(start); // completes once it is initialised
        poster_ = started.value();                      // throws if it could not be started
    }
    // end::start[]

    // tag::full[]
    asio::awaitable<void> refuse_and_queue() {
        auto letter = std::make_unique<std::string>("a letter");
        auto second = printers_.async_start(job("letter", std::move(letter), 200ms));
        auto const taken = co_await std::move(second);
        taken.value();

        auto flyer = std::make_unique<std::string>("a flyer");
        auto third = printers_.async_start(job("flyer", std::move(flyer), 1h));
        auto const refused = co_await std::move(third);
        if (!refused && refused.error().code() == arborist::errc::at_capacity)
            std::cout << refused.error() << '\n'; // supervisor 'printers' has 2 children that ...

        auto invoice = std::make_unique<std::string>("an invoice, after the letter");
        auto queue = printers_.async_start(job("invoice", std::move(invoice), 1h),
                                           arborist::when_full::wait); // until there is a place
        auto const queued = co_await std::move(queue);
        queued.value();
    }
    // end::full[]

    // tag::stop[]
    asio::awaitable<void> stop_and_list() {
        auto stop = printers_.async_stop(poster_);
        auto const stopped = co_await std::move(stop); // completes when it has ended
        stopped.value();
        auto stop_again = printers_.async_stop(poster_);
        auto const again = co_await std::move(stop_again);
        if (!again) // nobody declared it, so it is forgotten
            std::cout << "a second time: " << again.error().code().message() << '\n';

        auto list = printers_.async_list();
        auto const children = co_await std::move(list);
        for (arborist::child_info const& each : children.value())
            std::cout << each.name << " is " << each.state << '\n';
    }
    // end::stop[]

    // tag::failed[]
    asio::awaitable<void> fail() {
        auto start = printers_.async_start(arborist::worker("photo", photo));
        auto const started = co_await std::move(start);
        if (started)
            co_return;
        arborist::cause const& why = started.error();
        std::cout << why << '\n'; // shop.printers: child 'photo' failed to initialise: ...
        if (arborist::supervisor_error const* story = why.nested())
            std::cout << "the code was " << story->exit().why().code() << '\n';
    }
    // end::failed[]

    // tag::close[]
    asio::awaitable<void> close_shop() {
        auto stop = shop_.async_stop_supervisor(); // its own, which then waits for it
        (void)co_await std::move(stop);
        std::cout << "closing\n";
    }
    // end::close[]

    arborist::supervisor_handle printers_;
    arborist::supervisor_handle shop_;
    arborist::child_id poster_;
};

int main() {
    arborist::log::disable();

    // tag::tree[]
    arborist::supervisor printers("printers", {.max_dynamic_children = 2});
    auto const to_printers = printers.handle(); // it stays good when they are moved

    // Sequential: the clerk is started when the printers are ready for him.
    arborist::supervisor shop("shop", {.start = arborist::sequential});
    shop.add(std::move(printers));
    shop.add(arborist::worker("clerk", clerk(to_printers, shop.handle())));
    return arborist::run(shop);
    // end::tree[]
}
// end::all[]
