#pragma once
// TwiML text, laid out for people.

#include <optional>
#include <string>
#include <string_view>

namespace ivr::twiml {

/// The text with one element to a line, indented. It means the same and loses nothing: comments,
/// blank lines between verbs, attributes in their order, what TwiML does not know, and what is
/// spoken, to the byte. Laid out again it stays as it is. Empty if the provider would refuse the
/// text.
[[nodiscard]] std::optional<std::string> formatTwiml(std::string_view text);

}  // namespace ivr::twiml
