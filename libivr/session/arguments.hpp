#pragma once
// What the session stores have in common: checks of arguments, and numbers for leases.

#include "ivr/session/session_store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ivr::session {

/// The most names that `SessionStore::withWork` gives at once.
inline constexpr std::size_t kMaxWork = 1000;

/// Throws `Error{usage}` for a name that no session can have.
void checkSessionName(std::string_view session);

/// Throws `Error{usage}` for a name that no step can have.
void checkStepName(std::string_view step);

/// Throws `Error{usage}` for a change that no store takes.
void checkChange(const SessionChange& change);

/// How long a lease lasts; `Error{usage}` for one that is over before it begins.
[[nodiscard]] std::chrono::milliseconds leaseDuration(std::chrono::milliseconds lease);

/// How long something is kept: at least 0, and not so long that times overflow.
[[nodiscard]] std::chrono::milliseconds lifetimeOf(std::chrono::milliseconds lifetime) noexcept;

/// A number for a lease that no other process has: random, from 1 to the largest signed number.
[[nodiscard]] std::uint64_t randomLease();

}  // namespace ivr::session
