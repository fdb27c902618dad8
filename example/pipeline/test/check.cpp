// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// Runs the pipeline, whose path is the argument, on a small directory that it makes; and sees to it
// that what verifies the pipeline's work would notice if it were wrong.

#include "../verify.hpp"

#include <boost/core/lightweight_test.hpp>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <utility>

namespace {

namespace fs = std::filesystem;

class temporary_directory {
public:
    temporary_directory() {
        std::string name = (fs::temp_directory_path() / "arborist-pipeline-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("cannot make " + name);
        path_ = name;
    }
    temporary_directory(temporary_directory const&) = delete;
    temporary_directory& operator=(temporary_directory const&) = delete;
    ~temporary_directory() { fs::remove_all(path_); }

    [[nodiscard]] fs::path const& path() const noexcept { return path_; }

private:
    fs::path path_;
};

void write(fs::path const& path, std::string const& contents) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << contents;
}

std::string read(fs::path const& path) {
    std::ostringstream contents;
    contents << std::ifstream(path, std::ios::binary).rdbuf();
    return std::move(contents).str();
}

std::string noise(std::size_t size) {
    std::minstd_rand random;
    std::string text(size, '\0');
    for (char& each : text)
        each = static_cast<char>(random() >> 8);
    return text;
}

constexpr int many = 200;

// Sizes around those of the pieces in which files are read and compressed; names that want quoting.
std::size_t make_input(fs::path const& input) {
    for (int n = 0; n != many; ++n)
        write(input / "many" / std::to_string(n % 7) / (std::to_string(n) + ".txt"),
              "file " + std::to_string(n) + '\n');
    write(input / "empty", "");
    write(input / "one byte", "x");
    write(input / "already.gz", "not really");
    write(input / "d\u00fcrer/it's.txt", "quotes");
    write(input / "mebibyte", noise(1 << 20));
    write(input / "and one", noise((1 << 20) + 1));
    write(input / "zeros", std::string(5'000'000, '\0'));
    fs::create_symlink("zeros", input / "link");
    return many + 7;
}

struct ended {
    int code;
    std::string output;
};

class program {
public:
    program(std::string path, fs::path directory)
        : path_(std::move(path)), log_(std::move(directory) / "log") {}

