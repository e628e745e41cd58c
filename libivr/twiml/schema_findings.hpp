#pragma once
// What a text holds that the schema does not know.

#include "ivr/twiml/document.hpp"
#include "ivr/twiml/finding.hpp"

#include <vector>

namespace ivr::twiml {

/// A document without sense has something wrong at every tag; what is told of it has a bound.
inline constexpr std::size_t kMaxFindings = 1000;

/// What reading the text finds, in the order of the text: elements, attributes, values and texts
/// without a place, and at last why it is refused, if it is. `kMaxFindings` at most, beside that.
[[nodiscard]] std::vector<Finding> schemaFindings(const TwimlDocument& document);

}  // namespace ivr::twiml
