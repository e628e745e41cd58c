#pragma once
// The reader, for code that needs to know where in the text each part stands.

#include "ivr/twiml/reader.hpp"
#include "twiml/places.hpp"

namespace ivr::twiml {

/// `readTwiml`. Fills `places`, unless it is null, with a place for each element, the root first.
[[nodiscard]] TwimlReading readTwiml(std::string_view text, Places* places);

}  // namespace ivr::twiml
