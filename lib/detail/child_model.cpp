// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/child_model.hpp>
#include <arborist/join_set.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace arborist::inline v0::detail {

namespace asio = boost::asio;

namespace {

process_end panicked(boost::system::error_code code = {}) {
    return exit_reason(exit_kind::panicked, cause(std::current_exception(), code));
}

process_end not_initialized(boost::system::error_code code = {}) {
    return initialization_error(cause(std::current_exception(), code));
}

// The model is a parameter of the coroutine, and so outlives everything that runs in it. An
// exception is caught where its type is at hand: to throw it again costs a microsecond.
template <class Model>
asio::awaitable<void> live(std::shared_ptr<Model> model, process_ptr self) {
    using run_type = typename Model::run_type;
    std::optional<asio::awaitable<run_type>> run;
    if constexpr (std::is_base_of_v<initializing_model<run_type>, Model>) {
        try {
            auto initializing = model->initialize(process_shutdown(self));
            auto initialized = co_await std::move(initializing);
            if (!initialized) {
                self->conclude(std::move(initialized).error());
                co_return;
            }
            run.emplace(std::move(initialized).value());
        } catch (boost::system::system_error const& error) {
            self->conclude(not_initialized(error.code()));
            co_return;
        } catch (...) {
            self->conclude(not_initialized());
            co_return;
        }
        self->report_ready();
    }
    try {
        if constexpr (std::is_base_of_v<run_model<run_type>, Model>)
            run.emplace(model->run(process_shutdown(self)));
        if constexpr (std::is_void_v<run_type>) {
            co_await std::move(*run);
        } else {
            auto ended = co_await std::move(*run);
            if (!ended)
                self->conclude(exit_reason(exit_kind::terminated, std::move(ended).error()));
        }
    } catch (boost::system::system_error const& error) {
        self->conclude(panicked(error.code()));
    } catch (...) {
        self->conclude(panicked());
    }
}

template <class Model>
task_id start_live(Model& model, join_set<void>& tasks, process_ptr self) {
    auto executor = self->executor();
    return tasks.spawn(
        std::move(executor),
        live(std::static_pointer_cast<Model>(model.shared_from_this()), std::move(self)));
}

} // namespace

template <class Run>
task_id run_model<Run>::start(join_set<void>& tasks, process_ptr self) {
    return start_live(*this, tasks, std::move(self));
}

template <class Run>
task_id initializing_model<Run>::start(join_set<void>& tasks, process_ptr self) {
    return start_live(*this, tasks, std::move(self));
}

template class ARBORIST_DECL run_model<void>;
template class ARBORIST_DECL run_model<result<void>>;
template class ARBORIST_DECL initializing_model<void>;
template class ARBORIST_DECL initializing_model<result<void>>;

} // namespace arborist::inline v0::detail
