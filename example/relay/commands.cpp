// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "commands.hpp"

#include "statistics.hpp"

#include <charconv>
#include <csignal>
#include <iterator>
#include <sstream>
#include <utility>

namespace relay {
namespace {

constexpr char const* help =
    "fail CHILD [exception|error]  make a child fail, and see it restarted\n"
    "cut [N]                       reset N relayed connections, by default 1\n"
    "stats                         connections, bytes, restarts\n"
    "quit                          stop the relay, as SIGTERM does\n"
    "help                          this";

} // namespace

commands::commands(std::shared_ptr<counters const> totals,
                   std::shared_ptr<restart_counts const> restarts,
                   std::shared_ptr<fault_triggers const> triggers,
                   std::shared_ptr<connections_inbox> connections)
    : totals_(std::move(totals)), restarts_(std::move(restarts)), triggers_(std::move(triggers)),
      connections_(std::move(connections)) {}

std::string commands::perform(std::string_view line) const {
    std::istringstream stream{std::string(line)};
    words arguments{std::istream_iterator<std::string>(stream), {}};
    if (arguments.empty())
        return "error: an empty line is no command; try 'help'";
    std::string const verb = std::move(arguments.front());
    arguments.erase(arguments.begin());

    if (verb == "fail")
        return fail(arguments);
    if (verb == "cut")
        return cut_connections(arguments);
    if (!arguments.empty())
        return "error: '" + verb + "' takes no argument, or is unknown; try 'help'";
    if (verb == "stats")
        return to_line(*totals_, *restarts_);
    if (verb == "help")
        return help;
    if (verb == "quit") {
        std::raise(SIGTERM); // the one way to stop, whoever asks for it
        return "ok: stopping";
    }
    return "error: unknown command '" + verb + "'; try 'help'";
}

std::string commands::fail(words const& arguments) const {
    if (arguments.empty() || arguments.size() > 2)
        return "error: usage: fail CHILD [exception|error]";
    std::string const& child = arguments.front();
    std::string const how = arguments.size() == 2 ? arguments.back() : "exception";
    if (how != "exception" && how != "error")
        return "error: a child fails by 'exception' or 'error', not by '" + how + "'";
    fault_trigger* const trigger = triggers_->find(child);
    if (trigger == nullptr)
        return "error: there is no child '" + child + "', but " + triggers_->children();
    if (!trigger->pull(how == "error" ? fault::error : fault::exception))
        return "error: '" + child + "' has yet to fail from the command before";
    return "ok: '" + child + "' fails by " + how;
}

std::string commands::cut_connections(words const& arguments) const {
    cut order;
    if (!arguments.empty()) {
        std::string const& text = arguments.front();
        char const* const end = text.data() + text.size();
        auto const parsed = std::from_chars(text.data(), end, order.count);
        if (arguments.size() > 1 || parsed.ec != std::errc() || parsed.ptr != end)
            return "error: usage: cut [N]";
    }
    if (!connections_->try_send(boost::system::error_code(), order))
        return "error: 'connections' is too busy to be told";
    return "ok: cutting " + std::to_string(order.count);
}

} // namespace relay
