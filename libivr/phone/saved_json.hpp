#pragma once
// Entries as JSON, for those who save them and those who add to them.

#include "ivr/phone/timeline.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace ivr::phone {

/// What `savedLine` writes.
[[nodiscard]] nlohmann::ordered_json savedJson(const Entry& entry);

/// On one line; what is no UTF-8 is replaced.
[[nodiscard]] std::string lineOf(const nlohmann::ordered_json& json);

}  // namespace ivr::phone
