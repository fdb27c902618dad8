// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_DATASPACE_RECEIVE_HPP
#define ARBORIST_DETAIL_DATASPACE_RECEIVE_HPP

#include <arborist/cause.hpp>
#include <arborist/config.hpp>
#include <arborist/detail/cancellation_link.hpp>
#include <arborist/detail/context_hook.hpp>
#include <arborist/detail/post_to.hpp>
#include <arborist/identifier.hpp>
#include <arborist/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

namespace arborist::inline v0::detail {

/// Where the assertions are.
class registry;

/// What a subscription has not delivered yet. It is ended by whoever made it; what else refers to
/// it, as operations do, finds then that it is.
class subscription_core;
using subscription_ptr = std::shared_ptr<subscription_core>;

/// A change, its type erased.
struct raw_change {
    std::shared_ptr<identifier const> key = nullptr;
    /// Null if it is a retraction.
    std::shared_ptr<void const> value = nullptr;
    std::uint64_t conflated = 0;
};

/// Whether there is a change.
enum class receipt : unsigned char { change, nothing_yet, ended, gone, no_dataspace, busy };

/// Releases all that it holds, and wakes up who waits. Ending twice does nothing.
ARBORIST_DECL void end(subscription_core& subscription) noexcept;
[[nodiscard]] ARBORIST_DECL receipt try_take(subscription_core& from, raw_change& into);
[[nodiscard]] ARBORIST_DECL std::uint64_t conflated(subscription_core const& by) noexcept;
/// Of everything but `change`.
[[nodiscard]] ARBORIST_DECL cause why_nothing(receipt what);

/// A pending `async_receive()`.
///
/// It is woken up when there may be something for it, and takes that only when it is about to call
/// the handler: so what is cancelled, or dropped, has taken nothing (A7).
///
/// Everything happens on the executor of the handler, except `wake()` (any thread, no lock of the
/// registry) and `context_destroyed()`.
class ARBORIST_DECL receive_operation : public context_hook {
public:
    /// Only the first call after it began to wait does anything; who calls it has seen to that.
    /// Gets by without memory as long as the reserve lasts (M3).
    void wake() noexcept;

    /// The next one to be woken; of whoever took it out of its subscription.
    boost::intrusive_ptr<receive_operation> next;

protected:
    receive_operation(boost::asio::execution_context& context, subscription_ptr from);
    ~receive_operation() override;

    /// From here on another thread may complete it.
    static void begin(boost::intrusive_ptr<receive_operation> self);
    /// If there is nothing yet, it waits again, and another thread may complete it.
    [[nodiscard]] receipt take(raw_change& into);
    void cancel();
    /// From now on waking does nothing; the executor is not used any more.
    void forget() noexcept;

private:
    virtual void post() = 0;

    subscription_ptr const from_;
    // The context of the handler may be destroyed while another thread publishes.
    std::mutex waking_;
    bool forgotten_ = false;
    bool cancelled_ = false;
    bool refused_ = false;
};

template <class Change, class Handler>
class receive_operation_of final : public receive_operation {
    using executor_type = boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>;
    using work_type = decltype(track_work(std::declval<executor_type const&>()));

public:
    static void start(subscription_ptr from, Handler handler) {
        auto const executor = boost::asio::get_associated_executor(
            handler, boost::asio::any_io_executor(boost::asio::system_executor()));
        boost::intrusive_ptr self(
            new receive_operation_of(executor, std::move(from), std::move(handler)));
        self->link_.connect(boost::asio::get_associated_cancellation_slot(*self->handler_), *self);
        begin(std::move(self));
    }

private:
    friend class cancellation_link<receive_operation_of>;

    receive_operation_of(executor_type const& executor, subscription_ptr from, Handler&& handler)
        : receive_operation(boost::asio::query(executor, boost::asio::execution::context),
                            std::move(from)),
          work_(track_work(executor)), handler_(std::move(handler)) {}

    void cancel(boost::asio::cancellation_type type) {
        using boost::asio::cancellation_type;
        if ((type & (cancellation_type::terminal | cancellation_type::partial |
                     cancellation_type::total)) != cancellation_type::none)
            receive_operation::cancel();
    }

    void post() override {
        post_surely(*work_, [self = boost::intrusive_ptr(this)] { self->complete(); });
    }

    void complete() {
        if (!handler_)
            return;
        raw_change taken;
        receipt const what = take(taken);
        if (what == receipt::nothing_yet)
            return; // nothing of this is touched any more
        link_.disconnect();
        Handler handler(std::move(*handler_));
        handler_.reset();
        work_.reset();
        if (what == receipt::change)
            std::move(handler)(result<Change>(Change(std::move(taken))));
        else
            std::move(handler)(result<Change>(why_nothing(what)));
    }

    void context_destroyed() noexcept override {
        forget();
        work_.reset();
        handler_.reset();
    }

    // Gone with their context.
    std::optional<work_type> work_;
    cancellation_link<receive_operation_of> link_;
    std::optional<Handler> handler_;
};

/// What `async_initiate` calls.
template <class Change>
class initiate_receive {
public:
    explicit initiate_receive(subscription_ptr from) noexcept : from_(std::move(from)) {}

    using executor_type = boost::asio::any_io_executor;
    [[nodiscard]] executor_type get_executor() const { return boost::asio::system_executor(); }

    template <class Handler>
    void operator()(Handler&& handler) const {
        // The coroutine that owns *this may be gone before start() returns.
        receive_operation_of<Change, std::decay_t<Handler>>::start(subscription_ptr(from_),
                                                                   std::forward<Handler>(handler));
    }

private:
    subscription_ptr from_;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_DATASPACE_RECEIVE_HPP
