// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_REQUEST_HPP
#define ARBORIST_DETAIL_REQUEST_HPP

#include <arborist/cause.hpp>
#include <arborist/child_id.hpp>
#include <arborist/child_specification.hpp>
#include <arborist/config.hpp>
#include <arborist/detail/cancellation_link.hpp>
#include <arborist/detail/context_hook.hpp>
#include <arborist/detail/post_to.hpp>
#include <arborist/result.hpp>
#include <arborist/snapshot.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace arborist::inline v0 {

namespace detail {

/// What may be asked of a supervisor (C1).
enum class request_kind : unsigned char {
    start,
    stop,
    restart,
    remove,
    wait_ready,
    stop_supervisor,
    list,
    count,
};

struct request {
    request_kind kind;
    /// The child: its id, or its path.
    child_id id = {};
    std::string path = {};
    /// The process that asks, and those that it is in, if it is in any (C6).
    std::vector<std::uint64_t> askers = {};
    /// What is to be started, and whether that may wait for a place.
    std::optional<child_specification> child = std::nullopt;
    bool waits = false;
};

/// The answer; which members have a meaning depends on the request.
struct reply {
    cause error = {};
    bool failed = false;
    child_id id = {};
    std::vector<child_info> children = {};
};

[[nodiscard]] inline reply failed_reply(cause why) {
    return {.error = std::move(why), .failed = true};
}

/// Where the requests to a supervisor go, whether it runs or not.
class mailbox;
using mailbox_ptr = std::shared_ptr<mailbox>;

/// Where handlers run that have no executor: that of the run, or `system_executor`.
[[nodiscard]] ARBORIST_DECL boost::asio::any_io_executor default_executor(mailbox& of);

/// A request on its way: in the mailbox of a supervisor, then with its run, then answered. Also
/// destroyed with the context of its handler.
///
/// Thread-safe, except that `what` belongs to whoever has taken the operation out of a mailbox.
class ARBORIST_DECL request_operation : public context_hook {
public:
    /// Unique within the program.
    [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
    /// Of the handler.
    [[nodiscard]] boost::asio::execution_context const& context() const noexcept;
    /// Whether there is still somebody who waits for an answer.
    [[nodiscard]] bool open() const noexcept;
    /// Puts it into a mailbox: the first, or the one of a supervisor further down.
    static void send(boost::intrusive_ptr<request_operation> self, mailbox_ptr to);
    /// The first answer is posted to the handler's executor; a later one is dropped.
    void answer(reply with);

    request what;

protected:
    request_operation(boost::asio::execution_context& context, request r);
    ~request_operation() override;

    /// False if somebody else has answered it.
    [[nodiscard]] bool close() noexcept;
    /// Tells the supervisor that nobody waits for the answer any more.
    void withdraw();

private:
    virtual void post(reply with) = 0;

    boost::asio::execution_context& context_;
    std::uint64_t const id_;
    std::atomic<bool> open_{true};
    std::mutex mutex_;
    mailbox_ptr where_;
};

using request_ptr = boost::intrusive_ptr<request_operation>;

/// Turns a reply into what the operation completes with.
template <class T>
[[nodiscard]] result<T> to_result(reply&& from) {
    if (from.failed)
        return std::move(from.error);
    if constexpr (std::is_void_v<T>)
        return boost::outcome_v2::success();
    else if constexpr (std::same_as<T, child_id>)
        return from.id;
    else if constexpr (std::same_as<T, std::vector<child_info>>)
        return std::move(from.children);
    else
        return T(from.children);
}

template <class T, class Handler>
class request_operation_of final : public request_operation {
    using executor_type = boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>;
    using work_type = decltype(track_work(std::declval<executor_type const&>()));

public:
    static void start(mailbox_ptr to, request r, Handler handler) {
        auto const executor = boost::asio::get_associated_executor(handler, default_executor(*to));
        boost::intrusive_ptr self(
            new request_operation_of(executor, std::move(r), std::move(handler)));
        self->link_.connect(boost::asio::get_associated_cancellation_slot(*self->handler_), *self);
        send(std::move(self), std::move(to));
    }

private:
    friend class cancellation_link<request_operation_of>;

    request_operation_of(executor_type const& executor, request r, Handler&& handler)
        : request_operation(boost::asio::query(executor, boost::asio::execution::context),
                            std::move(r)),
          work_(track_work(executor)), handler_(std::move(handler)) {}

    void cancel(boost::asio::cancellation_type type) {
        using boost::asio::cancellation_type;
        boost::intrusive_ptr const self(this); // closed, it may be let go of at once
        if ((type & (cancellation_type::terminal | cancellation_type::partial |
                     cancellation_type::total)) == cancellation_type::none ||
            !close())
            return;
        withdraw();
        post(failed_reply(boost::system::error_code(boost::asio::error::operation_aborted)));
    }

    void post(reply with) override {
        post_surely(*work_, [self = boost::intrusive_ptr(this), with = std::move(with)]() mutable {
            self->complete(std::move(with));
        });
    }

    // On the executor of the handler, as everything that touches it.
    void complete(reply with) {
        link_.disconnect();
        if (!handler_)
            return;
        Handler handler(std::move(*handler_));
        handler_.reset();
        work_.reset();
        std::move(handler)(to_result<T>(std::move(with)));
    }

    void context_destroyed() noexcept override {
        (void)close();
        work_.reset();
        handler_.reset();
    }

    // Gone with their context.
    std::optional<work_type> work_;
    cancellation_link<request_operation_of> link_;
    std::optional<Handler> handler_;
};

/// What `async_initiate` calls.
template <class T>
class initiate_request {
public:
    explicit initiate_request(mailbox_ptr to) noexcept : mailbox_(std::move(to)) {}

    using executor_type = boost::asio::any_io_executor;
    [[nodiscard]] executor_type get_executor() const { return default_executor(*mailbox_); }

    template <class Handler>
    void operator()(Handler&& handler, request what) const {
        // The coroutine that owns *this may be gone before start() returns.
        request_operation_of<T, std::decay_t<Handler>>::start(
            mailbox_ptr(mailbox_), std::move(what), std::forward<Handler>(handler));
    }

private:
    mailbox_ptr mailbox_;
};

} // namespace detail

} // namespace arborist::inline v0

#endif // ARBORIST_DETAIL_REQUEST_HPP
