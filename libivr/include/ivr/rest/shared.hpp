#pragma once
// Shared by the requests of the REST API.

#include "ivr/http/method.hpp"

#include <chrono>
#include <optional>

namespace ivr::rest {

/// Filters by day, in UTC; unset members are ignored. A value.
struct DateFilter {
  std::optional<std::chrono::sys_days> on = {};
  std::optional<std::chrono::sys_days> before = {};  ///< Until the midnight that begins it.
  std::optional<std::chrono::sys_days> after = {};   ///< From the midnight that begins it.
};

}  // namespace ivr::rest
