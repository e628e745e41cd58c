#pragma once
// Finds what would cost a caller silence, or their owner money, before the caller does.
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
  liveUpdate,      ///< The `Twiml` parameter that changes a live call: nothing to be relative to.
  conferenceWait,  ///< What is heard in a conference while one waits, is on hold, or is announced.
  queueWait,       ///< What is heard in a queue.
  screening,       ///< What a callee hears before both are connected.
};

/// Everything that `readTwiml` and the rules find, in the order of the text. Never throws.
[[nodiscard]] std::vector<Finding> lintTwiml(std::string_view text, TwimlUse use = TwimlUse::call);

}  // namespace ivr::twiml
