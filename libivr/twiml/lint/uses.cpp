// What a document is for: which verbs it may hold, and how long it may be.

#include "ivr/twiml/lint.hpp"
#include "twiml/lint/elements.hpp"
#include "twiml/lint/rules.hpp"

namespace ivr::twiml {

namespace {

/// https://www.twilio.com/docs/api/errors/32018, in characters.
constexpr std::ptrdiff_t kMaxUpdate = 4000;

void checkVerbs(const Element& response, Lint& lint) {
  if (response.parent != nullptr) return;
  for (const Element& verb : response.children()) {
    const std::string_view name = verb.name;
    if (verb.schema == nullptr) continue;  // reading has told
    switch (lint.options().use) {
      case TwimlUse::conferenceWait:
        if (!isOneOf(name, {"Play", "Say", "Pause", "Redirect"})) {
          lint.report("not-in-conference", verb,
                      tag(name) +
                          " cannot be heard while one waits in a conference: only Play, Say, "
                          "Pause and Redirect");
        }
        break;
      case TwimlUse::queueWait:
        if (!isOneOf(name, {"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})) {
          lint.report("not-in-queue", verb,
                      tag(name) +
                          " is not for those who wait in a queue: only Play, Say, Pause, "
                          "Gather, Redirect, Leave and Hangup");
        }
        break;
      case TwimlUse::screening:
        if (name == "Dial") {
          lint.report("dial-in-screening", verb, "a callee who is being dialled cannot dial");
        } else if (!isOneOf(name, {"Play", "Say", "Pause", "Gather", "Hangup", "Redirect"})) {
          lint.report("not-in-screening", verb,
                      tag(name) +
                          " is not for a callee who is not yet connected: only Play, Say, "
                          "Pause, Gather, Redirect and Hangup");
        }
        break;
      case TwimlUse::call:
      case TwimlUse::liveUpdate: break;
    }
  }
}

void checkLength(const Element& response, Lint& lint) {
  if (response.parent != nullptr || lint.options().use != TwimlUse::liveUpdate) return;
  const auto count =
      std::ranges::count_if(lint.document().text(), [](char c) { return (c & 0xC0) != 0x80; });
  if (count > kMaxUpdate) {
    lint.report("live-update-too-long", response,
                "the document has " + std::to_string(count) +
                    " characters, and a live call can be given " + std::to_string(kMaxUpdate));
  }
}

constexpr Rule kRules[] = {
    {.id = "not-in-conference",
     .code = "13238",
     .severity = Severity::error,
     .elements = "Response",
     .check = checkVerbs,
     .summary = "a verb that cannot be heard while one waits in a conference",
     .why = "Wait music, hold music and announcements are Play, Say, Pause and Redirect.",
     .bad = "<Dial>+14155550100</Dial>",
     .good = "<Play>/music.mp3</Play><Redirect/>",
     .use = TwimlUse::conferenceWait},
    {.id = "not-in-queue",
     .summary = "a verb that is not for those who wait in a queue",
     .why = "The caller leaves the queue with an error.",
     .bad = "<Dial>+14155550100</Dial>",
     .good = "<Say>Please hold.</Say><Play>/music.mp3</Play>",
     .use = TwimlUse::queueWait},
    {.id = "dial-in-screening",
     .code = "13201",
     .severity = Severity::error,
     .summary = "Dial in a document that a callee hears",
     .why = "A callee who is being dialled cannot dial.",
     .bad = "<Dial>+14155550100</Dial>",
     .good = "<Say>A call from the help desk.</Say>",
     .use = TwimlUse::screening},
    {.id = "not-in-screening",
     .summary = "a verb that is not for a callee who is not yet connected",
     .why = "The caller meanwhile hears it ring, and is not connected.",
     .bad = "<Record action='/recorded'/>",
     .good = "<Say>A call from the help desk.</Say>",
     .use = TwimlUse::screening},
    {.id = "live-update-too-long",
     .code = "32018",
     .severity = Severity::error,
     .elements = "Response",
     .check = checkLength,
     .summary = "a live call is given more than 4,000 characters",
     .why = "The provider refuses the request, and the call goes on as before. Redirect it to a "
            "document instead.",
     .use = TwimlUse::liveUpdate},
};

}  // namespace

std::span<const Rule> useRules() { return kRules; }

}  // namespace ivr::twiml
