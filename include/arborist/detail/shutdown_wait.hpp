// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_SHUTDOWN_WAIT_HPP
#define ARBORIST_DETAIL_SHUTDOWN_WAIT_HPP

#include <arborist/config.hpp>
#include <arborist/detail/cancellation_link.hpp>
#include <arborist/detail/post_to.hpp>
#include <arborist/detail/shutdown_state.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/system/error_code.hpp>

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace arborist::inline v0::detail {

/// One pending `async_wait()`: the node in the list, and the handler.
///
/// Its owner is the list, whoever took it out of there, and finally the completion that this one
/// posted, or the process that resumes it. It is freed where the handler runs, so a late emission
/// still finds it there.
template <class Handler>
class shutdown_wait final : shutdown_waiter {
    using executor_type = boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>;
    using work_type = decltype(track_work(std::declval<executor_type const&>()));
    using handler_allocator = boost::asio::associated_allocator_t<Handler>;
    using allocator_type =
        typename std::allocator_traits<handler_allocator>::template rebind_alloc<shutdown_wait>;
    using allocator_traits = std::allocator_traits<allocator_type>;

    struct deleter {
        void operator()(shutdown_wait* wait) const noexcept { wait->free(wait->handler_); }
    };
    using pointer = std::unique_ptr<shutdown_wait, deleter>;

public:
    /// Never invokes the handler before it returned.
    static void start(boost::intrusive_ptr<shutdown_signal> state, Handler handler) {
        if (state->cleared())
            return; // there is no executor any more
        pointer wait = make(std::move(state), std::move(handler));
        if (!wait->state_->requested())
            wait->link_.connect(boost::asio::get_associated_cancellation_slot(wait->handler_),
                                *wait);
        // From here on another thread may complete it.
        switch (shutdown_wait* raw = wait.get(); raw->state_->add(*raw)) {
        case shutdown_signal::admission::waiting:
            (void)wait.release();
            break;
        case shutdown_signal::admission::requested:
            post(std::move(wait), {});
            break;
        case shutdown_signal::admission::cleared:
            break;
        }
    }

private:
    friend class cancellation_link<shutdown_wait>;

    shutdown_wait(boost::intrusive_ptr<shutdown_signal> state, Handler&& handler)
        : shutdown_waiter(&shutdown_wait::finish), state_(std::move(state)),
          handler_(std::move(handler)) {
        executor_type const executor =
            boost::asio::get_associated_executor(handler_, state_->executor());
        // A process keeps its context running as long as it lives.
        if constexpr (std::is_same_v<executor_type, boost::asio::any_io_executor>)
            if (state_->resumes_on(executor))
                return;
        // Memory first: a context whose work is counted up and down in vain may stop.
        work_ = std::make_unique<std::optional<work_type>>();
        work_->emplace(track_work(executor));
    }

    static pointer make(boost::intrusive_ptr<shutdown_signal> state, Handler&& handler) {
        allocator_type allocator(boost::asio::get_associated_allocator(handler));
        auto release = [&](shutdown_wait* p) { allocator_traits::deallocate(allocator, p, 1); };
        std::unique_ptr<shutdown_wait, decltype(release)> memory(
            allocator_traits::allocate(allocator, 1), release);
        pointer wait(::new (static_cast<void*>(memory.get()))
                         shutdown_wait(std::move(state), std::move(handler)));
        (void)memory.release();
        return wait;
    }

    // `handler` is this one's, or where that was moved to.
    void free(Handler const& handler) noexcept {
        allocator_type allocator(boost::asio::get_associated_allocator(handler));
        this->~shutdown_wait();
        allocator_traits::deallocate(allocator, this, 1);
    }

    struct completion {
        using allocator_type = handler_allocator;
        allocator_type get_allocator() const noexcept {
            return boost::asio::get_associated_allocator(wait->handler_);
        }

        void operator()() {
            wait->link_.disconnect();
            Handler handler(std::move(wait->handler_));
            wait.release()->free(handler);
            std::move(handler)(code);
        }

        pointer wait;
        boost::system::error_code code;
    };

    static void post(pointer wait, boost::system::error_code code) noexcept {
        if (wait->work_ == nullptr) {
            wait->code_ = code;
            shutdown_wait& raw = *wait.release();
            raw.state_->resume(raw);
            return;
        }
        auto const work = std::move(wait->work_);
        post_surely(**work, completion{std::move(wait), code});
    }

    static void finish(shutdown_waiter& waiter, fate what) {
        pointer wait(&static_cast<shutdown_wait&>(waiter));
        if (what == fate::complete)
            post(std::move(wait), {});
        else if (what == fate::run)
            completion{std::move(wait), static_cast<shutdown_wait&>(waiter).code_}();
    }

    void cancel(boost::asio::cancellation_type type) {
        using boost::asio::cancellation_type;
        if ((type & (cancellation_type::terminal | cancellation_type::partial |
                     cancellation_type::total)) == cancellation_type::none)
            return;
        if (state_->remove(*this))
            post(pointer(this), boost::asio::error::operation_aborted);
    }

    boost::intrusive_ptr<shutdown_signal> state_;
    /// Null if the signal resumes it.
    std::unique_ptr<std::optional<work_type>> work_;
    boost::system::error_code code_;
    cancellation_link<shutdown_wait> link_;
    Handler handler_;
};

/// What `async_initiate` calls.
class initiate_shutdown_wait {
public:
    using executor_type = boost::asio::any_io_executor;

    explicit initiate_shutdown_wait(boost::intrusive_ptr<shutdown_signal> state) noexcept
        : state_(std::move(state)) {}

    executor_type get_executor() const noexcept { return state_->executor(); }

    template <class Handler>
    void operator()(Handler&& handler) const {
        // The coroutine that owns *this may be gone before start() returns.
        shutdown_wait<std::decay_t<Handler>>::start(boost::intrusive_ptr(state_),
                                                    std::forward<Handler>(handler));
    }

private:
    boost::intrusive_ptr<shutdown_signal> state_;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_SHUTDOWN_WAIT_HPP
