// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_CLAIM_HPP
#define ARBORIST_EXAMPLE_PIPELINE_CLAIM_HPP

#include <arborist/dataspace.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>

namespace pipeline {

/// "I am at it": what a process asserts under the number of a file while it works on that file.
///
/// The dataspace refuses a second owner, so that whoever is first has the file. And it takes the
/// claim away when its owner ends, in whatever way: nobody has to give anything back.
struct claim {
    /// The path to the worker from the root, by which it can be restarted.
    std::string worker;
    /// When it last got on with its work.
    std::chrono::steady_clock::time_point renewed;
};

/// In the name of the current process; false if another process is at it.
[[nodiscard]] bool try_claim(std::size_t file, std::string const& worker);
/// "I still am, and I got on." Fails if the claim is another process'.
[[nodiscard]] arborist::result<void> renew_claim(std::size_t file, std::string const& worker);
/// "I am not any more", and go on with something else.
[[nodiscard]] arborist::result<void> withdraw_claim(std::size_t file);

/// The claims of all, for who looks at them from time to time. What came and went between two looks
/// is not seen, which is fine for those who look.
class known_claims {
public:
    /// In a process.
    known_claims();

    [[nodiscard]] std::map<std::size_t, std::shared_ptr<claim const>> const& look();

private:
    arborist::subscription<claim> changes_;
    std::map<std::size_t, std::shared_ptr<claim const>> known_;
};

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_CLAIM_HPP
