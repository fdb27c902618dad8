// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/testing/trial.hpp>

#include "../text.hpp"
#include "invariants.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <optional>
#include <utility>

namespace arborist::inline v0::testing {

namespace asio = boost::asio;

struct trial::state {
    state(simulation& w, supervisor const& tree)
        : world(w), requests(tree.handle()),
          checks([this](std::string const& what) { complain(what); }) {}

    void note(std::string& where, std::string const& what) const {
        where += text::of(world.elapsed()) + "  " + what + '\n';
    }

    void complain(std::string const& what) {
        note(violations, what);
        note(log, "VIOLATED: " + what);
    }

    void take(event const& what) {
        if (!watched)
            return;
        note(log, what.message());
        checks.take(what, world.elapsed());
    }

    void look() {
        if (!watched)
            return;
        if (!ended && !world.has_work() && !std::exchange(starved, true))
            complain(root + ": runs, and its execution context does not");
        checks.compare(requests.snapshot(), world.elapsed());
        if (ended && !world.has_work() && !std::exchange(over, true))
            checks.expect_nothing_left();
    }

    simulation& world;
    supervisor_handle requests;
    std::string root;
    std::string log;
    std::string violations;
    detail::invariants checks;
    asio::cancellation_signal cancel;
    std::optional<run_result> ended;
    bool watched = true;
    bool starved = false;
    bool over = false;
};

trial::trial(simulation& world, supervisor tree) : state_(std::make_shared<state>(world, tree)) {
    state_->root = state_->requests.snapshot().nodes.front().full_name;
    tree.observe([state = state_](event const& what) { state->take(what); });
    world.after_each_step([state = state_] { state->look(); });
    tree.async_run(
        world.get_executor(),
        asio::bind_cancellation_slot(state_->cancel.slot(), [state = state_](run_result result) {
            state->ended = std::move(result);
        }));
}

trial::~trial() {
    state_->watched = false;
}

supervisor_handle trial::handle() const {
    return state_->requests;
}

bool trial::is_ready() const {
    snapshot const shown = state_->requests.snapshot();
    auto const& root = shown.nodes.front();
    return root.supervisor && root.supervisor->state == supervisor_state::ready;
}

bool trial::has_ended() const noexcept {
    return state_->ended.has_value();
}

run_result const& trial::result() const {
    return *state_->ended;
}

void trial::stop() {
    state_->cancel.emit(asio::cancellation_type::partial);
}

void trial::abort() {
    state_->checks.expect_abort();
    state_->cancel.emit(asio::cancellation_type::terminal);
}

std::string const& trial::log() const noexcept {
    return state_->log;
}

std::string const& trial::violations() const noexcept {
    return state_->violations;
}

} // namespace arborist::inline v0::testing
