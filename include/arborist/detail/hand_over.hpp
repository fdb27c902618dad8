// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_HAND_OVER_HPP
#define ARBORIST_DETAIL_HAND_OVER_HPP

#include <arborist/config.hpp>
#include <arborist/detail/memory_reserve.hpp>

#include <boost/asio/associated_allocator.hpp>

#include <new>
#include <optional>
#include <utility>

namespace arborist::inline v0::detail {

/// Where the function comes from that this thread is about to hand over; null if there is none.
[[nodiscard]] ARBORIST_DECL void const*& handing_over() noexcept;

/// A function on its way to an executor. If it is destroyed before it has arrived, it goes back to
/// where it came from: executors destroy what they cannot make room for.
template <class Function>
class returning {
public:
    using allocator_type = boost::asio::associated_allocator_t<Function>;

    explicit returning(std::optional<Function>& home) : function_(std::move(*home)), home_(&home) {
        home.reset();
    }
    returning(returning&& other) noexcept
        : function_(std::move(other.function_)), home_(std::exchange(other.home_, nullptr)) {}
    returning& operator=(returning&&) = delete;
    ~returning() {
        if (home_ != nullptr && handing_over() == home_) // else it had arrived
            home_->emplace(std::move(function_));
    }

    [[nodiscard]] allocator_type get_allocator() const noexcept {
        return boost::asio::get_associated_allocator(function_);
    }

    void operator()() {
        home_ = nullptr;
        std::move(function_)();
    }

private:
    Function function_;
    std::optional<Function>* home_;
};

/// Calls `submit`, which gives its argument to an executor, with what is in `home`. If there is no
/// memory for that, it is there again when this throws. What the function itself throws, if it runs
/// within, is passed on.
template <class Function, class Submit>
void try_hand_over(std::optional<Function>& home, Submit const& submit) {
    struct scope {
        explicit scope(void const* home) noexcept : before(std::exchange(handing_over(), home)) {}
        scope(scope const&) = delete;
        scope& operator=(scope const&) = delete;
        ~scope() { handing_over() = before; }
        void const* before;
    } const trying(&home);
    submit(returning<Function>(home));
}

/// The same again and again, until there is memory for it (M3).
template <class Function, class Submit>
void hand_over(Function function, Submit const& submit) {
    std::optional<Function> home(std::move(function));
    for (;;) {
        try {
            try_hand_over(home, submit);
            return;
        } catch (std::bad_alloc const&) {
            if (!home)
                throw;
            memory_reserve::give_back();
        }
    }
}

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_HAND_OVER_HPP
