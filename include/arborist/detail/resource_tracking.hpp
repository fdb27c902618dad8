// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_RESOURCE_TRACKING_HPP
#define ARBORIST_DETAIL_RESOURCE_TRACKING_HPP

#include <arborist/config.hpp>
#include <arborist/resources.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <string_view>

// Between the library and its accounting component (P4), of which it knows nothing else.
namespace arborist::inline v0::detail {

/// To whom resources are charged. Defined by the component.
class resource_group;

/// The accounting component, as the library sees it. Thread-safe.
class BOOST_SYMBOL_VISIBLE resource_tracker {
public:
    resource_tracker() = default;
    resource_tracker(resource_tracker const&) = delete;
    resource_tracker& operator=(resource_tracker const&) = delete;

    /// A group with one reference; null if there is no memory.
    virtual resource_group* make_group(std::string_view name) noexcept = 0;
    virtual void add_reference(resource_group& group) noexcept = 0;
    virtual void release(resource_group& group) noexcept = 0;
    [[nodiscard]] virtual resource_usage usage(resource_group const& group) const noexcept = 0;

    /// What this thread does from now on is charged to `next`, what it did since the last call to
    /// `previous`; null stands for nobody.
    virtual void charge(resource_group* previous, resource_group* next) noexcept = 0;

protected:
    ~resource_tracker() = default;
};

/// Installs the component, for ever; before anything runs.
ARBORIST_DECL void install(resource_tracker& tracker) noexcept;
/// Null without the component.
[[nodiscard]] ARBORIST_DECL resource_tracker* tracker() noexcept;

/// To whom this thread's resources are charged; null for nobody. Allocates nothing.
[[nodiscard]] ARBORIST_DECL resource_group* charged_group() noexcept;

inline void intrusive_ptr_add_ref(resource_group* group) noexcept {
    tracker()->add_reference(*group);
}
inline void intrusive_ptr_release(resource_group* group) noexcept {
    tracker()->release(*group);
}
using resource_group_ptr = boost::intrusive_ptr<resource_group>;

/// Null without the component.
[[nodiscard]] inline resource_group_ptr make_resource_group(std::string_view name) noexcept {
    resource_tracker* const component = tracker();
    return {component != nullptr ? component->make_group(name) : nullptr, false};
}

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_RESOURCE_TRACKING_HPP
