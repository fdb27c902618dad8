// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_CHILD_MODEL_HPP
#define ARBORIST_DETAIL_CHILD_MODEL_HPP

#include <arborist/config.hpp>
#include <arborist/detail/process.hpp>
#include <arborist/options.hpp>
#include <arborist/process_shutdown.hpp>
#include <arborist/supervisable.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace arborist::inline v0 {

template <class T>
class join_set;
class task_id;

namespace detail {

struct declaration;

/// What is behind a child specification: knows how to start a process, and nothing of when.
class BOOST_SYMBOL_VISIBLE child_model : public std::enable_shared_from_this<child_model> {
public:
    child_model() = default;
    child_model(child_model const&) = delete;
    child_model& operator=(child_model const&) = delete;
    virtual ~child_model() = default;

    /// Starts `self` as a task of `tasks`, on the executor of `self`. The task keeps this model
    /// alive, and `self`.
    virtual task_id start(join_set<void>& tasks, process_ptr self) = 0;

    /// Whether there is an initialisation whose success `self` will report; otherwise a process is
    /// ready as it starts.
    [[nodiscard]] virtual bool initializes() const noexcept = 0;

    [[nodiscard]] bool is_supervisor() const noexcept { return nested() != nullptr; }
    /// What a nested supervisor is declared to be; null for a worker.
    [[nodiscard]] virtual declaration* nested() const noexcept { return nullptr; }

    /// Whether it can be started only once.
    [[nodiscard]] virtual bool is_once() const noexcept { return false; }

    /// Whether it brings threads along, so that it cannot be placed on an executor (T8).
    [[nodiscard]] virtual bool has_threads_of_its_own() const noexcept { return false; }

    /// How long an aborted process may take before it is abandoned, if its supervisor gives
    /// `grace`.
    [[nodiscard]] virtual duration abort_grace(duration grace) const noexcept { return grace; }
};

/// A worker that is a run phase alone. `Run` is `void` or `result<void>`.
template <class Run>
class BOOST_SYMBOL_VISIBLE run_model : public child_model {
public:
    using run_type = Run;

    ARBORIST_DECL task_id start(join_set<void>& tasks, process_ptr self) final;
    [[nodiscard]] bool initializes() const noexcept final { return false; }

    /// Called in the process, once for each.
    virtual boost::asio::awaitable<Run> run(process_shutdown shutdown) = 0;
};

/// A worker that is initialised first. `Run` is `void` or `result<void>`.
template <class Run>
class BOOST_SYMBOL_VISIBLE initializing_model : public child_model {
public:
    using run_type = Run;

    ARBORIST_DECL task_id start(join_set<void>& tasks, process_ptr self) final;
    [[nodiscard]] bool initializes() const noexcept final { return true; }

    /// Called in the process, once for each.
    virtual boost::asio::awaitable<basic_initialization<Run>>
    initialize(process_shutdown shutdown) = 0;
};

} // namespace detail

} // namespace arborist::inline v0

#endif // ARBORIST_DETAIL_CHILD_MODEL_HPP
