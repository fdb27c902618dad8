// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// Runs the inputs in the directories and files that it is given, once each, with any compiler: what
// was found once stays found.

#include "fuzz/target.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(fs::path const& where) {
    if (!fs::is_directory(where))
        return {where};
    std::vector<fs::path> files;
    for (auto const& each : fs::directory_iterator(where))
        files.push_back(each.path());
    std::ranges::sort(files);
    return files;
}

} // namespace

int main(int argc, char** argv) {
    int count = 0;
    for (int i = 1; i < argc; ++i)
        for (fs::path const& each : files_in(argv[i])) {
            std::printf("%s\n", each.c_str()); // before it may end us
            std::fflush(stdout);
            std::ifstream file(each, std::ios::binary);
            fuzz::expect(file.is_open(), "it can be read");
            std::string const bytes(std::istreambuf_iterator<char>(file), {});
            fuzz::try_input(bytes);
            ++count;
        }
    fuzz::expect(count > 0, "there are inputs");
    std::printf("%d inputs\n", count);
}
