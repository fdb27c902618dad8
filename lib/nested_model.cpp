// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "nested_model.hpp"

#include "declaration.hpp"
#include "name.hpp"
#include "remote_run.hpp"
#include "supervision.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/deferred.hpp>

#include <algorithm>
#include <utility>

namespace arborist::inline v0::detail {

namespace asio = boost::asio;

namespace {

class nested_model final : public child_model {
public:
    explicit nested_model(std::shared_ptr<declaration> what) : declaration_(std::move(what)) {
        duration const grace = declaration_->options.abort_grace;
        for (child_specification const& child : declaration_->children)
            deepest_grace_ = std::max(deepest_grace_, child.model().abort_grace(grace));
    }

    task_id start(join_set<void>& tasks, process_ptr self) override {
        auto executor = self->executor();
        bool const dedicated = has_threads_of_its_own() && self->owner().world() == nullptr;
        if (dedicated || self->owner().executor_for(self->child()) != self->owner().executor()) {
            auto run = std::make_shared<remote_run>(declaration_, self);
            self->owner().host(*self, run);
            return tasks.spawn(std::move(executor),
                               asio::async_initiate<asio::deferred_t const&, void()>(
                                   initiate_remote_run{}, asio::deferred, std::move(run)));
        }
        return tasks.spawn(
            std::move(executor),
            asio::async_initiate<asio::deferred_t const&, void()>(
                initiate_run_beside_parent{}, asio::deferred, declaration_, std::move(self)));
    }

    bool initializes() const noexcept override { return true; }
    bool has_threads_of_its_own() const noexcept override {
        return declaration_->options.runtime.has_value();
    }
    declaration* nested() const noexcept override { return declaration_.get(); }

    // Its own deepest branch comes first, so that it is never abandoned for waiting rightly.
    duration abort_grace(duration grace) const noexcept override {
        return deepest_grace_ >= duration::max() - grace ? duration::max() : deepest_grace_ + grace;
    }

private:
    struct initiate_run_beside_parent {
        template <class Handler>
        void operator()(Handler&& handler, std::shared_ptr<declaration> what,
                        process_ptr self) const {
            auto executor = asio::get_associated_executor(handler);
            auto slot = asio::get_associated_cancellation_slot(handler);
            auto finish = [self,
                           handler = std::forward<Handler>(handler)](run_result result) mutable {
                self->conclude(as_process_end(std::move(result)));
                std::move(handler)();
            };
            supervision const& parent = self->owner();
            run_place place = place_below(parent, *what, self);
            boost::intrusive_ptr run(new supervision(
                std::move(what), parent.executor(), std::move(place),
                run_handler(asio::bind_executor(
                    executor, asio::bind_cancellation_slot(slot, std::move(finish))))));
            run->start(make_stop_condition(process_shutdown(self).async_wait(asio::deferred)));
        }
    };

    struct initiate_remote_run {
        template <class Handler>
        void operator()(Handler&& handler, std::shared_ptr<remote_run> run) const {
            run->start(remote_run::handler_type(std::forward<Handler>(handler)));
        }
    };

    std::shared_ptr<declaration> declaration_;
    duration deepest_grace_{0};
};

} // namespace

std::shared_ptr<child_model> make_nested_model(std::shared_ptr<declaration> what) {
    return std::make_shared<nested_model>(std::move(what));
}

} // namespace arborist::inline v0::detail
