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

/// The most that the provider takes (https://www.twilio.com/docs/api/errors/11750).
inline constexpr std::size_t kMaxTwimlBytes = 65536;

/// How deep elements may stand inside `<Response>`: a limit of ours, so that no text can exhaust
/// the stack.
inline constexpr int kMaxTwimlDepth = 100;

struct TwimlReading {
  /// None if the provider would refuse the text; then the last finding says why.
  std::optional<Twiml> twiml = {};
  std::vector<Finding> findings = {};  ///< In the order of the text.
};

/// Reads one document: UTF-8, with or without an XML declaration. Never throws, whatever the text
/// is. What has no type is kept (`XmlElement`, `otherAttributes`) and reported, so that writing
/// gives the same document again but for comments, for whitespace between verbs, and for text where
/// none belongs.
///
/// Text that is not well-formed XML is refused (12100), and so are a document type declaration,
/// because entities could be declared in it, elements that stand deeper than `kMaxTwimlDepth`, and
/// more than 100 attributes without a type in one element.
[[nodiscard]] TwimlReading readTwiml(std::string_view text);

}  // namespace ivr::twiml
