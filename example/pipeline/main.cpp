// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// Compresses the files of a directory tree and verifies the result. The tree, as it starts:
//
//     pipeline                one_for_one; ends when compressing has completed
//     ├─ reporter             shows how far it is
//     ├─ watchdog             restarts who does not get on
//     ├─ reading              on a thread of its own
//     │  ├─ scanner           lists the input: an initialisation, and nothing more
//     │  ├─ reader-1          blocks: has a thread for itself
//     │  └─ ...
//     └─ compressing          on --threads threads of its own; ends when all below have completed
//        ├─ compressor-1      a coroutine
//        └─ ...
//
// Why two runtimes: reporter, watchdog and the signals share the thread of main, which nobody is to
// keep from them. Compressors keep as many threads busy as there are, and readers wait for disks.
//
// No file is lost or done half, whoever dies when. The usual way to see to that is a lease: who
// takes a file out of the list holds an object, whose destructor puts it back. It would do; but
// then the truth about a file is spread over the stacks of all workers, whoever hands it on must
// not drop it, and nobody can see who has it.
//
// Here nobody takes anything. The list (worklist.hpp) says of each file what *has been* done: it is
// unread, loaded or done, and moves on in one step at the end of the work. Who is at it says so in
// the dataspace (claim.hpp), where one key has one owner and what a process asserted goes with it:
// by returning, by an exception, by an abort alike, and not before it has really ended, so that no
// two ever write the same file. There is nothing to be given back, and no code for it that could be
// wrong. A file whose process died is simply free; contents that were loaded are still loaded. And
// the claims can be looked at: the reporter shows them, and to the watchdog a claim that is not
// renewed is a process that hangs.
//
// The dataspace says whose turn it is, but does not let anybody wait for his turn. So who finds all
// files claimed waits for the list to change; and an observer of the tree, which hears of every
// exit after the claims of that process are gone, has all of them look again.
//
// What must not go with a process is not in the dataspace but in the list: contents, results,
// counts. How much is loaded is bounded, so that slow compressors hold up the readers.
//
// To see that all of this is so: --chaos, and --log warning.

#include <arborist/arborist.hpp>

#include "chaos.hpp"
#include "options.hpp"
#include "summary.hpp"
#include "tree.hpp"
#include "verify.hpp"
#include "worklist.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace pipeline {
namespace {

// Refusals and differences are said one by one; what is wrong with a whole disk, only in part.
void print(std::vector<std::string> const& sentences) {
    static constexpr std::size_t most = 20;
    for (std::size_t n = 0; n != std::min(sentences.size(), most); ++n)
        std::cerr << "pipeline: " << sentences[n] << '\n';
    if (sentences.size() > most)
        std::cerr << "pipeline: and " << sentences.size() - most << " more\n";
}

std::vector<std::string> sentences(std::vector<refused_file> const& refused) {
    std::vector<std::string> all;
    for (refused_file const& each : refused)
        all.push_back(each.why.message());
    return all;
}

int run(options const& chosen) {
    arborist::log::disable();
    if (chosen.log) {
        arborist::log::to_console();
        arborist::log::enable(*chosen.log);
    }
    if (chosen.chaos_seed)
        std::cerr << "pipeline: chaos with --seed " << *chosen.chaos_seed << '\n';
    shared const all{.trouble = std::make_shared<chaos>(chosen.chaos_seed)};
    arborist::supervisor root = make_tree(chosen, all);

    auto const began = std::chrono::steady_clock::now();
    int const code = arborist::run(root); // which says what went wrong
    auto const took = std::chrono::steady_clock::now() - began;
    if (code == 69)
        return code; // and it did not even begin
    std::cout << to_line(all.work->so_far(), *all.restarts, took) << '\n' << *all.used;
    if (code != 0)
        return code;
    if (!all.work->finished()) {
        std::cerr << "pipeline: stopped before all was done\n";
        return 75; // EX_TEMPFAIL: try again
    }
    // From here on a signal ends the program at once, which harms nothing: all is in place.
    print(sentences(all.work->refusals()));
    auto const wrong = verify(chosen.input, chosen.output);
    print(wrong);
    std::cout << (wrong.empty() ? "verified" : "NOT verified") << '\n';
    return wrong.empty() ? 0 : 65; // EX_DATAERR
}

} // namespace
} // namespace pipeline

int main(int argc, char** argv) try {
    auto const chosen = pipeline::parse_options(argc, argv);
    if (!chosen.information.empty()) {
        std::cout << chosen.information;
        return 0;
    }
    return pipeline::run(chosen);
} catch (pipeline::usage_error const& error) {
    std::cerr << "pipeline: " << error.what() << '\n';
    return 64; // EX_USAGE
} catch (std::exception const& error) {
    std::cerr << "pipeline: " << error.what() << '\n';
    return 71; // EX_OSERR
}
