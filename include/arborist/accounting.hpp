// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_ACCOUNTING_HPP
#define ARBORIST_ACCOUNTING_HPP

#include <arborist/resources.hpp>

#include <string>
#include <vector>

#if defined(ARBORIST_ACCOUNTING_DYN_LINK)
#if defined(ARBORIST_ACCOUNTING_SOURCE)
#define ARBORIST_ACCOUNTING_DECL BOOST_SYMBOL_EXPORT
#else
#define ARBORIST_ACCOUNTING_DECL BOOST_SYMBOL_IMPORT
#endif
#else
#define ARBORIST_ACCOUNTING_DECL
#endif

/// What the supervisors of this program use, of memory and of CPU time (P4). Not part of the
/// library: whoever links the component `arborist::accounting` (B2: `/arborist//accounting`) has
/// switched it on, for the whole program; this header is only needed in order to ask.
///
/// The component replaces `operator new` and `operator delete` in all their forms. Every allocation
/// is charged to the group of the supervisor whose code is running on the thread, or to "outside",
/// and carries that with it, so that it is uncharged from the same group whichever thread frees it.
/// What does not come from `operator new` is not seen: `malloc`, C libraries, stacks, mapped files.
///
/// CPU time is that of the thread's own clock. It is charged when a thread turns from the code of
/// one group to that of another, and not before; 0 where there is no such clock.
///
/// An object costs 16 bytes and about 2 ns more (7 ns with shared libraries), a turn to another
/// group 250 ns: doc/accounting.adoc has the measurements, and what there is to know about linking.
namespace arborist::inline v0::accounting {

/// What a `group` is.
enum class group_kind : unsigned char {
    /// What is charged to no supervisor: `main`, static objects, whatever runs beside the tree. Its
    /// CPU time lacks what a thread uses after it last ran the code of a supervisor.
    outside,
    /// The sum of all groups that were there once.
    reclaimed,
    /// A supervisor that has not ended.
    supervisor,
    /// One that has, but some of its objects are alive.
    ended,
};
using enum group_kind;

/// "outside", "reclaimed", "supervisor" or "ended".
[[nodiscard]] ARBORIST_ACCOUNTING_DECL char const* to_string(group_kind value) noexcept;

/// A supervisor, and what was charged to it; not to those below it, which have their own.
struct group {
    group_kind kind = group_kind::supervisor;
    /// The full name of the supervisor, or "outside", or "reclaimed". Need not be unique: a group
    /// is a run of a supervisor.
    std::string name;
    resource_usage usage;
};

/// All there are: "outside", "reclaimed", then the others by age. A group lives until its
/// supervisor has ended and its last object is freed; what it has used is then added to
/// "reclaimed".
///
/// \par Exactness
/// Nothing is ever lost or estimated. Each figure is exact for what happened before the call; of
/// what other threads do meanwhile, one figure may have a part that another one has not. Freed is
/// never more than allocated. The memory of the answer itself is not in it.
/// \par Thread safety
/// Any thread, at any time, also before `main` and after it.
/// \throws std::bad_alloc There is no memory for the answer.
[[nodiscard]] ARBORIST_ACCOUNTING_DECL std::vector<group> groups();

/// The sum of all groups, "outside" and "reclaimed" among them: all that the program has ever asked
/// of `operator new`. Exact and thread-safe as `groups()`; allocates nothing.
[[nodiscard]] ARBORIST_ACCOUNTING_DECL resource_usage total() noexcept;

} // namespace arborist::inline v0::accounting

#endif // ARBORIST_ACCOUNTING_HPP
