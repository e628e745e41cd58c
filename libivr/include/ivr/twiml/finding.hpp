#pragma once
// What is wrong with a TwiML text.

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::twiml {

enum class Severity {
  warning,  ///< The provider continues, mostly without the part in question.
  error,    ///< The provider ends the call, or refuses the document; or nobody hears a thing.
};
/// `warning` or `error`.
[[nodiscard]] std::string_view textOf(Severity severity) noexcept;

/// A place in a text, counted from 1; a column is a byte of UTF-8.
struct TextPosition {
  std::size_t line = 1;
  std::size_t column = 1;

  bool operator==(const TextPosition&) const = default;
  auto operator<=>(const TextPosition&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// Puts a text in the place of some bytes.
struct TextEdit {
  std::size_t offset = 0;  ///< From the beginning of the text, in bytes.
  std::size_t length = 0;
  std::string replacement = {};

  bool operator==(const TextEdit&) const = default;
};

struct Finding {
  std::string_view rule =
      {};  ///< The id of a `Rule`, such as `unreachable`; lives as long as that.
  /// The provider's code, such as `12200` (https://www.twilio.com/docs/api/errors); empty if it has
  /// none.
  std::string_view code = {};
  Severity severity = Severity::warning;
  TextPosition position = {};
  std::string message = {};  ///< One sentence. Quotes names and short values, never spoken text.
  std::vector<TextEdit> fix =
      {};  ///< What to change, in the order of the text, where that is sure.

  bool operator==(const Finding&) const = default;
};

/// As a compiler prints it: `menu.xml:3:7: warning[12200]: ... (unknown-attribute)`. In brackets is
/// the provider's code, or else the rule.
[[nodiscard]] std::string describe(const Finding& finding, std::string_view file);

std::ostream& operator<<(std::ostream& out, Severity severity);
std::ostream& operator<<(std::ostream& out, TextPosition position);   ///< `3:7`
std::ostream& operator<<(std::ostream& out, const Finding& finding);  ///< `3:7: warning[...]: ...`

}  // namespace ivr::twiml
