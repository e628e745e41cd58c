#pragma once
// The header field `Content-Type` (RFC 9110 section 8.3).

#include "ivr/http/headers.hpp"

#include <string_view>

namespace ivr::http {

/// What the field says, in views of it; empty where it says nothing. The case of letters means
/// nothing.
struct ContentType {
  std::string_view mediaType = {};  ///< Without parameters.
  std::string_view charset = {};    ///< Without quotes.
};

[[nodiscard]] ContentType contentTypeOf(const Headers& headers) noexcept;

}  // namespace ivr::http
