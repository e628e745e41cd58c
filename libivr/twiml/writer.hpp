#pragma once
// Values as TwiML text.

#include "ivr/twiml/twiml.hpp"

#include <string>

namespace ivr::twiml {

/// Throws `Error{usage}` for names of elements and attributes that XML does not allow, attributes
/// that are given twice, and elements that stand too deep.
[[nodiscard]] std::string writeTwiml(const std::vector<Verb>& verbs,
                                     const XmlAttributes& otherAttributes, XmlLayout layout);

}  // namespace ivr::twiml
