#pragma once
// Finds mistakes that would cost a caller silence, or their owner money, before a caller does.
//
// Codes and severities: https://www.twilio.com/docs/api/errors.
// Threads: pure functions.

#include "ivr/twiml/finding.hpp"

#include <string_view>
#include <vector>

namespace ivr::twiml {

/// What a document is for; not every verb is allowed everywhere.
enum class TwimlUse {
  call,            ///< The answer to a webhook of a call.
  liveUpdate,      ///< The `Twiml` parameter that changes a live call: no base for relative URLs.
  conferenceWait,  ///< Heard in a conference while waiting, on hold, or as an announcement.
  queueWait,       ///< Heard in a queue.
  screening,       ///< Heard by a callee before both are connected.
};

/// Everything that `readTwiml` and the rules find, in text order. Never throws.
[[nodiscard]] std::vector<Finding> lintTwiml(std::string_view text, TwimlUse use = TwimlUse::call);

}  // namespace ivr::twiml
