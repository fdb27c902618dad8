// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/supervisor.hpp>

#include "declaration.hpp"
#include "log_observer.hpp"
#include "name.hpp"
#include "nested_model.hpp"
#include "supervision.hpp"

#include <boost/system/system_error.hpp>

#include <string>
#include <utility>

namespace arborist::inline v0 {

namespace asio = boost::asio;

namespace detail {
void start_run(std::shared_ptr<declaration> what, asio::any_io_executor executor,
               stop_condition until, run_handler handler) {
    if (what->options.runtime)
        throw boost::system::system_error(
            errc::invalid_option,
            "supervisor '" + what->name +
                "': the root runs on the executor given to async_run; give that to it, or a "
                "dedicated runtime to a supervisor below it");
    if (what->running.exchange(true))
        throw boost::system::system_error(errc::already_running,
                                          "supervisor '" + what->name + '\'');
    try {
        observers watching{log_observer()};
        watching.insert(watching.end(), what->observers.begin(), what->observers.end());
        if (!what->data)
            what->data = dataspace();
        run_place place{.name = name::sanitize(what->name),
                        .watching = std::move(watching),
                        .data = what->data,
                        .world = simulator::of(executor)};
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
    declaration_->ids.push_back(detail::next_child_id());
    try {
        declaration_->children.push_back(std::move(child));
    } catch (...) {
        declaration_->ids.pop_back();
        throw;
    }
    return *this;
}

supervisor_handle supervisor::handle() const {
    declaration_->requests->note_handle();
    return supervisor_handle(declaration_->requests);
}

dataspace supervisor::dataspace() {
    declaration_->data_asked_for = true;
    if (!declaration_->data)
        declaration_->data = v0::dataspace();
    return declaration_->data;
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
    : child_specification(nested.name(), {}, detail::make_nested_model(nested.declaration_)) {}

} // namespace arborist::inline v0
