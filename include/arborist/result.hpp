// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_RESULT_HPP
#define ARBORIST_RESULT_HPP

#include <arborist/cause.hpp>

#include <boost/outcome/boost_result.hpp>

namespace arborist::inline v0 {

/// A value or the reason why there is none: Boost.Outcome's `basic_result`. An error code, a
/// @ref cause or an `errc` converts to it; `value()` throws what the cause holds.
template <class T, class Error = cause>
using result = boost::outcome_v2::boost_result<T, Error>;

/// `co_return arborist::success();` ends well, with a value or without.
using boost::outcome_v2::success;

} // namespace arborist::inline v0

#endif // ARBORIST_RESULT_HPP
