#pragma once
// The provider's refusals, by their codes.

#include "ivr/rest/rest_error.hpp"

#include <string_view>

namespace ivr::rest {

/// The refusal with one of the provider's codes, with its HTTP status, words and address of the
/// explanation. `about` replaces the `{}` in its words. `Error{usage}` for a code that is not in
/// `error_table.hpp`.
[[nodiscard]] RestRefusal refusalOf(int code, std::string_view about = {});

}  // namespace ivr::rest
