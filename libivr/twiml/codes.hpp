#pragma once
// The provider's codes for documents.

#include "ivr/twiml/finding.hpp"

#include <string_view>

namespace ivr::twiml {

/// `12200`, valid as long as the program runs. `code` is one that the schema or a rule uses.
[[nodiscard]] std::string_view codeText(int code);

/// How the provider treats a code; a warning for a word of our own.
[[nodiscard]] Severity severityOf(std::string_view code) noexcept;

}  // namespace ivr::twiml
