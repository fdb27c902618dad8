// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// Does what stands in front of a Redis server keep its promises? Writers write through a relay for
// some seconds, and start anew whenever they are cut off; then every write that was acknowledged is
// read back, from the server itself and through the relay. The writers are supervised, of course: a
// writer that was cut off has failed.
//
//     relay_verify RELAY SERVER SECONDS [FILE]      each of the first two is HOST:PORT
//
// FILE gets a line for each connection that failed: when it was begun and when it failed, in
// seconds since 1970; its own endpoint, or "-" if there was no connection; the number of batches
// that were answered on it; and the error.
//
// Exit code: 0 if nothing was lost or changed, 1 if something was.

#include <arborist/arborist.hpp>
#include <arborist/log.hpp>

#include "../connect.hpp"
#include "../host_port.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using clock_type = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr unsigned writer_count = 8;
constexpr std::uint64_t batch_size = 16;
constexpr auto pause = 5ms; // enough to do for the faults, little enough to read all back

/// A write is named by its writer and a number; key and value follow from it.
struct entry {
    unsigned writer;
    std::uint64_t number;

    [[nodiscard]] std::string key() const {
        return "verify:" + std::to_string(writer) + ':' + std::to_string(number);
    }
    [[nodiscard]] std::string value() const {
        return std::to_string(number * 2654435761U) + '/' + std::to_string(writer);
    }
};

/// A connection that failed.
struct failure {
    std::chrono::system_clock::time_point begun;
    std::chrono::system_clock::time_point failed;
    std::string endpoint;
    std::uint64_t batches;
    std::string what;

    friend std::ostream& operator<<(std::ostream& stream, failure const& value) {
        auto const seconds = [](std::chrono::system_clock::time_point when) {
            return std::chrono::duration<double>(when.time_since_epoch()).count();
        };
        return stream << std::fixed << std::setprecision(6) << seconds(value.begun) << ' '
                      << seconds(value.failed) << ' ' << value.endpoint << ' ' << value.batches
                      << ' ' << value.what;
    }
};

/// What the writers know. There is one thread only.
struct journal {
    std::vector<entry> acknowledged;
    std::vector<failure> failures;
    std::uint64_t connections = 0;
    std::uint64_t wrong = 0;
    clock_type::time_point last_answer = {};
    clock_type::duration longest_silence = {};
};

/// A connection that speaks as much of the Redis protocol as is needed. Throws what goes wrong.
class redis_connection {
public:
    explicit redis_connection(tcp::socket socket) : socket_(std::move(socket)) {}

    void set(entry const& what) { command({"SET", what.key(), what.value()}); }
    void get(entry const& what) { command({"GET", what.key()}); }
    asio::awaitable<void> send() {
        co_await asio::async_write(socket_, asio::buffer(requests_), asio::use_awaitable);
        requests_.clear();
    }

    asio::awaitable<bool> is_ok() {
        std::string const line = co_await read_line();
        co_return line == "+OK";
    }
    asio::awaitable<std::optional<std::string>> value() {
        std::string const line = co_await read_line();
        if (line == "$-1")
            co_return std::nullopt;
        std::size_t size = 0;
        if (!line.starts_with('$') ||
            std::from_chars(line.data() + 1, line.data() + line.size(), size).ec != std::errc())
            throw std::runtime_error("not an answer to GET: " + line);
        std::string value = co_await read_line();
        if (value.size() != size)
            throw std::runtime_error("an answer of another size than announced");
        co_return value;
    }

private:
    void command(std::initializer_list<std::string> words) {
        requests_ += '*' + std::to_string(words.size()) + "\r\n";
        for (std::string const& word : words)
            requests_ += '$' + std::to_string(word.size()) + "\r\n" + word + "\r\n";
    }

    asio::awaitable<std::string> read_line() {
        auto replies = asio::dynamic_buffer(replies_);
        std::size_t const size =
            co_await asio::async_read_until(socket_, replies, "\r\n", asio::use_awaitable);
        std::string line = replies_.substr(0, size - 2);
        replies_.erase(0, size);
        co_return line;
    }

    tcp::socket socket_;
    std::string requests_;
    std::string replies_;
};

class writer {
public:
    writer(unsigned number, relay::host_port where, std::shared_ptr<journal> book)
        : number_(number), where_(std::move(where)), book_(std::move(book)) {}

    std::string name() const { return "writer-" + std::to_string(number_); }

    asio::awaitable<arborist::initialization> initialize(arborist::process_shutdown shutdown) {
        co_return run(std::move(shutdown));
    }

private:
    asio::awaitable<arborist::result<void>> run(arborist::process_shutdown shutdown) {
        failure end{std::chrono::system_clock::now(), {}, "-", 0, {}};
        auto connected = co_await relay::connect(where_, 2s);
        if (!connected) {
            note(end, connected.error().message());
            co_await shutdown.wait_for(10ms);
            co_return std::move(connected).error();
        }
        end.endpoint = name_of(connected.value());
        redis_connection redis(std::move(connected).value());
        ++book_->connections;
        try {
            for (; !co_await shutdown.wait_for(pause); ++end.batches)
                co_await write_batch(redis);
        } catch (std::exception const& error) {
            note(end, error.what());
            throw;
        }
        co_return arborist::success();
    }

