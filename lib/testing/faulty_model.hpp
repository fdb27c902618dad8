// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_TESTING_FAULTY_MODEL_HPP
#define ARBORIST_LIB_TESTING_FAULTY_MODEL_HPP

#include <arborist/detail/child_model.hpp>
#include <arborist/testing/fault.hpp>

#include <memory>

namespace arborist::inline v0::testing::detail {

/// A model for one process, which does what `model` does until `what` goes wrong. The same model if
/// nothing is to, or if it is not that of a coroutine worker.
[[nodiscard]] std::shared_ptr<arborist::detail::child_model>
make_faulty(std::shared_ptr<arborist::detail::child_model> model, fault const& what);

} // namespace arborist::inline v0::testing::detail

#endif // ARBORIST_LIB_TESTING_FAULTY_MODEL_HPP
