// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "worklist.hpp"

#include "bell.hpp"
#include "claim.hpp"

#include <boost/assert.hpp>
#include <boost/core/ignore_unused.hpp>

#include <utility>

namespace pipeline {

worklist::worklist(std::size_t most_loaded) : most_loaded_(most_loaded) {}

void worklist::fill(std::vector<input_file> files) {
    std::lock_guard lock(mutex_);
    if (std::exchange(filled_, true))
        return;
    files_ = std::move(files);
    totals_.files = files_.size();
    for (std::size_t number = 0; number != files_.size(); ++number) {
        unread_.insert(number);
        totals_.bytes += files_[number].size;
    }
    wake_all();
}

std::optional<unread_file> worklist::claim_unread(std::string const& worker, std::stop_token stop) {
    std::optional<unread_file> claimed;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, stop, [&] {
        if (unread_.empty() || stop.stop_requested())
            return true;
        if (bytes_loaded_ >= most_loaded_)
            return false;
        for (std::size_t const number : unread_) {
            if (!try_claim(number, worker))
                continue;
            count_claim(number);
            input_file const& file = files_[number];
            claimed = {.number = number, .path = file.path, .size = file.size};
            return true;
        }
        return false;
    });
    return claimed;
}

void worklist::loaded(std::size_t number, std::vector<char> contents) {
    auto shared = std::make_shared<std::vector<char> const>(std::move(contents));
    std::lock_guard lock(mutex_);
    bytes_loaded_ += shared->size();
    loaded_.emplace(number, std::move(shared));
    unread_.erase(number);
    settle(number);
}

void worklist::refused(std::size_t number, arborist::cause why) {
    std::lock_guard lock(mutex_);
    refusals_.push_back({.path = files_[number].path, .why = std::move(why)});
    ++totals_.files_refused;
    unread_.erase(number);
    settle(number);
}

std::optional<loaded_file> worklist::claim_loaded(std::string const& worker) {
    std::lock_guard lock(mutex_);
    for (auto const& [number, contents] : loaded_) {
        if (!try_claim(number, worker))
            continue;
        count_claim(number);
        return loaded_file{.number = number, .path = files_[number].path, .contents = contents};
    }
    return std::nullopt;
}

void worklist::done(std::size_t number, std::uintmax_t size) {
    std::lock_guard lock(mutex_);
    auto const at = loaded_.find(number);
    BOOST_ASSERT_MSG(at != loaded_.end(), "done twice: the claim is to exclude that");
    bytes_loaded_ -= at->second->size();
    ++totals_.files_done;
    totals_.bytes_done += at->second->size();
    totals_.bytes_written += size;
    loaded_.erase(at);
    settle(number);
}

bool worklist::finished() const {
    std::lock_guard lock(mutex_);
    return nothing_left();
}

void worklist::look_again() {
    std::lock_guard lock(mutex_);
    wake_all();
}

totals worklist::so_far() const {
    std::lock_guard lock(mutex_);
    return totals_;
}

std::vector<refused_file> worklist::refusals() const {
    std::lock_guard lock(mutex_);
    return refusals_;
}

// ---- with the lock

bool worklist::nothing_left() const {
    return filled_ && unread_.empty() && loaded_.empty();
}

void worklist::count_claim(std::size_t number) {
    if (!begun_.insert(number).second)
        ++totals_.take_overs;
}

// The state first, then the claim: between the two nobody else looks.
void worklist::settle(std::size_t number) {
    begun_.erase(number);
    auto const withdrawn = withdraw_claim(number);
    BOOST_ASSERT_MSG(withdrawn, "settled by somebody who does not have the claim");
    boost::ignore_unused(withdrawn);
    wake_all();
}

void worklist::wake_all() {
    changed_.notify_all();
    for (bell* each : bells_)
        each->ring();
}

} // namespace pipeline
