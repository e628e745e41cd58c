#pragma once
// What the requests of the REST API share.

#include <chrono>
#include <optional>
#include <string_view>

namespace ivr {

/// How the provider asks for an address; POST where nothing is said.
enum class RestMethod { get, post };
[[nodiscard]] std::string_view textOf(RestMethod method) noexcept;

/// Picks by day, in UTC; what is not set does not count. A value.
struct DateFilter {
  std::optional<std::chrono::sys_days> on = {};
  std::optional<std::chrono::sys_days> before = {};  ///< Until the midnight with which it begins.
  std::optional<std::chrono::sys_days> after = {};   ///< From the midnight with which it begins.
};

}  // namespace ivr
