// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_BLOCKING_WORKER_HPP
#define ARBORIST_BLOCKING_WORKER_HPP

#include <arborist/child_specification.hpp>
#include <arborist/config.hpp>
#include <arborist/detail/blocking_model.hpp>
#include <arborist/runtime.hpp>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace arborist::inline v0 {

/// A worker that blocks: plain C++ on a thread of its own (T7).
///
/// `function` is called in a new `boost::thread` for each start, with a `std::stop_token` or with
/// nothing, and returns nothing or a `result<void>`; what it throws is the exit *panicked*. The
/// token is the shutdown signal. The abort is the thread's interruption: the next interruption
/// point of Boost.Thread (`boost::this_thread::sleep_for`, `boost::condition_variable`, ...) throws
/// `boost::thread_interrupted`, which is the exit *aborted* if the function lets it pass. A
/// function that heeds neither is abandoned (D9), and its thread with it.
///
/// The worker is ready as it starts; a thread that cannot be made is a failed initialisation. The
/// supervisor hears of the end when the thread is gone. When the context of the supervisor is
/// destroyed before, its destructor asks for the stop, interrupts, and waits for the thread.
///
/// What the function captures survives a restart. It is called again while a predecessor still runs
/// only if that was abandoned, in a group restart (D9).
template <class Function>
[[nodiscard]] child_specification blocking_worker(std::string name, Function&& function,
                                                  thread_options options = {}) {
    using function_type = std::decay_t<Function>;
    static_assert(detail::blocking_function<function_type>,
                  "arborist: the function of a blocking worker is called with a std::stop_token or "
                  "with nothing, and returns void or arborist::result<void>");
    return {std::move(name),
            {},
            std::make_shared<detail::blocking_function_model<function_type>>(
                std::forward<Function>(function), std::move(options))};
}

} // namespace arborist::inline v0

#endif // ARBORIST_BLOCKING_WORKER_HPP
