#pragma once
// Base64 (RFC 4648 section 4).
//
// Threads: pure functions.

#include <optional>
#include <string>
#include <string_view>

namespace ivr {

/// With padding.
[[nodiscard]] std::string base64(std::string_view bytes);

/// Nothing if there is another character; padding may be missing.
[[nodiscard]] std::optional<std::string> base64Decoded(std::string_view text);

}  // namespace ivr
