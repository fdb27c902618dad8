// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "commands.hpp"

#include <arborist/json.hpp>

#include "statistics.hpp"

#include <boost/json/serialize.hpp>

#include <csignal>
#include <cstddef>
#include <iterator>
#include <optional>
#include <sstream>
#include <utility>

namespace relay {
namespace {

constexpr char const* help =
    "tree [--json]                what runs, and how it is\n"
    "stop NAME                    stop a child until it is restarted; a connection: for good\n"
    "restart NAME                 stop a child, if it runs, and start it again\n"
    "fail NAME [exception|error]  make a child fail, and see what its supervisor does\n"
    "stats                        connections, bytes, restarts\n"
    "quit                         stop the relay, as SIGTERM does\n"
    "help                         this\n"
    "A NAME is a path, such as traffic/listener, or its end, if there is only one such.";

std::string refusal(arborist::cause const& why) {
    return "error: " + why.message();
}

// From the root to the only child whose path is `name`, or ends with it.
std::optional<std::string> find_path(arborist::snapshot const& tree, std::string const& name) {
    std::string const end = '/' + name;
    std::vector<std::string> paths(tree.nodes.size());
    std::optional<std::string> found;
    for (std::size_t i = 1; i < tree.nodes.size(); ++i) {
        auto const& node = tree.nodes[i];
        paths[i] = node.parent == 0 ? node.name : paths[node.parent] + '/' + node.name;
        if (paths[i] == name)
            return name;
        if (!paths[i].ends_with(end))
            continue;
        if (found)
            return std::nullopt;
        found = paths[i];
    }
    return found;
}

// What is not found goes to the supervisor as it is, which has something to say of it.
std::string path_of(arborist::supervisor_handle const& root, std::string const& name) {
    return find_path(root.snapshot(), name).value_or(name);
}

} // namespace

commands::commands(arborist::supervisor_handle root, std::shared_ptr<counters const> totals,
                   std::shared_ptr<restart_counts const> restarts,
                   std::shared_ptr<faults const> faults)
    : root_(std::move(root)), totals_(std::move(totals)), restarts_(std::move(restarts)),
      faults_(std::move(faults)) {}

asio::awaitable<std::string> commands::perform(std::string_view line) const {
    std::istringstream stream{std::string(line)};
    words arguments{std::istream_iterator<std::string>(stream), {}};
    if (arguments.empty())
        co_return "error: an empty line is no command; try 'help'";
    std::string const verb = std::move(arguments.front());
    arguments.erase(arguments.begin());

    if (verb == "tree")
        co_return tree(arguments);
    if (verb == "stop")
        co_return co_await stop(arguments);
    if (verb == "restart")
        co_return co_await restart(arguments);
    if (verb == "fail")
        co_return co_await fail(arguments);
    if (!arguments.empty())
        co_return "error: '" + verb + "' takes no argument, or is unknown; try 'help'";
    if (verb == "stats")
        co_return to_line(*totals_, *restarts_);
    if (verb == "help")
        co_return help;
    if (verb == "quit") {
        std::raise(SIGTERM); // the one way to stop, whoever asks for it
        co_return "ok: stopping";
    }
    co_return "error: unknown command '" + verb + "'; try 'help'";
}

std::string commands::tree(words const& arguments) const {
    if (arguments.size() == 1 && arguments.front() == "--json")
        return boost::json::serialize(arborist::to_json(root_.snapshot()));
    if (!arguments.empty())
        return "error: usage: tree [--json]";
    std::ostringstream drawing;
    drawing << root_.snapshot();
    std::string text = std::move(drawing).str();
    text.pop_back(); // a newline
    return text;
}

asio::awaitable<std::string> commands::stop(words const& arguments) const {
    if (arguments.size() != 1)
        co_return "error: usage: stop NAME";
    std::string const path = path_of(root_, arguments.front());
    auto stopping = root_.async_stop(path);
    auto const stopped = co_await std::move(stopping);
    co_return stopped ? "ok: '" + path + "' is stopped" : refusal(stopped.error());
}

asio::awaitable<std::string> commands::restart(words const& arguments) const {
    if (arguments.size() != 1)
        co_return "error: usage: restart NAME";
    std::string const path = path_of(root_, arguments.front());
    auto restarting = root_.async_restart(path);
    auto const restarted = co_await std::move(restarting);
    co_return restarted ? "ok: '" + path + "' is restarted" : refusal(restarted.error());
}

asio::awaitable<std::string> commands::fail(words const& arguments) const {
    if (arguments.empty() || arguments.size() > 2)
        co_return "error: usage: fail NAME [exception|error]";
    std::string const how = arguments.size() == 2 ? arguments.back() : "exception";
    if (how != "exception" && how != "error")
        co_return "error: a child fails by 'exception' or 'error', not by '" + how + "'";
    auto const path = find_path(root_.snapshot(), arguments.front());
    if (!path)
        co_return "error: there is no child '" + arguments.front() + '\'';
    std::string const child = path->substr(path->rfind('/') + 1);
    auto injecting = faults_->inject(child, how == "error" ? fault::error : fault::exception);
    auto const injected = co_await std::move(injecting);
    co_return injected ? "ok: '" + *path + "' fails by " + how : refusal(injected.error());
}

} // namespace relay
