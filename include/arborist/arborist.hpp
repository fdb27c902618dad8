// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_ARBORIST_HPP
#define ARBORIST_ARBORIST_HPP

#include <arborist/blocking_worker.hpp>
#include <arborist/cause.hpp>
#include <arborist/child_id.hpp>
#include <arborist/child_specification.hpp>
#include <arborist/child_state.hpp>
#include <arborist/dataspace.hpp>
#include <arborist/errc.hpp>
#include <arborist/error.hpp>
#include <arborist/event.hpp>
#include <arborist/exit_reason.hpp>
#include <arborist/identifier.hpp>
#include <arborist/join_set.hpp>
#include <arborist/on_signal.hpp>
#include <arborist/options.hpp>
#include <arborist/process_shutdown.hpp>
#include <arborist/resources.hpp>
#include <arborist/result.hpp>
#include <arborist/run.hpp>
#include <arborist/runtime.hpp>
#include <arborist/snapshot.hpp>
#include <arborist/supervisable.hpp>
#include <arborist/supervisor.hpp>
#include <arborist/supervisor_handle.hpp>
#include <arborist/this_process.hpp>
#include <arborist/version.hpp>

// Not here, for what they cost to include: <arborist/json.hpp>, <arborist/log.hpp>; for what they
// need to be linked: <arborist/stackful_worker.hpp>.

#endif // ARBORIST_ARBORIST_HPP
