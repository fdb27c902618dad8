// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// What accounting costs. The same program is linked twice: accounting_off without the component,
// the floor, and accounting_on with it. Prints medians and spread.
//
//   accounting_on [COUNT [ROUNDS]]        default: 1000000 5

#include <arborist/detail/resource_tracking.hpp>

#include <algorithm>
#include <array>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <numeric>
#include <thread>
#include <vector>

namespace {

using clock = std::chrono::steady_clock;

double nanoseconds_each(clock::time_point start, std::size_t count) {
    return std::chrono::duration<double, std::nano>(clock::now() - start).count() /
           static_cast<double>(count);
}

// One object is made and freed, and the next one.
void pairs(std::size_t count) {
    for (std::size_t i = 0; i != count; ++i)
        ::operator delete(::operator new(64));
}

// Many live at the same time, of different sizes.
void batches(std::size_t count) {
    std::array<void*, 100> objects{};
    for (std::size_t i = 0; i < count; i += objects.size()) {
        for (std::size_t k = 0; k != objects.size(); ++k)
            objects[k] = ::operator new(8 + 8 * k);
        for (void* each : objects)
            ::operator delete(each);
    }
}

// By each of so many threads at once; the mean of what they measured.
double measure(void (*work)(std::size_t), std::size_t threads, std::size_t count) {
    std::barrier together(static_cast<std::ptrdiff_t>(threads));
    std::vector<double> each(threads);
    std::vector<std::thread> all;
    for (double& mine : each) {
        all.emplace_back([&] {
            work(100);
            together.arrive_and_wait();
            auto const start = clock::now();
            work(count);
            mine = nanoseconds_each(start, count);
        });
    }
    for (auto& thread : all)
        thread.join();
    return std::accumulate(each.begin(), each.end(), 0.0) / static_cast<double>(threads);
}

// A thread turns to a group and back: two switches.
double switches(std::size_t count) {
    arborist::detail::resource_tracker* const tracker = arborist::detail::tracker();
    if (!tracker)
        return 0;
    arborist::detail::resource_group* const group = tracker->make_group("group");
    auto const start = clock::now();
    for (std::size_t i = 0; i != count; i += 2) {
        tracker->charge(nullptr, group);
        tracker->charge(group, nullptr);
    }
    double const each = nanoseconds_each(start, count);
    tracker->release(*group);
    return each;
}

void print(char const* what, std::vector<double>& figures) {
    std::ranges::sort(figures);
    std::cout << std::left << std::setw(34) << what << std::right << std::fixed
              << std::setprecision(1) << std::setw(8) << figures[figures.size() / 2] << " ("
              << std::setw(6) << figures.front() << " .. " << std::setw(6) << figures.back()
              << ")\n";
}

} // namespace

int main(int argc, char** argv) {
    std::size_t const count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000'000;
    std::size_t const rounds = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 5;
    if (count == 0 || rounds == 0) {
        std::cerr << "accounting: COUNT and ROUNDS are positive numbers\n";
        return 64;
    }
    std::vector<double> pair, pair_of_two, batch, batch_of_two, turn;
    for (std::size_t i = 0; i != rounds; ++i) {
        pair.push_back(measure(pairs, 1, count));
        pair_of_two.push_back(measure(pairs, 2, count));
        batch.push_back(measure(batches, 1, count));
        batch_of_two.push_back(measure(batches, 2, count));
        turn.push_back(switches(count + count % 2));
    }
    std::cout << "accounting is " << (arborist::detail::tracker() ? "on" : "off")
              << "\nnanoseconds, median (min .. max)\n";
    print("new and delete, 1 thread", pair);
    print("the same, 2 threads", pair_of_two);
    print("100 new, 100 delete, 1 thread", batch);
    print("the same, 2 threads", batch_of_two);
    print("a switch of groups", turn);
}
