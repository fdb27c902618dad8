// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_SUPERVISION_HPP
#define ARBORIST_LIB_SUPERVISION_HPP

#include <arborist/config.hpp>
#include <arborist/dataspace.hpp>
#include <arborist/detail/cancellation_link.hpp>
#include <arborist/detail/context_hook.hpp>
#include <arborist/detail/hand_over.hpp>
#include <arborist/detail/memory_reserve.hpp>
#include <arborist/detail/post_to.hpp>
#include <arborist/detail/process.hpp>
#include <arborist/detail/resource_tracking.hpp>
#include <arborist/detail/simulator.hpp>
#include <arborist/detail/start_run.hpp>
#include <arborist/detail/strand.hpp>
#include <arborist/detail/workplace.hpp>
#include <arborist/error.hpp>
#include <arborist/event.hpp>
#include <arborist/join_set.hpp>
#include <arborist/snapshot.hpp>

#include "declaration.hpp"
#include "policy/machine.hpp"
#include "process_host.hpp"
#include "runtime.hpp"

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace arborist::inline v0::detail {

using observers = std::vector<std::shared_ptr<observer const>>;

/// Where a run stands in its tree.
struct run_place {
    /// Its full name (N2).
    std::string name;
    /// The process that it is for its parent; null for the root.
    process_ptr self = nullptr;
    /// Those of the ancestors, and its own.
    observers watching = {};
    /// Of the whole tree.
    dataspace data;
    /// Null in the real world.
    simulator* world = nullptr;
    /// If it is dedicated.
    std::shared_ptr<runtime> own_runtime = nullptr;
};

/// One run of a supervisor: performs what the policy decides, and feeds back what happens. It
/// decides nothing.
///
/// All state belongs to one strand; what is called thread-safe below posts to it. What a snapshot
/// shows is changed under a mutex besides. It keeps itself alive until the run is over and every
/// process, abandoned ones included, has ended. Its runtime, if it has one of its own, ends after
/// it.
///
/// Once it has begun it performs what is decided even if there is no memory (M3): whatever has to
/// be allocated on the way is insisted on, or left out where that does no harm.
class supervision final : private runtime_lease, public context_hook, private join_waiter {
public:
    supervision(std::shared_ptr<declaration> what, boost::asio::any_io_executor executor,
                run_place place, run_handler handler);

    /// Begins, through a post: a deep tree must not grow the stack. Once.
    void start(stop_condition until);

    /// Asks for an abort if it is terminal, else for a graceful stop. Thread-safe.
    void cancel(boost::asio::cancellation_type type);

    enum class stop_request : std::uint8_t { none, graceful, abort };
    /// Asks the run to stop. Thread-safe; what is asked once it is over changes nothing.
    void request_stop(stop_request how);

    /// Thread-safe.
    void child_is_ready(policy::incarnation who);
    /// Thread-safe.
    void child_is_out_of_memory(policy::incarnation who);
    /// The runtime of a nested supervisor does not run any more, or does again. On the strand.
    void child_stalled(policy::incarnation who, bool stalled);
    /// An exception has escaped to a thread of the own runtime. Thread-safe.
    void runtime_panicked(std::exception_ptr exception);
    /// These threads belong to the process, until it has ended. On the strand.
    void host(process const& whose, std::shared_ptr<process_host> threads);
    /// There are requests in the mailbox, from where they are taken after what is ready by now
    /// (D11). Thread-safe.
    void wake_for_requests();
    /// Nobody waits for the answer any more. Thread-safe.
    void withdraw_request(policy::request_id id);

    /// A child as it is now, and where requests to it go if it is a nested supervisor.
    struct described_child {
        child_info info = {};
        mailbox_ptr requests = nullptr;
    };
    struct description {
        supervisor_info supervisor = {};
        std::vector<described_child> children = {};
    };
    /// As it is at this instant, if there are not too many children (O2a). Thread-safe.
    [[nodiscard]] description describe() const;
    /// The id of the process that it is for its parent; 0 for the root.
    [[nodiscard]] std::uint64_t process_id() const noexcept { return process_id_; }

    [[nodiscard]] std::string const& name() const noexcept { return place_.name; }
    /// The process that it is for its parent; null for the root.
    [[nodiscard]] process_ptr const& self() const noexcept { return place_.self; }
    /// Of the whole tree (A1).
    [[nodiscard]] dataspace const& data() const noexcept { return place_.data; }
    /// To whom its workers are charged; null if nothing is tracked (P4).
    [[nodiscard]] resource_group_ptr const& group() const noexcept { return group_; }
    /// Null in the real world.
    [[nodiscard]] simulator* world() const noexcept { return place_.world; }
    [[nodiscard]] observers const& watching() const noexcept { return place_.watching; }
    [[nodiscard]] boost::asio::any_io_executor const& executor() const noexcept {
        return executor_;
    }
    /// Where a child runs (T8).
    [[nodiscard]] boost::asio::any_io_executor const& executor_for(policy::child_index child) const;
    /// Whether processes were left when it ended. To be called then.
    [[nodiscard]] bool has_abandoned() const noexcept { return has_abandoned_; }

private:
    ~supervision() override;

    friend class cancellation_link<supervision>;

    struct record {
        /// The current or the last incarnation; null before the first.
        process_ptr current = nullptr;
        task_id task = {};
        child_id id = {};
        /// Of the incarnation that the policy knows, from the step on that starts it.
        std::uint64_t process_id = 0;
        policy::time_point started = {};
        /// Of a dynamic child.
        std::unique_ptr<child_specification> specification = nullptr;
        struct end {
            exit_reason exit;
            policy::time_point at;
        };
        /// Of the last process that has ended; null if none has.
        std::unique_ptr<end> last_end = nullptr;
    };

    // What must not outlive the execution context.
    struct io_objects {
        explicit io_objects(boost::asio::any_io_executor const& executor);

        /// Of the run, and of its workers.
        boost::intrusive_ptr<workplace> place;
        detail::strand strand;
        /// The strand; of the processes that nested supervisors are.
        boost::intrusive_ptr<workplace> inside;
        boost::asio::steady_timer timer;
        join_set<void> tasks;
        /// Keep the contexts of the run and of its handler running while nothing else does.
        boost::asio::any_io_executor work;
        boost::asio::any_completion_executor handler_work;
    };

    template <class Function>
    void post(Function function) {
        hand_over(std::move(function), [this](auto what) {
            io_->strand.require(boost::asio::execution::blocking.never).execute(std::move(what));
        });
    }
    void context_destroyed() noexcept override;

    [[nodiscard]] std::unique_lock<std::mutex> change_what_is_shown();

    // Events: what happens, on its way to the policy.
    void begin(stop_condition const& until);
    void arm(stop_condition const& until);
    /// `ended`: the process whose end it is.
    void feed(policy::event::any const& what, process const* ended = nullptr);
    void note_end(process const& ended);
    void note_start(policy::child_index child);
    void note_failure(policy::child_index child, initialization_error const& why);
    void react_to_stop_request();
    void set_timer(policy::time_point at);
    void on_timer();
    void join();
    void complete(join_core& tasks, join_waiter::invocation where, boost::system::error_code error,
                  task_slot* ended) override;
    void destroy() noexcept override;
    void on_exit(joined<void>&& end);
    [[nodiscard]] policy::ending record_exit(process& it, result<void>&& outcome);
    [[nodiscard]] bool is_starting(process const& it) const noexcept;
    [[nodiscard]] exit_decision ask_for_decision(process& it);

    // Requests.
    void take_requests();
    [[nodiscard]] mailbox::room room_for_starts() const noexcept;
    void handle_or_refuse(request_ptr operation);
    void handle(request_ptr operation);
    void handle_start(request_ptr operation);
    void handle_child_request(request_ptr operation, policy::child_index child);
    [[nodiscard]] bool forward(request_ptr& operation);
    [[nodiscard]] result<policy::child_index> find_child(request const& what) const;
    void retire(policy::request_id id);
    void come_for_starts();
    void close_mailbox(bool context_alive) noexcept;

    // Actions: what the policy wants done.
    void perform(policy::action const& action);
    void start_child(policy::incarnation who);
    void note_start_timed_out(policy::incarnation who);
    void admit(policy::action const& action);
    void forget(policy::child_index child);
    void answer(policy::action const& action);
    [[nodiscard]] cause explain(policy::action const& action) const;
    [[nodiscard]] cause explain_if_possible(policy::action const& action) const noexcept;
    [[nodiscard]] process_ptr make_process(policy::incarnation who);
    [[nodiscard]] process_ptr new_process(policy::child_index child);
    [[nodiscard]] task_id spawn(process_ptr const& self);
    void wake_at(policy::time_point at);
    void finish(policy::action const& action);
    [[nodiscard]] run_result conclude(policy::action const& action) const;
    [[nodiscard]] supervisor_error timed_out() const;
    [[nodiscard]] supervisor_error not_initialized(policy::child_index child) const;
    void complete(run_result result);

    // Observers.
    void notify(event_kind what, policy::action const& action);
    void fill(event& event, policy::action const& action) const;
    void notify(event const& what, observer const* except = nullptr) const;
    [[nodiscard]] process* find(policy::incarnation who) const noexcept;

    [[nodiscard]] child_specification const& specification(policy::child_index child) const;
    [[nodiscard]] supervisor_info describe_supervisor(policy::time_point now) const;
    [[nodiscard]] described_child describe_child(policy::child_index child,
                                                 policy::time_point now) const;

    /// Until the run is over: there may be nothing that it waits for.
    boost::intrusive_ptr<supervision> self_;
    [[no_unique_address]] memory_reserve reserve_;
    std::shared_ptr<declaration> declaration_;
    boost::asio::any_io_executor executor_;
    run_place place_;
    resource_group_ptr const group_;
    std::optional<run_handler> handler_;
    std::optional<io_objects> io_;

    /// Guards what snapshots show: the machine, `children_`, `began_`. Only the strand changes
    /// them, so that it reads them without.
    mutable std::mutex shown_;
    /// The strand waits for that mutex: a long snapshot lets it pass.
    std::atomic<bool> waits_to_change_{false};
    policy::machine machine_;
    std::vector<record> children_;
    policy::time_point began_ = {};
    /// Of the last step.
    policy::time_point now_ = {};
    /// By the slot of its task: every process that has not ended, abandoned ones included.
    std::vector<process_ptr> processes_;
    std::unordered_map<process const*, std::shared_ptr<process_host>> hosts_;
    /// The process whose exit is being fed.
    process_ptr leaving_;
    /// Of the runtime, if it has panicked.
    exit_reason panic_;
    /// Why nobody could have asked it to stop.
    std::optional<cause> deaf_;
    /// Of children: why their last initialisation failed, if it has.
    std::unordered_map<policy::child_index, initialization_error> failed_;
    std::unordered_map<child_id, policy::child_index> dynamic_;
    /// Those that the machine is to answer.
    std::unordered_map<policy::request_id, request_ptr> requests_;
    /// Of those: starts that were admitted, and starts that were not, or not yet.
    std::size_t initializing_starts_ = 0;
    std::size_t waiting_starts_ = 0;
    /// More are in the mailbox, for which there was no room.
    bool starts_left_ = false;
    std::uint64_t process_id_ = 0;
    bool joining_ = false;
    /// Meanwhile.
    boost::intrusive_ptr<supervision> for_joiner_;
    bool has_abandoned_ = false;

    policy::time_point wake_at_ = policy::never;
    policy::time_point timer_at_ = policy::never;
    cancellation_link<supervision> link_;
    boost::asio::cancellation_signal until_;
    std::atomic<stop_request> requested_{stop_request::none};
    stop_request seen_ = stop_request::none;
};

/// The place of a supervisor below another one, for which it is `self`.
[[nodiscard]] run_place place_below(supervision const& parent, declaration const& what,
                                    process_ptr self);

/// What the run of a nested supervisor is for its parent (E5, E6).
[[nodiscard]] process_end as_process_end(run_result&& result);

/// The supervisor that `of` belongs to, and all below it.
[[nodiscard]] snapshot take_snapshot(mailbox& of);

} // namespace arborist::inline v0::detail

#endif // ARBORIST_LIB_SUPERVISION_HPP
