#pragma once
// What is wrong with a TwiML text.

#include <cstddef>
#include <string>
#include <string_view>

namespace ivr::twiml {

enum class Severity {
  warning,  ///< The provider continues, mostly without the part in question.
  error,    ///< The provider ends the call, or refuses the document.
};

/// A place in a text, counted from 1; a column is a byte of UTF-8.
struct TextPosition {
  std::size_t line = 1;
  std::size_t column = 1;

  bool operator==(const TextPosition&) const = default;
};

struct Finding {
  /// The provider's code, such as `12200` (https://www.twilio.com/docs/api/errors), or a word of
  /// our own, such as `unreachable`, where the provider has no code.
  std::string_view code = {};
  Severity severity = Severity::warning;
  TextPosition position = {};
  std::string message = {};  ///< One sentence. Quotes names and short values, never spoken text.

  bool operator==(const Finding&) const = default;
};

/// As a compiler prints it: `menu.xml:3:7: warning[12200]: ...`.
[[nodiscard]] std::string describe(const Finding& finding, std::string_view file);

}  // namespace ivr::twiml
