// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "tree.hpp"

#include "compressor.hpp"
#include "reader.hpp"
#include "reporter.hpp"
#include "scanner.hpp"
#include "watchdog.hpp"

#include <boost/system/errc.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

namespace pipeline {
namespace {

using namespace std::chrono_literals;

/// How failures are treated.
struct policy {
    /// Of the workers, for each of the two supervisors; and of these supervisors.
    arborist::restart_intensity workers;
    arborist::restart_intensity supervisors;
    /// Who has not renewed its claim for so long hangs.
    std::chrono::milliseconds patience;
    arborist::shutdown_strategy shutdown;
};

constexpr policy usual{.workers = {.restarts = 5, .period = 10s},
                       .supervisors = {.restarts = 1, .period = 60s},
                       .patience = 10s,
                       .shutdown = arborist::graceful(5s)};
// What fails on purpose fails often, and does not mean that there is no hope. So that a supervisor
// gives up now and then, which is to do no harm either, it has a limit. And what hangs on purpose
// does not deserve patience.
constexpr policy chaotic{.workers = {.restarts = 50, .period = 1s},
                         .supervisors = arborist::unlimited,
                         .patience = 300ms,
                         .shutdown = arborist::graceful(50ms)};

// A process that lived for some milliseconds has done something. One that fails at once,
// again and again, has to wait.
constexpr arborist::restart_backoff backoff{.first = 2ms, .most = 25ms, .healthy = 5ms};

// A restart makes no room on a disk. Nor does one at the level above.
arborist::exit_decision decide(arborist::exit_reason const& how) {
    namespace errc = boost::system::errc;
    auto const why = how.why().code();
    bool const hopeless = why == arborist::errc::escalated || why == errc::no_space_on_device ||
                          why == errc::read_only_file_system || why == errc::permission_denied ||
                          why == errc::no_such_file_or_directory || why == errc::file_exists ||
                          why == errc::not_a_directory || why == errc::is_a_directory ||
                          why == errc::filename_too_long;
    return hopeless ? arborist::exit_decision::escalate : arborist::exit_decision::restart;
}

arborist::supervisor make_reading(options const& chosen, policy const& how, shared const& all) {
    arborist::supervisor reading("reading", {.intensity = how.workers,
                                             .backoff = backoff,
                                             .start = arborist::sequential,
                                             .shutdown = arborist::concurrent,
                                             .runtime = arborist::dedicated{}});
    reading.add(scanner(chosen.input, chosen.output, all.work));
    for (std::size_t n = 1; n <= chosen.readers; ++n) {
        auto const name = "reader-" + std::to_string(n);
        reading.add(arborist::blocking_worker(
                        name, reader("reading/" + name, chosen.input, all.work, all.trouble)),
                    {.restart = arborist::transient, .shutdown = how.shutdown});
    }
    return reading;
}

arborist::supervisor make_compressing(options const& chosen, policy const& how, shared const& all) {
    arborist::supervisor compressing("compressing",
                                     {.intensity = how.workers,
                                      .backoff = backoff,
                                      .shutdown = arborist::concurrent,
                                      .auto_shutdown = arborist::all_significant,
                                      .runtime = arborist::dedicated{.threads = chosen.threads}});
    for (std::size_t n = 1; n <= chosen.threads; ++n) {
        auto const name = "compressor-" + std::to_string(n);
        compressing.add(arborist::worker(name, compressor("compressing/" + name, chosen.output,
                                                          chosen.level, all.work, all.trouble)),
                        {.restart = arborist::transient,
                         .shutdown = how.shutdown,
                         .significant = true,
                         .decide = decide});
    }
    return compressing;
}

} // namespace

arborist::supervisor make_tree(options const& chosen, shared const& all) {
    policy const& how = chosen.chaos_seed ? chaotic : usual;
    arborist::supervisor root("pipeline", {.intensity = how.supervisors,
                                           .start = arborist::sequential,
                                           .auto_shutdown = arborist::any_significant});
    root.observe([all](arborist::event const& what) {
        all.restarts->record(what);
        all.used->record(what);
        if (what.kind == arborist::event_kind::child_exited ||
            what.kind == arborist::event_kind::child_exited_late)
            all.work->look_again();
    });
    root.add(arborist::worker("reporter", [work = all.work](arborist::process_shutdown shutdown) {
        return report(work, std::move(shutdown));
    }));
    root.add(arborist::worker("watchdog", [tree = root.handle(), patience = how.patience](
                                              arborist::process_shutdown shutdown) {
        return watch(tree, patience, std::move(shutdown));
    }));
    root.add(make_reading(chosen, how, all));
    root.add(make_compressing(chosen, how, all),
             {.restart = arborist::transient, .significant = true, .decide = decide});
    return root;
}

} // namespace pipeline
