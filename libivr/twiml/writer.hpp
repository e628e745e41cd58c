#pragma once
// Values as TwiML text.

#include "ivr/twiml/twiml.hpp"

#include <string>

namespace ivr::twiml {

/// Throws `Error{usage}` for element and attribute names that XML does not allow, attributes given
/// twice, and elements nested too deep.
[[nodiscard]] std::string writeTwiml(const std::vector<Verb>& verbs,
                                     const XmlAttributes& otherAttributes, XmlLayout layout);

}  // namespace ivr::twiml
