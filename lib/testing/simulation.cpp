// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/simulator.hpp>
#include <arborist/testing/simulation.hpp>

#include "faulty_model.hpp"
#include "timers.hpp"
#include "virtual_time.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

namespace arborist::inline v0::testing {

namespace asio = boost::asio;

namespace {

// As <random> has it, but the same with every standard library.
class chance {
public:
    explicit chance(std::uint64_t seed) : engine_(seed) {}

    std::uint64_t below(std::uint64_t end) { return engine_() % end; }
    double number() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
    bool happens(double probability) { return number() < probability; }
    duration within(duration most) {
        return duration(static_cast<duration::rep>(number() * static_cast<double>(most.count())));
    }

private:
    std::mt19937_64 engine_;
};

// All numbers are drawn, whatever happens, so that one chance changes nothing of the others.
fault draw(random_faults const& from, chance& random) {
    fault drawn;
    bool const slow = random.happens(from.slow_start);
    duration const slow_for = random.within(from.slow_for);
    bool const fails = random.happens(from.fails);
    bool const at_resumption = random.below(2) == 0;
    std::size_t const resumption = 1 + random.below(10);
    duration const after = random.within(from.fails_within);
    bool const lingers = random.happens(from.lingers);
    duration const lingers_for = random.within(from.lingers_for);
    if (slow)
        drawn.slow_start = slow_for;
    drawn.fails_to_initialize = random.happens(from.fails_to_initialize);
    drawn.hangs = random.happens(from.hangs);
    if (fails && at_resumption)
        drawn.fails_at_resumption = resumption;
    else if (fails)
        drawn.fails_after = after;
    drawn.by_value = random.below(2) == 0;
    drawn.out_of_memory = random.happens(from.out_of_memory) && fails;
    if (lingers)
        drawn.lingers = lingers_for;
    return drawn;
}

} // namespace

struct simulation::state final : arborist::detail::simulator {
    explicit state(std::uint64_t s)
        : seed(s), schedule(s), trouble(s ^ 0x9e37'79b9'7f4a'7c15),
          choices(s ^ 0xd1b5'4a32'd192'ed03) {
        attach_to(io);
        pending.emplace(io);
    }
    ~state() { pending.reset(); }

    double random() override { return trouble.number(); }

    std::shared_ptr<arborist::detail::child_model>
    replace(std::shared_ptr<arborist::detail::child_model> model, std::string name,
            std::uint32_t incarnation) override {
        if (!plan)
            return model;
        fault const what = plan({std::move(name), incarnation});
        return detail::make_faulty(std::move(model), what);
    }

    // What is destroyed may yet want to execute something.
    void context_destroyed() noexcept override {
        closed = true;
        while (!ready.empty()) {
            auto const gone = std::exchange(ready, {});
        }
    }

    bool is_ready() {
        std::lock_guard lock(mutex);
        return !ready.empty();
    }

    // Whether something happens until `limit`, to when time passes at the most.
    bool make_ready(detail::virtual_time::time_point limit) {
        while (true) {
            if (is_ready())
                return true;
            next = pending->fire();
            if (is_ready())
                return true;
            if (!next || limit - time.now < *next)
                return false;
            time.now += *next;
        }
    }

    std::unique_ptr<detail::task> take() {
        std::lock_guard lock(mutex);
        auto& chosen = ready[schedule.below(ready.size())];
        std::swap(chosen, ready.back());
        auto task = std::move(ready.back());
        ready.pop_back();
        return task;
    }

    void run_ready() {
        struct here {
            explicit here(std::atomic<std::thread::id>& w) : where(w) {
                where = std::this_thread::get_id();
            }
            ~here() { where = std::thread::id(); }
            std::atomic<std::thread::id>& where;
        };
        {
            here const scope(running);
            auto const task = take();
            ++steps;
            task->run();
        }
        for (auto const& each : watchers)
            each();
    }

    std::uint64_t seed;
    detail::virtual_time time;
    chance schedule;
    chance trouble;
    chance choices;
    fault_plan plan;
    std::vector<std::function<void()>> watchers;
    std::size_t steps = 0;
    std::optional<std::chrono::microseconds> next;

    // What other threads may come to.
    std::mutex mutex;
    std::vector<std::unique_ptr<detail::task>> ready;
    std::atomic<bool> closed{false};
    std::atomic<std::size_t> work{0};
    std::atomic<std::thread::id> running;

    asio::io_context io{1};
    std::optional<detail::timers> pending;
};

simulation::simulation(std::uint64_t seed) : state_(std::make_unique<state>(seed)) {}

simulation::~simulation() = default;

std::uint64_t simulation::seed() const noexcept {
    return state_->seed;
}

simulation::executor_type simulation::get_executor() noexcept {
    return {*this, false, false};
}

asio::execution_context& simulation::context() noexcept {
    return state_->io;
}

duration simulation::elapsed() const noexcept {
    return state_->time.now - detail::virtual_time::start;
}

std::size_t simulation::steps() const noexcept {
    return state_->steps;
}

bool simulation::has_work() const noexcept {
    return state_->work != 0 || state_->is_ready();
}

bool simulation::step() {
    if (!state_->make_ready(detail::virtual_time::time_point::max()))
        return false;
    state_->run_ready();
    return true;
}

void simulation::run_for(duration time) {
    auto const end = state_->time.now + time;
    while (state_->make_ready(end))
        state_->run_ready();
    state_->time.now = end;
}

bool simulation::run(duration limit) {
    auto const end = state_->time.now + limit;
    while (state_->make_ready(end))
        state_->run_ready();
    if (!state_->next)
        return true;
    state_->time.now = end;
    return false;
}

bool simulation::run_until_any(std::function<bool()> const& condition, duration limit) {
    auto const end = state_->time.now + limit;
    while (!condition()) {
        if (!state_->make_ready(end)) {
            state_->time.now = end;
            return false;
        }
        state_->run_ready();
    }
    return true;
}

void simulation::after_each_step(std::function<void()> function) {
    state_->watchers.push_back(std::move(function));
}

void simulation::inject(fault_plan plan) {
    state_->plan = std::move(plan);
}

void simulation::inject(random_faults const& faults) {
    state_->plan = [this, faults](process_start const&) { return draw(faults, state_->trouble); };
}

std::uint64_t simulation::below(std::uint64_t end) {
    return state_->choices.below(end);
}

double simulation::random() {
    return state_->choices.number();
}

// ---- the executor's

void simulation::execute(std::unique_ptr<detail::task> task) {
    if (state_->closed)
        return;
    std::lock_guard lock(state_->mutex);
    state_->ready.push_back(std::move(task));
}

bool simulation::runs_here() const noexcept {
    return state_->running == std::this_thread::get_id();
}

void simulation::work_started() noexcept {
    ++state_->work;
}

void simulation::work_finished() noexcept {
    --state_->work;
}

} // namespace arborist::inline v0::testing
