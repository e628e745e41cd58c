#pragma once
// The reader, for those who need to know where in the text each part stands.

#include "ivr/twiml/reader.hpp"
#include "twiml/xml_source.hpp"

namespace ivr {

/// `readTwiml` of a text that has been taken apart. The nouns of an element stand in the order of
/// the child elements of its node.
[[nodiscard]] TwimlReading readSource(const XmlSource& source);

/// Why a text is too long, if it is.
[[nodiscard]] std::optional<Finding> tooLong(std::string_view text);

}  // namespace ivr
