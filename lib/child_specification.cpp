// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/child_specification.hpp>

#include <chrono>

namespace arborist::inline v0 {

namespace {

// A member that is given is one that differs from the default.
child_options merge(child_options given, child_options const& more) {
    child_options const defaults;
    auto const take = [&](auto member) {
        if (more.*member != defaults.*member)
            given.*member = more.*member;
    };
    take(&child_options::backoff);
    take(&child_options::intensity);
    take(&child_options::start_timeout);
    take(&child_options::failed_initialization);
    take(&child_options::significant);
    take(&child_options::restart_beside_abandoned);
    take(&child_options::executor);
    if (more.decide)
        given.decide = more.decide;
    return given;
}

bool says_more_than_type_and_strategy(child_options const& it) {
    child_options const defaults;
    return it.backoff != defaults.backoff || it.intensity != defaults.intensity ||
           it.start_timeout != defaults.start_timeout ||
           it.failed_initialization != defaults.failed_initialization || it.significant ||
           it.restart_beside_abandoned || it.decide || it.executor;
}

} // namespace

child_specification::child_specification(std::string name, child_options const& options,
                                         std::shared_ptr<detail::child_model> model)
    : name_(std::move(name)), restart_(options.restart),
      shutdown_(options.shutdown.value_or(
          model->is_supervisor() ? infinite : graceful(std::chrono::seconds(5)))),
      model_(std::move(model)) {
    if (says_more_than_type_and_strategy(options))
        options_ = std::make_shared<child_options const>(options);
}

child_specification child_specification::with(child_options const& options) && {
    restart_ = options.restart.has_value() ? options.restart : restart_;
    shutdown_ = options.shutdown.value_or(shutdown_);
    if (says_more_than_type_and_strategy(options))
        options_ = std::make_shared<child_options const>(merge(this->options(), options));
    return std::move(*this);
}

std::string const& child_specification::name() const noexcept {
    return name_;
}

restart_type child_specification::restart() const noexcept {
    return restart_.value_or(permanent);
}

bool child_specification::has_restart() const noexcept {
    return restart_.has_value();
}

shutdown_strategy const& child_specification::shutdown() const noexcept {
    return shutdown_;
}

child_options const& child_specification::options() const noexcept {
    static child_options const defaults;
    return options_ != nullptr ? *options_ : defaults;
}

detail::child_model& child_specification::model() const noexcept {
    return *model_;
}

} // namespace arborist::inline v0
