#pragma once
// What a caller sent that no log may show.

#include "ivr/http/form.hpp"

#include <string>
#include <vector>

namespace ivr {

/// The parties, keys and words in the fields of a webhook.
[[nodiscard]] std::vector<std::string> callerValues(const http::Form& fields);

}  // namespace ivr
