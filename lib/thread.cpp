// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "thread.hpp"

#include "platform.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

namespace arborist::inline v0::thread {
namespace {

// Lives as long as the program: threads that were abandoned may end at any time.
class reaper {
public:
    reaper() {
        make({}, "arborist-reaper", [this] { work(); }).detach();
    }

    void call(std::function<void()> function) {
        std::lock_guard lock(mutex_);
        functions_.push_back(std::move(function));
        wake_.notify_one();
    }

private:
    [[noreturn]] void work() {
        for (;;) {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return !functions_.empty(); });
            auto const next = std::move(functions_.front());
            functions_.pop_front();
            lock.unlock();
            next();
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> functions_;
};

} // namespace

std::string name_of(std::string_view process, std::optional<std::size_t> number) {
    std::string suffix;
    if (number) {
        suffix = std::to_string(*number);
        suffix.insert(0, suffix.size() < 2 ? "-0" : "-");
    }
    std::size_t const room = platform::thread_name_limit - suffix.size();
    if (process.size() > room)
        process.remove_prefix(process.rfind('.') + 1); // npos + 1 is 0
    return std::string(process.substr(0, room)) + suffix;
}

boost::thread make(thread_options const& options, std::string name,
                   std::function<void()> function) {
    boost::thread::attributes attributes;
    if (options.stack_size != 0)
        attributes.set_stack_size(options.stack_size);
    if (!options.processors.empty())
        platform::set_processors(attributes, options.processors);
    return boost::thread(attributes,
                         [name = std::move(name), function = std::move(function)]() mutable {
                             platform::name_this_thread(name.c_str());
                             auto const call = std::move(function);
                             call();
                         });
}

void call_in_reaper(std::function<void()> function) {
    static reaper* const instance = new reaper;
    instance->call(std::move(function));
}

} // namespace arborist::inline v0::thread