    [[nodiscard]] ended operator()(std::string const& arguments) const {
        std::string const command =
            '\'' + path_ + "' " + arguments + " >'" + log_.string() + "' 2>&1";
        int const status = std::system(command.c_str());
        ended result{WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(log_)};
        std::cout << "pipeline " << arguments << "\n" << result.output;
        return result;
    }

private:
    std::string path_;
    fs::path log_;
};

bool says(ended const& what, std::string const& text) {
    return what.output.find(text) != std::string::npos;
}

std::string quoted(fs::path const& path) {
    return '\'' + path.string() + '\'';
}

void test_a_run(program const& pipeline, fs::path const& directory, std::size_t files) {
    auto const input = directory / "in";
    auto const output = directory / "out";
    auto const directories = quoted(input) + ' ' + quoted(output);
    auto const all = std::to_string(files) + " of " + std::to_string(files) + " files";

    auto const first = pipeline(directories);
    BOOST_TEST_EQ(first.code, 0);
    BOOST_TEST(says(first, all));
    BOOST_TEST(says(first, " 0 restarts"));
    BOOST_TEST(says(first, "\nverified\n"));
    BOOST_TEST(pipeline::verify(input, output).empty());

    // What is there already is replaced.
    write(output / "empty.gz", "from the day before yesterday");
    write(output / "zeros.gz.part", "of somebody who was killed");
    BOOST_TEST_EQ(pipeline("--threads 1 --readers 1 --level 1 " + directories).code, 0);
    BOOST_TEST(pipeline::verify(input, output).empty());
}

void test_chaos(program const& pipeline, fs::path const& directory, std::size_t files) {
    auto const input = directory / "in";
    auto const output = directory / "out-of-chaos";
    auto const chaotic = pipeline("--chaos --seed 1 --threads 3 --readers 3 " + quoted(input) +
                                  ' ' + quoted(output));
    BOOST_TEST_EQ(chaotic.code, 0);
    BOOST_TEST(says(chaotic, "chaos with --seed 1\n"));
    BOOST_TEST(says(chaotic, std::to_string(files) + " of "));
    BOOST_TEST(says(chaotic, "\nverified\n"));
    BOOST_TEST(!says(chaotic, " 0 restarts"));
    BOOST_TEST(!says(chaotic, " 0 take-overs"));
    BOOST_TEST(pipeline::verify(input, output).empty());
}

void test_an_empty_directory(program const& pipeline, fs::path const& directory) {
    fs::create_directory(directory / "nothing");
    auto const none =
        pipeline(quoted(directory / "nothing") + ' ' + quoted(directory / "nothing-out"));
    BOOST_TEST_EQ(none.code, 0);
    BOOST_TEST(says(none, "0 of 0 files"));
}

void test_what_cannot_be(program const& pipeline, fs::path const& directory) {
    auto const input = quoted(directory / "in");
    auto const output = quoted(directory / "elsewhere");

    auto const missing = pipeline(quoted(directory / "missing") + ' ' + output);
    BOOST_TEST_EQ(missing.code, 69);
    BOOST_TEST(says(missing, "cannot list " + quoted(directory / "missing") +
                                 ": No such file or directory"));

    auto const no_directory = pipeline(input + ' ' + quoted(directory / "log"));
    BOOST_TEST_EQ(no_directory.code, 69);
    BOOST_TEST(says(no_directory, quoted(directory / "log") + ": "));

    auto const within = pipeline(input + ' ' + quoted(directory / "in" / "many"));
    BOOST_TEST_EQ(within.code, 64);
    BOOST_TEST(says(within, "is within the input directory " + input));

    auto const one = pipeline(input);
    BOOST_TEST_EQ(one.code, 64);
    BOOST_TEST(says(one, "OUTPUT_DIRECTORY is missing"));

    auto const many_threads = pipeline("--threads many " + input + ' ' + output);
    BOOST_TEST_EQ(many_threads.code, 64);
    BOOST_TEST(says(many_threads, "--threads: 'many' is not a number from 1 to 256"));

    auto const seed = pipeline("--seed 7 " + input + ' ' + output);
    BOOST_TEST_EQ(seed.code, 64);
    BOOST_TEST(says(seed, "--seed means nothing without --chaos"));

    BOOST_TEST(!fs::exists(directory / "elsewhere"));
    BOOST_TEST_EQ(pipeline("--help").code, 0);
}

// Restarting does not help: it gives up at once, and says on what.
void test_an_obstacle(program const& pipeline, fs::path const& directory) {
    auto const output = directory / "obstructed";
    write(output / "many", "where a directory should be");
    auto const ended = pipeline(quoted(directory / "in") + ' ' + quoted(output));
    BOOST_TEST_EQ(ended.code, 70);
    BOOST_TEST(says(ended, "cannot make the directory '" + (output / "many").string()));
}

void test_that_verify_would_notice(fs::path const& directory) {
    auto const input = directory / "in";
    auto const output = directory / "out";
    auto const zeros = output / "zeros.gz";
    auto const right = read(zeros);
    auto const complaint = [&] {
        auto const wrong = pipeline::verify(input, output);
        BOOST_TEST_EQ(wrong.size(), 1U);
        return wrong.empty() ? std::string() : wrong.front();
    };

    fs::remove(zeros);
    BOOST_TEST_EQ(complaint(), quoted(zeros) + " is missing");
    write(zeros, "");
    BOOST_TEST_EQ(complaint(), quoted(zeros) + " is not compressed");
    write(zeros, right.substr(0, right.size() - 1));
    BOOST_TEST_NE(complaint().find(" is damaged: "), std::string::npos);
    write(zeros, read(output / "empty.gz"));
    BOOST_TEST_EQ(complaint(), quoted(zeros) + " differs from " + quoted(input / "zeros"));
    write(zeros, right);
    write(output / "zeros.gz.part", right);
    BOOST_TEST_EQ(complaint(), quoted(output / "zeros.gz.part") + " was left");
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2)
        throw std::invalid_argument("the argument is the pipeline");
    temporary_directory const directory;
    program const pipeline(argv[1], directory.path());
    auto const files = make_input(directory.path() / "in");

    test_a_run(pipeline, directory.path(), files);
    test_chaos(pipeline, directory.path(), files);
    test_an_empty_directory(pipeline, directory.path());
    test_what_cannot_be(pipeline, directory.path());
    test_an_obstacle(pipeline, directory.path());
    test_that_verify_would_notice(directory.path());
    return boost::report_errors();
}
