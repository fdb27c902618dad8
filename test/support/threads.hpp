// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_SUPPORT_THREADS_HPP
#define ARBORIST_TEST_SUPPORT_THREADS_HPP

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <pthread.h>
#include <sched.h>
#include <string>
#include <thread>
#include <vector>

// The threads of this program, as the platform sees them. For Linux.
namespace tree_test {

/// Their names.
inline std::vector<std::string> threads() {
    std::vector<std::string> names;
    for (auto const& task : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream file(task.path() / "comm");
        std::string name;
        if (std::getline(file, name)) // else it has ended meanwhile
            names.push_back(std::move(name));
    }
    return names;
}

/// How many there are beside the one that the library keeps.
inline std::size_t threads_but_the_librarys() {
    // A sanitizer makes one of its own together with the first of the program.
    static bool const sanitized = [] {
        std::thread([] {}).join();
        return true;
    }();
    (void)sanitized;
    auto const names = threads();
    std::size_t count = 0;
    for (std::string const& name : names)
        if (name != "arborist-reaper")
            ++count;
    return count;
}

/// Returns when there are as many as that. The platform lists a thread for a moment after it was
/// joined.
inline void wait_for_threads(std::size_t count) {
    while (threads_but_the_librarys() != count)
        std::this_thread::yield();
}

inline std::string name_of_this_thread() {
    char name[16] = {};
    pthread_getname_np(pthread_self(), name, sizeof name);
    return name;
}

inline std::size_t stack_size_of_this_thread() {
    pthread_attr_t attributes;
    pthread_getattr_np(pthread_self(), &attributes);
    std::size_t size = 0;
    pthread_attr_getstacksize(&attributes, &size);
    pthread_attr_destroy(&attributes);
    return size;
}

inline std::size_t processors_of_this_thread() {
    cpu_set_t set;
    CPU_ZERO(&set);
    pthread_getaffinity_np(pthread_self(), sizeof set, &set);
    return static_cast<std::size_t>(CPU_COUNT(&set));
}

} // namespace tree_test

#endif // ARBORIST_TEST_SUPPORT_THREADS_HPP
