#pragma once
// Base64, for HTTP Basic authentication (RFC 4648 section 4).

#include <string>
#include <string_view>

namespace ivr::phone {

[[nodiscard]] std::string base64(std::string_view text);

}  // namespace ivr::phone
