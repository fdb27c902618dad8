// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_SIMULATOR_HPP
#define ARBORIST_DETAIL_SIMULATOR_HPP

#include <arborist/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace arborist::inline v0::detail {

class child_model;

/// What does, for the trees on an execution context, the part of the world.
///
/// A tree on such a context has no threads: a dedicated supervisor runs where its parent does, and
/// a blocking worker fails to initialise.
class ARBORIST_DECL simulator {
public:
    simulator() = default;
    simulator(simulator const&) = delete;
    simulator& operator=(simulator const&) = delete;

    /// From now on `context` is simulated. Before it has any other service.
    void attach_to(boost::asio::execution_context& context);
    /// Null if the context of `executor` is a real one.
    [[nodiscard]] static simulator* of(boost::asio::any_io_executor const& executor);

    /// In [0, 1), for jitter.
    [[nodiscard]] virtual double random() = 0;
    /// What is started for the process instead of `model`, which may be the same. `name` is its
    /// full one (N2).
    [[nodiscard]] virtual std::shared_ptr<child_model>
    replace(std::shared_ptr<child_model> model, std::string name, std::uint32_t incarnation) = 0;
    /// The context is being destroyed, and has shut down all other services.
    virtual void context_destroyed() noexcept = 0;

protected:
    ~simulator() = default;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_SIMULATOR_HPP
