#pragma once
// Values as TwiML text.

#include "ivr/twiml/twiml.hpp"

#include <string>

namespace ivr {

/// Throws `Error{usage}` for the names of elements and attributes that XML does not allow.
[[nodiscard]] std::string writeTwiml(const std::vector<Verb>& verbs,
                                     const XmlAttributes& otherAttributes, XmlLayout layout);

}  // namespace ivr
