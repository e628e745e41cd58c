#pragma once
// What the requests of the REST API share.

#include "ivr/http/method.hpp"

#include <chrono>
#include <optional>

namespace ivr::rest {

/// Picks by day, in UTC; what is not set does not count. A value.
struct DateFilter {
  std::optional<std::chrono::sys_days> on = {};
  std::optional<std::chrono::sys_days> before = {};  ///< Until the midnight with which it begins.
  std::optional<std::chrono::sys_days> after = {};   ///< From the midnight with which it begins.
};

}  // namespace ivr::rest
