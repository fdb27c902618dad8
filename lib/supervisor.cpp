// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/supervisor.hpp>

#include "declaration.hpp"
#include "log_observer.hpp"
#include "name.hpp"
#include "supervision.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace arborist::inline v0 {

namespace asio = boost::asio;

namespace detail {
namespace {

// What the run of a nested supervisor is for its parent (E5, E6).
process_end as_process(run_result&& result) {
    if (result)
        return exit_reason();
    supervisor_error& error = result.error();
    if (error.code() == errc::failed_to_initialize)
        return initialization_error::below(error.path(), error.exit().why(), error.also());
    return exit_reason(exit_kind::terminated, cause(std::move(error)));
}

class nested_model final : public child_model {
public:
    explicit nested_model(std::shared_ptr<declaration> what) : declaration_(std::move(what)) {
        duration const grace = declaration_->options.abort_grace;
        for (child_specification const& child : declaration_->children)
            deepest_grace_ = std::max(deepest_grace_, child.model().abort_grace(grace));
    }

    task_id start(join_set<process_end>& tasks, process_ptr self) override {
        auto executor = self->executor();
        return tasks.spawn(
            std::move(executor),
            asio::async_initiate<asio::deferred_t const&, void(process_end)>(
                initiate_nested_run{}, asio::deferred, declaration_, std::move(self)));
    }

    bool initializes() const noexcept override { return true; }
    declaration* nested() const noexcept override { return declaration_.get(); }

    // Its own deepest branch comes first, so that it is never abandoned for waiting rightly.
    duration abort_grace(duration grace) const noexcept override {
        return deepest_grace_ >= duration::max() - grace ? duration::max() : deepest_grace_ + grace;
    }

private:
    struct initiate_nested_run {
        template <class Handler>
        void operator()(Handler&& handler, std::shared_ptr<declaration> what,
                        process_ptr self) const {
            supervision const& parent = self->owner();
            observers watching = parent.watching();
            watching.insert(watching.end(), what->observers.begin(), what->observers.end());
            run_place place{name::below(parent.name(), what->name), self, std::move(watching)};

            auto executor = asio::get_associated_executor(handler);
            auto slot = asio::get_associated_cancellation_slot(handler);
            auto finish = [handler = std::forward<Handler>(handler)](run_result result) mutable {
                std::move(handler)(as_process(std::move(result)));
            };
            boost::intrusive_ptr run(new supervision(
                std::move(what), parent.executor(), std::move(place),
                run_handler(asio::bind_executor(
                    executor, asio::bind_cancellation_slot(slot, std::move(finish))))));
            run->start(make_stop_condition(process_shutdown(self).async_wait(asio::deferred)));
        }
    };

    std::shared_ptr<declaration> declaration_;
    duration deepest_grace_{0};
};

} // namespace

void start_run(std::shared_ptr<declaration> what, asio::any_io_executor executor,
               stop_condition until, run_handler handler) {
    if (what->running.exchange(true))
        throw boost::system::system_error(errc::already_running,
                                          "supervisor '" + what->name + '\'');
    try {
        observers watching{log_observer()};
        watching.insert(watching.end(), what->observers.begin(), what->observers.end());
        run_place place{name::sanitize(what->name), nullptr, std::move(watching)};
        boost::intrusive_ptr run(
            new supervision(what, std::move(executor), std::move(place), std::move(handler)));
        run->start(std::move(until));
    } catch (...) {
        what->running = false;
        throw;
    }
}

} // namespace detail

supervisor::supervisor(std::string name, supervisor_options options) {
    if (auto const why = detail::refusal(name, options))
        why->rethrow();
    declaration_ = std::make_shared<detail::declaration>(std::move(name), std::move(options));
}

supervisor::supervisor(supervisor&&) noexcept = default;
supervisor& supervisor::operator=(supervisor&&) noexcept = default;
supervisor::~supervisor() = default;

std::string const& supervisor::name() const noexcept {
    return declaration_->name;
}

supervisor_options const& supervisor::options() const noexcept {
    return declaration_->options;
}

supervisor& supervisor::add(child_specification child, child_options const& options) {
    refuse_if_running();
    child = std::move(child).with(options);
    if (auto const why = detail::refusal(child, false, *declaration_))
        why->rethrow();
    declaration_->children.push_back(std::move(child));
    declaration_->ids.push_back(detail::next_child_id());
    return *this;
}

supervisor_handle supervisor::handle() const {
    declaration_->requests->note_handle();
    return supervisor_handle(declaration_->requests);
}

supervisor& supervisor::observe(observer function) {
    refuse_if_running();
    declaration_->observers.push_back(std::make_shared<observer const>(std::move(function)));
    return *this;
}

void supervisor::refuse_if_running() const {
    if (declaration_->running)
        throw boost::system::system_error(errc::already_running, "supervisor '" + name() + '\'');
}

child_specification::child_specification(supervisor nested)
    : child_specification(nested.name(), {},
                          std::make_shared<detail::nested_model>(nested.declaration_)) {}

} // namespace arborist::inline v0
