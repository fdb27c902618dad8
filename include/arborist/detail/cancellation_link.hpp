// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_CANCELLATION_LINK_HPP
#define ARBORIST_DETAIL_CANCELLATION_LINK_HPP

#include <arborist/config.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>

namespace arborist::inline v0::detail {

/// Connects an operation with the cancellation slot of its handler; either may go first, and the
/// other then finds nothing. (Asio leaves handlers in slots after completion, and a slot must not
/// be touched from a destructor: its signal may be gone.)
///
/// A member of the operation, which has `void cancel(boost::asio::cancellation_type)`. Everything
/// here happens where the handler runs, as Asio requires of emissions.
template <class Operation>
class cancellation_link {
public:
    cancellation_link() noexcept = default;
    cancellation_link(cancellation_link const&) = delete;
    cancellation_link& operator=(cancellation_link const&) = delete;
    ~cancellation_link() { disconnect(); }

    void connect(boost::asio::cancellation_slot slot, Operation& operation) {
        if (slot.is_connected())
            far_end_ = &slot.template emplace<far_end>(this, &operation);
    }

    void disconnect() noexcept {
        if (far_end_ != nullptr)
            far_end_->link = nullptr;
        far_end_ = nullptr;
    }

private:
    struct far_end {
        far_end(cancellation_link* l, Operation* o) noexcept : link(l), operation(o) {}
        far_end(far_end const&) = delete;
        far_end& operator=(far_end const&) = delete;
        ~far_end() {
            if (link != nullptr)
                link->far_end_ = nullptr;
        }
        void operator()(boost::asio::cancellation_type type) {
            if (link != nullptr)
                operation->cancel(type); // may destroy *this
        }

        cancellation_link* link;
        Operation* operation;
    };

    far_end* far_end_ = nullptr;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_CANCELLATION_LINK_HPP