    // Of our end, as the other one sees it.
    static std::string name_of(tcp::socket const& socket) {
        std::ostringstream stream;
        boost::system::error_code gone;
        stream << socket.local_endpoint(gone);
        return std::move(stream).str();
    }

    void note(failure& end, std::string const& what) {
        end.failed = std::chrono::system_clock::now();
        end.what = what;
        book_->failures.push_back(end);
    }

    // Numbers are never used again: what was not acknowledged may have been written or not.
    asio::awaitable<void> write_batch(redis_connection& redis) {
        std::vector<entry> batch;
        for (std::uint64_t i = 0; i < batch_size; ++i) {
            batch.push_back(entry{number_, next_++});
            redis.set(batch.back());
        }
        entry const probe = last_;
        redis.get(probe);
        co_await redis.send();
        for (entry const& each : batch) {
            bool const ok = co_await redis.is_ok();
            if (!ok)
                throw std::runtime_error("SET was refused");
            acknowledge(each);
        }
        auto const found = co_await redis.value();
        if (probe.number != 0 && found != probe.value())
            ++book_->wrong;
    }

    void acknowledge(entry const& what) {
        auto const now = clock_type::now();
        if (book_->last_answer != clock_type::time_point())
            book_->longest_silence = std::max(book_->longest_silence, now - book_->last_answer);
        book_->last_answer = now;
        book_->acknowledged.push_back(what);
        last_ = what;
    }

    unsigned number_;
    relay::host_port where_;
    std::shared_ptr<journal> book_;
    std::uint64_t next_ = 1;
    entry last_{number_, 0};
};
static_assert(arborist::supervisable<writer>);

/// How many of them are there, unchanged.
asio::awaitable<std::size_t> read_back(relay::host_port where, std::vector<entry> const& expected) {
    auto connected = co_await relay::connect(where, 2s);
    redis_connection redis(std::move(connected).value());
    std::size_t found = 0;
    for (std::size_t from = 0; from < expected.size(); from += 1000) {
        std::size_t const to = std::min(from + 1000, expected.size());
        for (std::size_t i = from; i < to; ++i)
            redis.get(expected[i]);
        co_await redis.send();
        for (std::size_t i = from; i < to; ++i) {
            auto const value = co_await redis.value();
            found += value == expected[i].value() ? 1 : 0;
        }
    }
    co_return found;
}

int verify(relay::host_port const& through, relay::host_port const& server, int seconds,
           std::string const& failures) {
    arborist::log::disable();
    auto const book = std::make_shared<journal>();
    arborist::supervisor writers("writers", {.intensity = arborist::unlimited});
    for (unsigned i = 1; i <= writer_count; ++i)
        writers.add(writer(i, through, book));

    asio::io_context context(1);
    asio::steady_timer over(context, std::chrono::seconds(seconds));
    std::size_t direct = 0;
    std::size_t relayed = 0;
    auto const check = [&]() -> asio::awaitable<void> {
        auto const ended = co_await writers.async_run(context, over.async_wait(asio::deferred),
                                                      asio::use_awaitable);
        if (!ended)
            std::cerr << "relay_verify: " << ended.error() << '\n';
        direct = co_await read_back(server, book->acknowledged);
        relayed = co_await read_back(through, book->acknowledged);
    };
    asio::co_spawn(context, check(), [](std::exception_ptr error) {
        if (error)
            std::rethrow_exception(error);
    });
    context.run();

    if (!failures.empty()) {
        std::ofstream file(failures);
        for (failure const& each : book->failures)
            file << each << '\n';
        if (!file.flush())
            throw std::runtime_error("cannot write " + failures);
    }
    std::size_t const all = book->acknowledged.size();
    auto const silence = std::chrono::ceil<std::chrono::milliseconds>(book->longest_silence);
    std::cout << all << " writes acknowledged to " << writer_count << " writers on "
              << book->connections << " connections; longest silence " << silence.count() << " ms\n"
              << all - direct << " lost as the server says, " << all - relayed
              << " as the relay says; " << book->wrong << " wrong answers meanwhile\n";
    return all > 0 && direct == all && relayed == all && book->wrong == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) try {
    int seconds = 0;
    bool const counts = argc == 4 || argc == 5;
    auto const relay = relay::parse_host_port(counts ? argv[1] : "");
    auto const server = relay::parse_host_port(counts ? argv[2] : "");
    std::string_view const digits = counts ? argv[3] : "";
    std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    if (!relay || !server || seconds <= 0) {
        std::cerr << "usage: relay_verify RELAY SERVER SECONDS [FILE], the first two HOST:PORT\n";
        return 64;
    }
    return verify(*relay, *server, seconds, argc == 5 ? argv[4] : "");
} catch (std::exception const& error) {
    std::cerr << "relay_verify: " << error.what() << '\n';
    return 1;
}
