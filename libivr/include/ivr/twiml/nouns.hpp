#pragma once
// The content of an element.

#include "ivr/twiml/xml_element.hpp"

#include <variant>
#include <vector>

namespace ivr::twiml {

/// The elements that may stand inside another, in order; others do not compile. An `XmlElement` may
/// stand anywhere.
template <class... Elements>
using Nouns = std::vector<std::variant<Elements..., XmlElement>>;

}  // namespace ivr::twiml
