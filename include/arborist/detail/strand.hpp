// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_STRAND_HPP
#define ARBORIST_DETAIL_STRAND_HPP

#include <arborist/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/recycling_allocator.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <atomic>
#include <concepts>
#include <cstddef>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>

namespace arborist::inline v0::detail {

/// The functions of a strand, and who runs them: at most one thread at a time.
class ARBORIST_DECL strand_queue {
public:
    struct node {
        /// Frees the node, and calls the function unless it is to be dropped.
        void (*take)(node*, bool call);
        node* next = nullptr;
    };

    explicit strand_queue(boost::asio::any_io_executor inner);

    /// Owns the node from here on; it runs within only if `never_blocks` is false.
    void push(node* what, bool never_blocks);
    [[nodiscard]] bool running_in_this_thread() const noexcept;
    [[nodiscard]] boost::asio::any_io_executor const& inner() const noexcept { return inner_; }

    friend void intrusive_ptr_add_ref(strand_queue* queue) noexcept {
        queue->references_.fetch_add(1, std::memory_order_relaxed);
    }
    friend void intrusive_ptr_release(strand_queue* queue) noexcept {
        if (queue->references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
            delete queue;
    }

private:
    struct frame;
    class runner;

    ~strand_queue();

    void schedule(boost::asio::any_io_executor const& where);
    void run();
    void close() noexcept;
    [[nodiscard]] static frame*& innermost() noexcept;

    boost::asio::any_io_executor const inner_;
    boost::asio::any_io_executor const post_;
    std::atomic<std::size_t> references_{0};
    /// Of whoever runs.
    node* ready_ = nullptr;

    std::mutex mutex_;
    node* first_ = nullptr;
    node* last_ = nullptr;
    bool scheduled_ = false;
    bool closed_ = false;
};

/// Like `asio::strand<any_io_executor>`, for those that must live through a lack of memory (M3).
///
/// Asio's cannot: if it puts a function into its queue and then cannot schedule itself, it never
/// does again, and whoever waits hangs; it schedules itself again in a destructor; and making one
/// without memory uses what is not initialised. Here `execute` has no effect if it throws, and
/// what is in the queue is run, whatever that takes. When its context drops it, it drops what is in
/// its queue, and what comes later.
///
/// Small enough for `any_io_executor` to hold it without an allocation, since Asio copies executors
/// where nothing may throw. It tracks no work: who uses it keeps the context running.
class strand {
    using blocking = boost::asio::execution::blocking_t;

public:
    // A template, since `any_io_executor` is made of any executor, this one too.
    template <std::same_as<boost::asio::any_io_executor> Inner>
    explicit strand(Inner inner) : queue_(new strand_queue(std::move(inner))) {}

    strand(strand const&) noexcept = default;
    strand(strand&&) noexcept = default;
    strand& operator=(strand const&) noexcept = default;
    strand& operator=(strand&&) noexcept = default;
    ~strand() = default;

    [[nodiscard]] boost::asio::any_io_executor const& inner() const noexcept {
        return queue_->inner();
    }

    [[nodiscard]] boost::asio::execution_context&
    query(boost::asio::execution::context_t what) const {
        return boost::asio::query(inner(), what);
    }
    [[nodiscard]] blocking query(blocking /*what*/) const noexcept {
        return never_blocks_ ? blocking(blocking::never) : blocking(blocking::possibly);
    }
    [[nodiscard]] strand require(blocking::never_t /*what*/) const noexcept {
        return {queue_, true};
    }
    [[nodiscard]] strand require(blocking::possibly_t /*what*/) const noexcept {
        return {queue_, false};
    }

    template <class Function>
    void execute(Function&& function) const {
        if (!never_blocks_ && queue_->running_in_this_thread()) {
            std::decay_t<Function> here(std::forward<Function>(function));
            std::move(here)();
            return;
        }
        auto const queue = queue_; // whose last reference may be in the function
        queue->push(make_node(std::forward<Function>(function)), never_blocks_);
    }

    friend bool operator==(strand const& a, strand const& b) noexcept {
        return a.queue_ == b.queue_ && a.never_blocks_ == b.never_blocks_;
    }

private:
    strand(boost::intrusive_ptr<strand_queue> const& queue, bool never_blocks) noexcept
        : queue_(queue), never_blocks_(never_blocks) {}

    template <class Function>
    struct node_of final : strand_queue::node {
        template <class F>
        explicit node_of(F&& f)
            : strand_queue::node{&node_of::take_this}, function(std::forward<F>(f)) {}

        // As everywhere in Asio, the memory is free before the function is called.
        static void take_this(strand_queue::node* what, bool call) {
            auto* const self = static_cast<node_of*>(what);
            Function function(std::move(self->function));
            self->~node_of();
            allocator<Function>().deallocate(self, 1);
            if (call)
                std::move(function)();
        }

        Function function;
    };
    template <class Function>
    using allocator = boost::asio::recycling_allocator<node_of<Function>>;

    template <class F>
    static strand_queue::node* make_node(F&& function) {
        using type = std::decay_t<F>;
        struct memory {
            node_of<type>* pointer = allocator<type>().allocate(1);
            ~memory() {
                if (pointer != nullptr)
                    allocator<type>().deallocate(pointer, 1);
            }
        } made;
        auto* const node =
            ::new (static_cast<void*>(made.pointer)) node_of<type>(std::forward<F>(function));
        made.pointer = nullptr;
        return node;
    }

    boost::intrusive_ptr<strand_queue> queue_;
    bool never_blocks_ = false;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_STRAND_HPP
