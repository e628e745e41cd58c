#pragma once
// TwiML text as values.
//
// Threads: pure functions.

#include "ivr/twiml/finding.hpp"
#include "ivr/twiml/twiml.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace ivr::twiml {

/// The longest text that the provider accepts (https://www.twilio.com/docs/api/errors/11750).
inline constexpr std::size_t kMaxTwimlBytes = 65536;

/// How deep elements may nest inside `<Response>`: our own limit, so that no text can exhaust the
/// stack.
inline constexpr int kMaxTwimlDepth = 100;

struct TwimlReading {
  /// Empty if the provider would refuse the text; the last finding then says why.
  std::optional<Twiml> twiml = {};
  /// In the order of the text: the first thousand, and why the text is refused.
  std::vector<Finding> findings = {};
};

/// Reads one document: UTF-8, with or without an XML declaration. Never throws, whatever the text.
/// Content without a type is kept (`XmlElement`, `otherAttributes`) and reported, so that writing
/// gives the same document except for comments, whitespace between verbs, and text where none
/// belongs, as behind the noun in `<Dial>+1415<Number>...</Number>0100</Dial>`.
///
/// Refuses text that is not well-formed XML (12100), a document type declaration, because it could
/// declare entities, elements nested deeper than `kMaxTwimlDepth`, and more than 100 attributes in
/// one element.
[[nodiscard]] TwimlReading readTwiml(std::string_view text);

}  // namespace ivr::twiml
