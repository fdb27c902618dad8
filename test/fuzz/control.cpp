// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// The control socket of the relay, from the bytes that arrive to the reply, on a tree like the
// relay's. The first byte says how large the pieces are in which they arrive.

#include <arborist/arborist.hpp>
#include <arborist/log.hpp>

#include "../example/relay/command_lines.hpp"
#include "../example/relay/commands.hpp"
#include "../example/relay/counters.hpp"
#include "../example/relay/fault.hpp"
#include "../example/relay/restart_counts.hpp"
#include "fuzz/target.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using fuzz::expect;

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// More of them in one connection show nothing new.
constexpr std::size_t most_commands = 16;

class idle {
public:
    explicit idle(std::string name) : name_(std::move(name)) {}

    std::string_view name() const { return name_; }
    asio::awaitable<arborist::initialization> initialize(arborist::process_shutdown shutdown) {
        co_return run(std::move(shutdown));
    }

private:
    static asio::awaitable<arborist::result<void>> run(arborist::process_shutdown shutdown) {
        co_await shutdown.async_wait(asio::use_awaitable);
        co_return arborist::success();
    }

    std::string name_;
};

// The tree of the relay, without its sockets.
class relay_tree {
public:
    relay_tree() {
        arborist::supervisor upstream("upstream", {.intensity = arborist::unlimited});
        upstream.add(relay::fallible(idle("check"), *faults_));
        faults_->add(upstream);
        arborist::supervisor connections("connections", {.max_dynamic_children = 10});
        auto const clients = connections.handle();
        faults_->add(connections);
        arborist::supervisor traffic("traffic", {.strategy = arborist::rest_for_one,
                                                 .intensity = arborist::unlimited,
                                                 .start = arborist::sequential});
        traffic.add(std::move(connections));
        traffic.add(relay::fallible(idle("listener"), *faults_));
        faults_->add(traffic);
        root_.add(relay::fallible(idle("control"), *faults_));
        root_.add(std::move(upstream));
        root_.add(std::move(traffic));
        root_.observe(
            [restarts = restarts_](arborist::event const& what) { restarts->record(what); });
        root_.async_run(context_, over_.async_wait(asio::deferred),
                        [this](arborist::run_result const& result) {
                            ended_ = true;
                            expect(result.has_value(), "the tree ends well");
                        });
        context_.poll();
        for (char const* name : {"127.0.0.1:4711", "127.0.0.1:4712", "listener"})
            clients.async_start(arborist::once(name, idle_run), [](auto const&) {});
        context_.poll();
    }
    relay_tree(relay_tree const&) = delete;
    relay_tree& operator=(relay_tree const&) = delete;

    std::string perform(std::string_view line) {
        std::optional<std::string> reply;
        asio::co_spawn(context_, commands_.perform(line),
                       [&](std::exception_ptr const& error, std::string text) {
                           expect(error == nullptr, "no command throws");
                           reply = std::move(text);
                       });
        run_until([&] { return reply.has_value(); });
        expect(reply.has_value(), "every command is answered");
        return *reply;
    }

    // Whatever was done to it.
    void stop() {
        over_.cancel();
        run_until([&] { return ended_; });
        expect(ended_, "the tree ends");
    }

private:
    static asio::awaitable<void> idle_run(arborist::process_shutdown shutdown) {
        co_await shutdown.async_wait(asio::use_awaitable);
    }

    template <class Condition>
    void run_until(Condition condition) {
        while (!condition() && context_.run_one_for(20s) != 0)
            ;
    }

    asio::io_context context_{1};
    asio::steady_timer over_{context_, asio::steady_timer::time_point::max()};
    std::shared_ptr<relay::counters> totals_ = std::make_shared<relay::counters>();
    std::shared_ptr<relay::restart_counts> restarts_ =
        std::make_shared<relay::restart_counts>(std::initializer_list<char const*>{
            "control", "upstream", "check", "traffic", "connections", "listener"});
    std::shared_ptr<relay::faults> faults_ =
        std::make_shared<relay::faults>(context_.get_executor());
    arborist::supervisor root_{"relay", {.intensity = arborist::unlimited}};
    relay::commands commands_{root_.handle(), totals_, restarts_, faults_};
    bool ended_ = false;
};

struct conversation {
    std::vector<std::string> lines;
    bool too_long = false;

    friend bool operator==(conversation const&, conversation const&) = default;
};

// As the relay takes it from a connection that delivers pieces of that size.
conversation in_pieces(std::string_view bytes, std::size_t size) {
    conversation result;
    relay::command_lines lines;
    for (;;) {
        while (auto line = lines.next())
            result.lines.push_back(std::move(*line));
        result.too_long = lines.is_too_long();
        if (result.too_long || bytes.empty())
            return result;
        lines.append(bytes.substr(0, size));
        bytes.remove_prefix(std::min(size, bytes.size()));
    }
}

// As it is meant.
conversation as_a_whole(std::string_view bytes) {
    conversation result;
    for (;;) {
        std::size_t const end = std::min(bytes.find('\n'), bytes.size());
        result.too_long = end >= relay::command_lines::longest;
        if (result.too_long || end == bytes.size())
            return result;
        result.lines.emplace_back(bytes.substr(0, end));
        bytes.remove_prefix(end + 1);
    }
}

std::vector<std::string> words_of(std::string const& line) {
    std::vector<std::string> words(1);
    for (char c : line) {
        if (std::string_view(" \t\v\f\r").find(c) == std::string_view::npos)
            words.back() += c;
        else if (!words.back().empty())
            words.emplace_back();
    }
    if (words.back().empty())
        words.pop_back();
    return words;
}

volatile std::sig_atomic_t terminated = 0;

void check_reply(std::string const& line, std::string const& reply) {
    expect(!reply.empty() && reply.front() != '\n' && reply.back() != '\n' &&
               reply.find("\n\n") == std::string::npos,
           "no line of a reply is empty, so that its end is seen");
    auto const words = words_of(line);
    bool const refused = reply.starts_with("error: ");
    expect(!words.empty() || refused, "an empty line is refused");
    expect((terminated != 0) == (reply == "ok: stopping"), "only 'quit' stops the relay");
    expect((terminated != 0) == (words == std::vector<std::string>{"quit"}), "and it does");
    terminated = 0;
    if (refused)
        return;
    static std::vector<std::string> const verbs{"tree", "stop",  "restart", "fail",
                                                "quit", "stats", "help"};
    expect(std::ranges::find(verbs, words.front()) != verbs.end(), "what is unknown is refused");
    if (words == std::vector<std::string>{"tree", "--json"})
        boost::json::parse(reply);
}

} // namespace

void fuzz::try_input(std::string_view bytes) {
    arborist::log::disable();
    // The relay ends by it. libFuzzer would, too.
    std::signal(SIGTERM, [](int) { terminated = 1; });
    if (bytes.empty())
        return;
    std::size_t const size = static_cast<std::uint8_t>(bytes.front()) + 1U;
    bytes.remove_prefix(1);
    conversation const heard = in_pieces(bytes, size);
    expect(heard == as_a_whole(bytes), "the same lines, however they arrive");

    relay_tree tree;
    for (std::size_t i = 0; i != std::min(heard.lines.size(), most_commands); ++i)
        check_reply(heard.lines[i], tree.perform(heard.lines[i]));
    tree.stop();
}
