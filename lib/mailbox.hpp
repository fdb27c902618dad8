// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_MAILBOX_HPP
#define ARBORIST_LIB_MAILBOX_HPP

#include <arborist/config.hpp>
#include <arborist/detail/request.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace arborist::inline v0::detail {

class supervision;

/// Between the handles of a supervisor and its run, of which there may be none.
///
/// Thread-safe. Requests are the operations of their callers, who wait: so a caller that is faster
/// than the supervisor is held back, and the queue needs no memory of its own to speak of. The run
/// takes no more starts than it can have in progress (C2).
class mailbox {
public:
    /// Requests, with the numbers of their arrival. Taking them out needs no memory.
    using queue = std::list<std::pair<std::uint64_t, request_ptr>>;

    explicit mailbox(std::string name);

    [[nodiscard]] std::string const& name() const noexcept { return name_; }

    /// Whether a handle was given away, so that children may yet come (S6).
    [[nodiscard]] bool has_handles() const noexcept { return has_handles_; }
    void note_handle() noexcept { has_handles_ = true; }

    /// The run that began last, if it has not ended.
    [[nodiscard]] boost::intrusive_ptr<supervision> run();

    /// From now on requests go to `run`, which is woken for them.
    void open(supervision& run);
    /// What `run` has not taken comes back, unless another run has taken over.
    [[nodiscard]] queue close(supervision const& run) noexcept;

    /// Which starts the run can take: those that fail if it is full, and those that wait then.
    struct room {
        bool starts = true;
        bool waiting_starts = true;
    };
    struct taken {
        /// Null if there is none that could be taken: the run is to be woken for the next.
        request_ptr request;
        /// There are starts, but no room for them: the run has to come again when there is.
        bool starts_left = false;
    };
    /// The next request, in the order in which they came; starts for which there is no room are
    /// overtaken.
    [[nodiscard]] taken take(room const& for_starts);

    void put(request_ptr operation);
    void withdraw(std::uint64_t id);
    void request_stop();

private:
    std::string const name_;
    std::atomic<bool> has_handles_{false};

    std::mutex mutex_;
    supervision* run_ = nullptr;
    bool awake_ = false;
    std::uint64_t last_ = 0;
    queue starts_;
    queue waiting_starts_;
    queue others_;

    [[nodiscard]] queue& queue_of(request const& what) noexcept;
};

/// "supervisor 'app': not running"
[[nodiscard]] reply not_running(std::string const& supervisor) noexcept;

} // namespace arborist::inline v0::detail

#endif // ARBORIST_LIB_MAILBOX_HPP
