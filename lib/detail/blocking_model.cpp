// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/blocking_model.hpp>
#include <arborist/detail/cancellation_link.hpp>
#include <arborist/detail/post_to.hpp>

#include "../current_process.hpp"
#include "../process_host.hpp"
#include "../supervision.hpp"
#include "../thread.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/system/system_error.hpp>
#include <boost/thread/thread.hpp>

#include <exception>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>

namespace arborist::inline v0::detail {

namespace asio = boost::asio;

namespace {

process_end run_to_its_end(blocking_model& model, std::stop_token stop) {
    try {
        result<void> ended = model.run(std::move(stop));
        if (!ended)
            return exit_reason(exit_kind::terminated, std::move(ended).error());
        return exit_reason();
    } catch (boost::thread_interrupted const&) {
        return exit_reason(exit_kind::terminated,
                           cause(asio::error::make_error_code(asio::error::operation_aborted)));
    } catch (...) {
        return exit_reason(exit_kind::panicked, cause::current());
    }
}

/// The thread of one process. What is said to be its strand is that of the process.
class blocking_run final : public process_host, public std::enable_shared_from_this<blocking_run> {
public:
    using handler_type = asio::any_completion_handler<void()>;

    blocking_run(std::shared_ptr<blocking_model> model, process_ptr self)
        : model_(std::move(model)), self_(std::move(self)) {}

    // On the strand; completes there, never inline.
    void start(handler_type handler) {
        thread_options const& options = model_->options();
        std::string name = options.name.empty() ? self_->full_name() : options.name;
        asio::any_io_executor const strand = self_->executor();
        waiting_.emplace(asio::prefer(strand, asio::execution::outstanding_work.tracked),
                         std::move(handler));
        try {
            link_.connect(asio::get_associated_cancellation_slot(waiting_->handler), *this);
            std::lock_guard lock(mutex_);
            thread_ = thread::make(options, thread::name_of(name),
                                   [self = shared_from_this()] { self->work(); });
        } catch (std::exception const& error) {
            end_.emplace(std::in_place_type<initialization_error>, insist([&error] {
                             return cause(errc::runtime_unavailable,
                                          std::string("cannot make a thread: ") + error.what());
                         }));
            gone_.set_value();
            complete_on_strand();
        }
    }

    // Not abandoned: it is asked to stop, interrupted, and waited for.
    void context_destroyed(bool abandoned) noexcept override {
        bool started = false;
        {
            std::lock_guard lock(mutex_);
            started = thread_.joinable() || joined_;
            if (thread_.joinable() && !abandoned)
                thread_.interrupt();
        }
        if (started && !abandoned) {
            self_->request();
            gone_.get_future().wait();
        }
        link_.disconnect();
        std::optional<waiting> dropped;
        std::lock_guard lock(mutex_);
        dropped.swap(waiting_);
    }

private:
    friend class cancellation_link<blocking_run>;

    // What must not outlive the context.
    struct waiting {
        waiting(asio::any_io_executor e, handler_type h)
            : work(std::move(e)), handler(std::move(h)) {}

        asio::any_io_executor work;
        handler_type handler;
    };

    void cancel(asio::cancellation_type type) {
        if ((type & asio::cancellation_type::terminal) == asio::cancellation_type::none)
            return;
        std::lock_guard lock(mutex_);
        if (thread_.joinable())
            thread_.interrupt();
    }

    // In the thread.
    void work() {
        {
            process_scope const scope(*self_);
            end_.emplace(run_to_its_end(*model_, self_->stop_token()));
        }
        insist([this] { thread::call_in_reaper([self = shared_from_this()] { self->join(); }); });
    }

    void join() {
        boost::thread ended;
        {
            std::lock_guard lock(mutex_);
            ended.swap(thread_);
            joined_ = true;
        }
        ended.join();
        gone_.set_value();
        complete_on_strand();
    }

    void complete_on_strand() {
        std::lock_guard lock(mutex_);
        if (waiting_)
            post_surely(waiting_->work, [self = shared_from_this()] { self->complete(); });
    }

    void complete() {
        link_.disconnect();
        std::optional<waiting> done;
        {
            std::lock_guard lock(mutex_);
            done.swap(waiting_);
        }
        if (!done)
            return;
        self_->conclude(std::move(*end_));
        std::move(done->handler)();
    }

    std::shared_ptr<blocking_model> model_;
    process_ptr self_;
    cancellation_link<blocking_run> link_;
    std::optional<process_end> end_;
    std::promise<void> gone_;

    std::mutex mutex_;
    boost::thread thread_;
    bool joined_ = false;
    std::optional<waiting> waiting_;
};

struct initiate_blocking_run {
    template <class Handler>
    void operator()(Handler&& handler, std::shared_ptr<blocking_run> run) const {
        run->start(blocking_run::handler_type(std::forward<Handler>(handler)));
    }
};

} // namespace

blocking_model::blocking_model(thread_options options) : options_(std::move(options)) {}

blocking_model::~blocking_model() = default;

task_id blocking_model::start(join_set<void>& tasks, process_ptr self) {
    if (self->owner().world() != nullptr)
        throw boost::system::system_error(
            make_error_code(std::errc::not_supported),
            "a blocking worker has a thread, which cannot be simulated");
    auto executor = self->executor();
    auto model = std::static_pointer_cast<blocking_model>(shared_from_this());
    auto run = std::make_shared<blocking_run>(std::move(model), self);
    self->owner().host(*self, run);
    return tasks.spawn(std::move(executor),
                       asio::async_initiate<asio::deferred_t const&, void()>(
                           initiate_blocking_run{}, asio::deferred, std::move(run)));
}

bool blocking_model::initializes() const noexcept {
    return false;
}

bool blocking_model::has_threads_of_its_own() const noexcept {
    return true;
}

thread_options const& blocking_model::options() const noexcept {
    return options_;
}

} // namespace arborist::inline v0::detail
