#pragma once
// What the page's own requests are answered with.

#include "ivr/http/response.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace ivr::phone {

/// JSON that nobody keeps.
[[nodiscard]] http::Response jsonAnswer(int status, const nlohmann::ordered_json& json);

/// `{"error": why}`
[[nodiscard]] http::Response refusal(int status, std::string_view why);

/// Something was done, about which there is nothing to say.
[[nodiscard]] http::Response done();

}  // namespace ivr::phone
