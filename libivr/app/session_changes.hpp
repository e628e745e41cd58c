#pragma once
// What an application in development mode tells about its sessions: names, and no values.

#include <string>
#include <string_view>

namespace ivr {

/// The members of its session that a step has changed, percent-encoded and separated by commas:
/// `language, Order.count`. A struct that is new or gone is named as a whole.
inline constexpr std::string_view kSessionHeader = "X-Ivr-Session";

/// The value of that header for two texts of a session (`Session::text`); empty if nothing is
/// different, or if one of them is not that of a session. At most 20 names, each of at most 64
/// bytes before it is encoded.
[[nodiscard]] std::string changedMembers(std::string_view before, std::string_view after);

}  // namespace ivr
