// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_BLOCKING_MODEL_HPP
#define ARBORIST_DETAIL_BLOCKING_MODEL_HPP

#include <arborist/config.hpp>
#include <arborist/detail/child_model.hpp>
#include <arborist/result.hpp>
#include <arborist/runtime.hpp>

#include <boost/outcome/success_failure.hpp>

#include <concepts>
#include <stop_token>
#include <type_traits>
#include <utility>

namespace arborist::inline v0::detail {

/// A worker that has a thread for itself (T7).
class ARBORIST_DECL blocking_model : public child_model {
public:
    explicit blocking_model(thread_options options);
    ~blocking_model() override;

    task_id start(join_set<void>& tasks, process_ptr self) final;
    [[nodiscard]] bool initializes() const noexcept final;
    [[nodiscard]] bool has_threads_of_its_own() const noexcept final;

    [[nodiscard]] thread_options const& options() const noexcept;

    /// Called in the thread, once for each process.
    virtual result<void> run(std::stop_token stop) = 0;

private:
    thread_options options_;
};

template <class Function>
decltype(auto) call_blocking(Function& function, std::stop_token stop) {
    if constexpr (std::invocable<Function&, std::stop_token>)
        return function(std::move(stop));
    else
        return function();
}

template <class Function>
using blocking_result =
    decltype(call_blocking(std::declval<Function&>(), std::declval<std::stop_token>()));

template <class Function>
concept blocking_function =
    (std::invocable<Function&, std::stop_token> ||
     std::invocable<Function&>)&&(std::is_void_v<blocking_result<Function>> ||
                                  std::convertible_to<blocking_result<Function>, result<void>>);

template <blocking_function Function>
class BOOST_SYMBOL_VISIBLE blocking_function_model final : public blocking_model {
public:
    blocking_function_model(Function function, thread_options options)
        : blocking_model(std::move(options)), function_(std::move(function)) {}

    result<void> run(std::stop_token stop) override {
        if constexpr (std::is_void_v<blocking_result<Function>>) {
            call_blocking(function_, std::move(stop));
            return boost::outcome_v2::success();
        } else {
            return call_blocking(function_, std::move(stop));
        }
    }

private:
    Function function_;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_BLOCKING_MODEL_HPP
