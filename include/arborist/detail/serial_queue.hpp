// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_SERIAL_QUEUE_HPP
#define ARBORIST_DETAIL_SERIAL_QUEUE_HPP

#include <arborist/config.hpp>
#include <arborist/detail/memory_reserve.hpp>
#include <arborist/detail/workplace.hpp>

#include <boost/asio/recycling_allocator.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <atomic>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace arborist::inline v0::detail {

/// Functions that run one at a time, in the order in which they were given: who has the *turn*
/// runs them. Lock-free.
///
/// It is either idle, or somebody has the turn, and the others wait in a list. Who comes when it is
/// idle takes the turn, and needs no place in the list.
class ARBORIST_DECL serial_queue {
public:
    struct node {
        /// Frees the node, and calls the function unless it is to be dropped.
        void (*take)(node*, bool call);
        node* next = nullptr;
    };

    serial_queue() = default;
    serial_queue(serial_queue const&) = delete;
    serial_queue& operator=(serial_queue const&) = delete;

    /// Whether the caller has the turn now. It runs one function, and then what is ready.
    [[nodiscard]] bool take_turn() noexcept;
    /// Whether the caller has the turn now, with this node ready. Owns the node.
    [[nodiscard]] bool push(node* what) noexcept;
    /// Runs what is ready. With the turn.
    void run_ready();
    /// Gives the turn back; false if it goes on, because of others who wait, and are ready now.
    [[nodiscard]] bool pass_turn() noexcept;
    /// Drops what is there, and what will come. With the turn.
    void close() noexcept;

    [[nodiscard]] bool running_in_this_thread() const noexcept;

    /// As long as it lives, this thread has the turn.
    class ARBORIST_DECL frame {
    public:
        explicit frame(serial_queue const& queue) noexcept;
        frame(frame const&) = delete;
        frame& operator=(frame const&) = delete;
        ~frame();

    private:
        friend class serial_queue;
        serial_queue const& queue_;
        frame* const outer_;
        frame*& innermost_;
    };

private:
    // In place of a list.
    static node idle_mark, busy_mark, closed_mark;

    /// Those that wait, the last first; or one of the marks.
    std::atomic<node*> waiting_{&idle_mark};
    /// Of who has the turn.
    node* ready_ = nullptr;
};

/// Given to the inner executor, once at a time, by who has the turn. `Function` is called first.
///
/// An `Owner` has `queue()`, `place()` and `call(function)`, and an intrusive reference count: who
/// has the turn refers to it, and so those who wait need not.
template <class Owner, class Function>
class serial_turn {
public:
    serial_turn(boost::intrusive_ptr<Owner> owner, Function&& function)
        : owner_(std::move(owner)), function_(std::move(function)) {}
    serial_turn(serial_turn&&) = default;
    serial_turn& operator=(serial_turn&&) = delete;
    // The context goes, or the executor has dropped us.
    ~serial_turn() {
        if (owner_ != nullptr)
            owner_->queue().close();
    }

    /// It could not be submitted.
    [[nodiscard]] boost::intrusive_ptr<Owner> revoke() noexcept { return std::move(owner_); }

    void operator()();

private:
    boost::intrusive_ptr<Owner> owner_;
    Function function_;
};

struct no_function {};

/// For what is ready, whatever that takes.
template <class Owner>
void submit_surely(boost::intrusive_ptr<Owner> owner, bool never_blocks) {
    using turn = serial_turn<Owner, no_function>;
    workplace const& place = owner->place();
    std::optional<turn> next(std::in_place, std::move(owner), no_function());
    for (;;) {
        try {
            place.submit(next, never_blocks);
            return;
        } catch (std::bad_alloc const&) {
            auto refused = next ? next->revoke() : nullptr;
            if (refused == nullptr)
                throw; // it has run
            memory_reserve::give_back();
            next.emplace(std::move(refused), no_function());
        }
    }
}

template <class Owner, class Function>
void serial_turn<Owner, Function>::operator()() {
    // What has come since has to wait for another turn: others on the same context have a right to
    // theirs. A function may throw.
    struct leaving {
        boost::intrusive_ptr<Owner> owner;
        ~leaving() {
            if (!owner->queue().pass_turn())
                submit_surely(std::move(owner), true);
        }
    } const here{std::move(owner_)};
    serial_queue::frame const inside(here.owner->queue());
    if constexpr (!std::is_same_v<Function, no_function>)
        here.owner->call(function_);
    else
        here.owner->queue().run_ready();
}

template <class Owner, class Function>
struct serial_node final : serial_queue::node {
    using allocator = boost::asio::recycling_allocator<serial_node>;

    template <class F>
    serial_node(Owner& its, F&& f)
        : node{&serial_node::take_this}, owner(its), function(std::forward<F>(f)) {}

    template <class F>
    static node* make(Owner& its, F&& f) {
        struct memory {
            serial_node* pointer = allocator().allocate(1);
            ~memory() {
                if (pointer != nullptr)
                    allocator().deallocate(pointer, 1);
            }
        } made;
        auto* const node =
            ::new (static_cast<void*>(made.pointer)) serial_node(its, std::forward<F>(f));
        made.pointer = nullptr;
        return node;
    }

    // As everywhere in Asio, the memory is free before the function is called.
    static void take_this(node* what, bool call) {
        auto* const self = static_cast<serial_node*>(what);
        Owner& owner = self->owner;
        Function function(std::move(self->function));
        self->~serial_node();
        allocator().deallocate(self, 1);
        if (call)
            owner.call(function);
    }

    Owner& owner;
    Function function;
};

/// Runs `function` when it is its turn. If it throws for lack of memory, nothing has happened. What
/// is accepted is run, whatever that takes; or dropped, if the context goes.
template <class Owner, class F>
void execute_serially(Owner& owner, F&& f, bool never_blocks) {
    using function = std::decay_t<F>;
    serial_queue& queue = owner.queue();
    if (!never_blocks && queue.running_in_this_thread()) {
        boost::intrusive_ptr<Owner> const kept(&owner); // the last reference may be in the function
        function here(std::forward<F>(f));
        owner.call(here);
    } else if (queue.take_turn()) {
        using turn = serial_turn<Owner, function>;
        boost::intrusive_ptr<workplace const> const place(&owner.place());
        std::optional<turn> mine(std::in_place, boost::intrusive_ptr<Owner>(&owner),
                                 function(std::forward<F>(f)));
        try {
            place->submit(mine, never_blocks);
        } catch (std::bad_alloc const&) {
            auto refused = mine ? mine->revoke() : nullptr;
            if (refused != nullptr && !queue.pass_turn())
                submit_surely(std::move(refused), true);
            throw;
        }
    } else if (queue.push(serial_node<Owner, function>::make(owner, std::forward<F>(f)))) {
        submit_surely(boost::intrusive_ptr<Owner>(&owner), never_blocks);
    }
}

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_SERIAL_QUEUE_HPP
