#pragma once
// The provider's codes for documents.

#include "ivr/twiml/finding.hpp"

#include <string_view>

namespace ivr::twiml {

/// `12200`, for as long as the program runs. `code` is one of those that the schema or a rule uses.
[[nodiscard]] std::string_view codeText(int code);

/// What the provider makes of it; a warning for a word of ours.
[[nodiscard]] Severity severityOf(std::string_view code) noexcept;

}  // namespace ivr::twiml
