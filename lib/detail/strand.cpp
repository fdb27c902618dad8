// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/hand_over.hpp>
#include <arborist/detail/strand.hpp>

#include <boost/asio/require.hpp>
#include <boost/assert.hpp>

namespace arborist::inline v0::detail {

namespace asio = boost::asio;

// The strands that this thread is in.
struct strand_queue::frame {
    explicit frame(strand_queue const& q) noexcept
        : queue(q), outer(std::exchange(innermost(), this)) {}
    frame(frame const&) = delete;
    frame& operator=(frame const&) = delete;
    ~frame() { innermost() = outer; }

    strand_queue const& queue;
    frame* outer;
};

strand_queue::frame*& strand_queue::innermost() noexcept {
    static constinit thread_local frame* top = nullptr;
    return top;
}

// What is given to the inner executor, once at a time.
class strand_queue::runner {
public:
    explicit runner(strand_queue& queue) noexcept : queue_(&queue) {}
    runner(runner&&) noexcept = default;
    runner& operator=(runner&&) = delete;
    ~runner() {
        if (queue_ != nullptr)
            queue_->close();
    }

    void operator()() {
        auto const queue = std::move(queue_);
        queue->run();
    }

private:
    boost::intrusive_ptr<strand_queue> queue_;
};

strand_queue::strand_queue(asio::any_io_executor inner)
    : inner_(std::move(inner)), post_(asio::require(inner_, asio::execution::blocking.never)) {}

strand_queue::~strand_queue() {
    BOOST_ASSERT(ready_ == nullptr && first_ == nullptr); // what is queued holds a reference
}

void strand_queue::push(node* what, bool never_blocks) {
    {
        std::unique_lock lock(mutex_);
        if (closed_) {
            lock.unlock();
            what->take(what, false);
            return;
        }
        if (std::exchange(scheduled_, true)) {
            (first_ == nullptr ? first_ : last_->next) = what;
            last_ = what;
            return;
        }
        ready_ = what; // nobody runs
    }
    schedule(never_blocks ? post_ : inner_);
}

bool strand_queue::running_in_this_thread() const noexcept {
    for (frame const* each = innermost(); each != nullptr; each = each->outer)
        if (&each->queue == this)
            return true;
    return false;
}

void strand_queue::schedule(asio::any_io_executor const& where) {
    hand_over(runner(*this), [&where](auto what) { where.execute(std::move(what)); });
}

// What was ready when it was scheduled; what has come since has to wait for another turn, since
// others on the same context have a right to theirs.
void strand_queue::run() {
    struct leaving {
        strand_queue& queue;
        ~leaving() {
            {
                std::lock_guard lock(queue.mutex_);
                if (queue.ready_ == nullptr)
                    queue.ready_ = std::exchange(queue.first_, nullptr);
                queue.scheduled_ = queue.ready_ != nullptr;
                if (!queue.scheduled_)
                    return;
            }
            queue.schedule(queue.post_); // a function may have thrown
        }
    } const on_exit{*this};
    frame const inside(*this);

    while (node* const next = ready_) {
        ready_ = next->next;
        next->take(next, true);
    }
}

// The context goes, or the executor has dropped us.
void strand_queue::close() noexcept {
    node* waiting = nullptr;
    {
        std::lock_guard lock(mutex_);
        closed_ = true;
        waiting = std::exchange(first_, nullptr);
    }
    for (node* list : {std::exchange(ready_, nullptr), waiting})
        while (list != nullptr) {
            node* const dropped = std::exchange(list, list->next);
            dropped->take(dropped, false);
        }
}

} // namespace arborist::inline v0::detail
