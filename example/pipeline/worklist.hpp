// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_WORKLIST_HPP
#define ARBORIST_EXAMPLE_PIPELINE_WORKLIST_HPP

#include <arborist/cause.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace pipeline {

class bell;

/// A file of the input.
struct input_file {
    /// Relative to the input directory.
    std::filesystem::path path;
    std::uintmax_t size;
};

/// A file that is to be read, by its number.
struct unread_file {
    std::size_t number;
    std::filesystem::path path;
    /// As it was when it was listed.
    std::uintmax_t size;
};

/// A file that is to be compressed. Its contents are kept until that is done.
struct loaded_file {
    std::size_t number;
    std::filesystem::path path;
    std::shared_ptr<std::vector<char> const> contents;
};

/// A file that cannot be processed, which is its own fault and nobody else's.
struct refused_file {
    std::filesystem::path path;
    arborist::cause why;
};

struct totals {
    std::size_t files = 0;
    std::uintmax_t bytes = 0;
    std::size_t files_done = 0;
    std::uintmax_t bytes_done = 0;
    std::uintmax_t bytes_written = 0;
    std::size_t files_refused = 0;
    /// How often one began where another one had begun before, and had not got to the end.
    std::size_t take_overs = 0;
};

/// What there is to do, and what has been done. It belongs to no process and outlives them all.
///
/// A file is unread, then loaded, then done. It moves on when that work *has been* done, in one
/// step, and nothing is noted here when it is begun: that a process is at it is a @ref claim, which
/// goes with the process. So whatever happens in the middle, the file is where it was, and the next
/// one who looks finds it free.
///
/// Thread-safe.
class worklist {
public:
    /// Nobody reads on while at least so many bytes are loaded.
    explicit worklist(std::size_t most_loaded);

    /// Once; what comes later is ignored, since the states of the files must survive a restart of
    /// whoever lists them.
    void fill(std::vector<input_file> files);

    /// Waits for a file that nobody reads, and for room. Nothing: there is none left to be read, or
    /// the stop was requested.
    [[nodiscard]] std::optional<unread_file> claim_unread(std::string const& worker,
                                                          std::stop_token stop);
    /// The file has been read; the claim is withdrawn.
    void loaded(std::size_t number, std::vector<char> contents);
    /// The file cannot be read, and shall be left alone; the claim is withdrawn.
    void refused(std::size_t number, arborist::cause why);

    /// A file that nobody compresses, if there is one. To wait for one, have a @ref bell.
    [[nodiscard]] std::optional<loaded_file> claim_loaded(std::string const& worker);
    /// The result is in place; the claim is withdrawn.
    void done(std::size_t number, std::uintmax_t size);

    /// Nothing is left to be done; from then on, for ever.
    [[nodiscard]] bool finished() const;

    /// A process has ended, and its claims with it: what it was at is free.
    void look_again();

    [[nodiscard]] totals so_far() const;
    [[nodiscard]] std::vector<refused_file> refusals() const;

private:
    friend class bell;

    [[nodiscard]] bool nothing_left() const;
    void count_claim(std::size_t number);
    void settle(std::size_t number);
    void wake_all();

    std::size_t const most_loaded_;

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::set<bell*> bells_;
    std::vector<input_file> files_;
    std::set<std::size_t> unread_;
    std::map<std::size_t, std::shared_ptr<std::vector<char> const>> loaded_;
    /// Begun, and not got to the end yet; by how many is of no interest.
    std::set<std::size_t> begun_;
    std::size_t bytes_loaded_ = 0;
    std::vector<refused_file> refusals_;
    totals totals_;
    bool filled_ = false;
};

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_WORKLIST_HPP
