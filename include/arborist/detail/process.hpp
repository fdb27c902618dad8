// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_PROCESS_HPP
#define ARBORIST_DETAIL_PROCESS_HPP

#include <arborist/child_id.hpp>
#include <arborist/config.hpp>
#include <arborist/detail/shutdown_state.hpp>
#include <arborist/error.hpp>
#include <arborist/exit_reason.hpp>
#include <arborist/options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

namespace arborist::inline v0::detail {

class supervision;

/// How a process ended: it ran and exited, or it could not even be started. Different types, so
/// that the one is never taken for the other (E2).
using process_end = std::variant<exit_reason, initialization_error>;

/// One incarnation of a child: its identity, its shutdown signal, and in the end how it ended.
///
/// Everything that belongs to the process keeps this alive, and this keeps the supervision alive
/// until the process has ended. `report_ready` and the base are thread-safe, `id` is constant; the
/// rest belongs to the supervision's strand.
class ARBORIST_DECL process final : public shutdown_state {
public:
    process(boost::asio::any_io_executor executor, std::uint32_t child);

    using time_point = std::chrono::time_point<std::chrono::steady_clock, duration>;

    /// An id that no process has had (N1).
    [[nodiscard]] static std::uint64_t next_id() noexcept;

    /// Becomes an incarnation of a child.
    void begin(supervision& owner, std::uint32_t incarnation, arborist::child_id child,
               std::uint64_t id, time_point now);
    /// Tells the supervisor that initialisation has succeeded.
    void report_ready();
    void end(exit_reason how) noexcept;
    /// The process has ended, or its context is gone.
    void release_owner() noexcept;
    /// The process has ended, but somebody has kept its shutdown signal, whose executor must not
    /// outlive its context.
    void outlive(boost::asio::any_io_executor const& executor);

    [[nodiscard]] std::uint64_t id() const noexcept;
    [[nodiscard]] std::uint32_t child() const noexcept;
    [[nodiscard]] arborist::child_id child_id() const noexcept;
    [[nodiscard]] std::uint32_t incarnation() const noexcept;
    [[nodiscard]] time_point started() const noexcept;
    [[nodiscard]] exit_reason const& exit() const noexcept;
    [[nodiscard]] supervision& owner() const noexcept;

    /// Whether the supervisor has asked for its abort.
    [[nodiscard]] bool aborted() const noexcept;
    void set_aborted() noexcept;
    /// Whether its initialisation has taken too long: what comes of it now is not why it failed.
    [[nodiscard]] bool start_timed_out() const noexcept;
    void set_start_timed_out() noexcept;

    /// Of an abandoned process: the name of the child, which it may outlive.
    [[nodiscard]] std::string const& name() const noexcept;
    void set_name(std::string name) noexcept;

private:
    ~process() override;

    boost::intrusive_ptr<supervision> owner_;
    std::uint64_t id_ = 0;
    std::uint32_t child_;
    std::uint32_t incarnation_ = 0;
    arborist::child_id child_id_;
    time_point started_;
    exit_reason exit_;
    bool aborted_ = false;
    bool start_timed_out_ = false;
    std::string name_;
};

using process_ptr = boost::intrusive_ptr<process>;

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_PROCESS_HPP
