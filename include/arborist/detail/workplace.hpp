// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_WORKPLACE_HPP
#define ARBORIST_DETAIL_WORKPLACE_HPP

#include <arborist/config.hpp>
#include <arborist/detail/hand_over.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/require.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <new>
#include <optional>
#include <utility>

namespace arborist::inline v0::detail {

/// An executor to which many functions are given. Those of Asio's own contexts are called as what
/// they are: through a polymorphic executor every function costs an allocation more. Thread-safe.
class ARBORIST_DECL workplace final : public boost::intrusive_ref_counter<workplace> {
public:
    explicit workplace(boost::asio::any_io_executor executor);

    [[nodiscard]] boost::asio::any_io_executor const& executor() const noexcept {
        return executor_;
    }

    /// Executes what is in `function`; within, only if `never_blocks` is false. If it throws for
    /// lack of memory, that is there still.
    template <class Function>
    void submit(std::optional<Function>& function, bool never_blocks) const {
        if (io_ != nullptr)
            execute(io_->get_executor(), *function, never_blocks);
        else if (pool_ != nullptr)
            execute(pool_->get_executor(), *function, never_blocks);
        else
            try_hand_over(function, [&](auto what) {
                (never_blocks ? posting_ : executor_).execute(std::move(what));
            });
    }

private:
    // Allocates before it moves.
    template <class Executor, class Function>
    static void execute(Executor const& executor, Function& function, bool never_blocks) {
        if (never_blocks)
            boost::asio::require(executor, boost::asio::execution::blocking.never)
                .execute(std::move(function));
        else
            executor.execute(std::move(function));
    }

    boost::asio::any_io_executor const executor_;
    boost::asio::any_io_executor const posting_;
    boost::asio::io_context* io_ = nullptr;
    boost::asio::thread_pool* pool_ = nullptr;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_WORKPLACE_HPP
