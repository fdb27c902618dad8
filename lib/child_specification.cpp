// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/child_specification.hpp>

#include "name.hpp"

#include <chrono>

namespace arborist::inline v0 {

child_specification::child_specification(std::string name, child_options const& options,
                                         std::shared_ptr<detail::child_model> model)
    : name_(std::move(name)), restart_(options.restart.value_or(permanent)),
      shutdown_(options.shutdown.value_or(
          model->is_supervisor() ? infinite : graceful(std::chrono::seconds(5)))),
      model_(std::move(model)) {
    name::validate(name_);
}

child_specification child_specification::with(child_options const& options) && {
    restart_ = options.restart.value_or(restart_);
    shutdown_ = options.shutdown.value_or(shutdown_);
    return std::move(*this);
}

std::string const& child_specification::name() const noexcept {
    return name_;
}

restart_type child_specification::restart() const noexcept {
    return restart_;
}

shutdown_strategy const& child_specification::shutdown() const noexcept {
    return shutdown_;
}

detail::child_model& child_specification::model() const noexcept {
    return *model_;
}

} // namespace arborist::inline v0
