// The order of verbs: what is reached, what loops, what ends the call.

#include "ivr/twiml/lint.hpp"
#include "twiml/lint/elements.hpp"
#include "twiml/lint/rules.hpp"

namespace ivr::twiml {

namespace {

/// Why no verb behind this one is reached; empty if the next one is.
std::string_view endOf(const Element& verb, const LintOptions& options) {
  if (isOneOf(verb.name, {"Redirect", "Reject", "Hangup", "Leave"})) return "ends the document";
  if (verb.name == "Pay") return "asks its action what is next";
  // Twilio goes on behind an empty recording, SignalWire never does.
  if (verb.name == "Record" && options.provider == TwimlProvider::signalWire) {
    return "asks its action what is next";
  }
  const bool mayAsk = isOneOf(verb.name, {"Dial", "Connect", "Enqueue", "Refer"});
  return mayAsk && gives(verb, "action") ? "asks its action what is next" : std::string_view{};
}

void checkReached(const Element& response, Lint& lint) {
  if (response.parent != nullptr) return;
  const Element* ending = nullptr;
  for (const Element& verb : response.children()) {
    if (ending != nullptr) {
      lint.report("unreachable", verb,
                  tag(verb.name) + " is never reached: " + tag(ending->name) + " before it " +
                      std::string{endOf(*ending, lint.options())});
      return;  // once is enough
    }
    if (verb.schema != nullptr && !endOf(verb, lint.options()).empty()) ending = &verb;
  }
}

void checkEmptyResponse(const Element& response, Lint& lint) {
  const TwimlUse use = lint.options().use;
  const bool endsCall = use == TwimlUse::call || use == TwimlUse::liveUpdate;
  if (response.parent == nullptr && response.inside == 0 && endsCall) {
    lint.report("empty-response", response, "nothing is to be done: the call is hung up");
  }
}

void checkReject(const Element& reject, Lint& lint) {
  if (!isFirst(reject)) {
    lint.report("reject-after-answer", reject,
                "<Reject> refuses no call that the verbs before it have answered, and billed");
  }
}

void checkStart(const Element& start, Lint& lint) {
  const TwimlUse use = lint.options().use;
  if (nextOf(start) == nullptr && (use == TwimlUse::call || use == TwimlUse::liveUpdate)) {
    lint.report("start-ends-call", start,
                "nothing follows this <Start>, so the call is hung up at once");
  }
}

void checkGather(const Element& gather, Lint& lint) {
  if (!gather.find("action")) {
    lint.report("gather-without-action", gather,
                "without action the input is sent to the address of this document, which may ask "
                "again for ever");
  }
  if (nextOf(gather) != nullptr || has(gather, "actionOnEmptyResult", "true")) return;
  switch (lint.options().use) {
    case TwimlUse::queueWait:               // the document is asked for again
    case TwimlUse::conferenceWait: return;  // no place for a Gather, as another rule says
    case TwimlUse::screening:
      return lint.report("gather-accepts-silence", gather,
                         "nothing follows this <Gather>: a callee who gives no input, or an "
                         "answering machine, is connected all the same");
    case TwimlUse::call:
    case TwimlUse::liveUpdate:
      return lint.report("gather-ends-call", gather,
                         "nothing follows this <Gather>: a caller who gives no input is hung up "
                         "on");
  }
}

void checkRecordAction(const Element& record, Lint& lint) {
  if (record.find("action")) return;
  if (lint.options().use == TwimlUse::liveUpdate) {
    lint.report("record-without-action", record,
                "without action there is no address to send the recording to", {.code = "11100"});
  } else {
    lint.report("record-without-action", record,
                "without action the recording is sent to the address of this document, which may "
                "record again for ever");
  }
}

void checkEndless(const Element& element, Lint& lint) {
  const Attribute* const loop = element.find("loop");
  if (loop == nullptr || trimmed(loop->value) != "0" || element.parent == nullptr) return;
  const bool isInGather = element.parent->name == "Gather";
  if (nextOf(element) != nullptr) {
    lint.report("endless-loop", *loop,
                "loop=\"0\" repeats until the call ends: nothing behind it is ever reached");
  } else if (isInGather) {
    lint.report("endless-loop", *loop,
                "loop=\"0\" repeats until the call ends: the <Gather> never gets to its timeout");
  }
}

/// Elements that do nothing unless something stands in them.
void checkEmptyElement(const Element& element, Lint& lint) {
  const std::string_view name = element.name;
  const bool isFull = element.inside > 0 || !lint.document().textsIn(element).empty();
  if (name == "Client" || name == "Sip" || name == "Application") {
    const std::string_view noun = name == "Client" ? "Identity"
                                  : name == "Sip"  ? "Uri"
                                                   : "ApplicationSid";
    const bool hasText =
        std::ranges::any_of(lint.document().textsIn(element),
                            [&](const Text& text) { return text.element == &element; });
    if (!hasText && childOf(element, noun) == nullptr) {
      lint.report("empty-element", element, tag(name) + " names nobody to call");
    }
  } else if (!isFull) {
    const bool isNamed =
        isOneOf(name, {"Identity", "Uri", "ApplicationSid", "Sim", "Room", "Autopilot"});
    lint.report("empty-element", element,
                isNamed ? tag(name) + " needs a text: whom or what it is about"
                        : "nothing stands in this " + tag(name) + ", so it does nothing");
  }
}

constexpr Rule kRules[] = {
    {.id = "unreachable",
     .elements = "Response",
     .check = checkReached,
     .summary = "verbs behind one that never returns",
     .why =
         "Nobody hears them. Redirect, Reject, Hangup, Leave and Pay end the document; so do Dial, "
         "Connect, Enqueue and Refer with an action. Behind Record Twilio goes on if the recording "
         "is empty; SignalWire does not (`--provider signalwire`).",
     .bad = "<Redirect>/menu</Redirect><Say>Goodbye.</Say>",
     .good = "<Say>Goodbye.</Say><Redirect>/menu</Redirect>"},
    {.id = "empty-response",
     .elements = "Response",
     .check = checkEmptyResponse,
     .summary = "a document without verbs",
     .why =
         "The call is answered, billed and hung up, and the caller hears nothing. A callback wants "
         "no document at all.",
     .bad = "",
     .good = "<Hangup/>"},
    {.id = "reject-after-answer",
     .elements = "Reject",
     .check = checkReject,
     .summary = "Reject behind other verbs",
     .why =
         "The first verb answers the call; from then on it is billed, and Reject merely hangs up.",
     .bad = "<Say>We are closed.</Say><Reject/>",
     .good = "<Say>We are closed.</Say><Hangup/>"},
    {.id = "start-ends-call",
     .elements = "Start",
     .check = checkStart,
     .summary = "nothing follows Start",
     .why = "What Start starts runs beside the verbs behind it. Without any the call is over.",
     .bad = "<Start><Recording/></Start>",
     .good = "<Start><Recording/></Start><Say>Hello.</Say>"},
    {.id = "gather-without-action",
     .elements = "Gather",
     .check = checkGather,
     .summary = "Gather without action",
     .why =
         "The input is sent to the address of this document. Unless that looks for it, it asks the "
         "same question again.",
     .bad = "<Gather><Say>One or two?</Say></Gather><Hangup/>",
     .good = "<Gather action='/choice'><Say>One or two?</Say></Gather><Hangup/>"},
    {.id = "gather-ends-call",
     .summary = "nothing follows Gather",
     .why = "A caller who hesitates is hung up on. Say goodbye, ask again, or set "
            "actionOnEmptyResult.",
     .bad = "<Gather action='/choice'><Say>One or two?</Say></Gather>",
     .good = "<Gather action='/choice' actionOnEmptyResult='true'><Say>One or two?</Say></Gather>"},
    {.id = "gather-accepts-silence",
     .summary = "nothing follows a Gather that a callee hears",
     .why = "At the end of such a document both are connected: a callee who presses nothing, or "
            "their answering machine, has taken the call. Put a Hangup behind it.",
     .bad = "<Gather action='/accepted'><Say>Press any key to take the call.</Say></Gather>",
     .good =
         "<Gather action='/accepted'><Say>Press any key to take the call.</Say></Gather><Hangup/>",
     .use = TwimlUse::screening},
    {.id = "record-without-action",
     .elements = "Record",
     .check = checkRecordAction,
     .summary = "Record without action",
     .why =
         "The recording is sent to the address of this document, which records again, and again.",
     .bad = "<Record/>",
     .good = "<Record action='/recorded'/>"},
    {.id = "endless-loop",
     .elements = "Play Say",
     .check = checkEndless,
     .summary = "loop=\"0\" with something behind it, or in a Gather",
     .why =
         "It repeats until the call ends. What follows is never reached, and a Gather never gets "
         "to its timeout.",
     .bad = "<Play loop='0'>/wait.mp3</Play><Redirect>/menu</Redirect>",
     .good = "<Play loop='3'>/wait.mp3</Play><Redirect>/menu</Redirect>"},
    {.id = "empty-element",
     .elements = "Application ApplicationSid Autopilot Client Connect Identity Refer Room Sim Sip "
                 "Start Stop Uri",
     .check = checkEmptyElement,
     .summary = "an element that does nothing, because nothing stands in it",
     .why = "It is passed over, or ends the call.",
     .bad = "<Connect/><Hangup/>",
     .good = "<Connect><Room>DailyStandup</Room></Connect><Hangup/>"},
};

}  // namespace

std::span<const Rule> flowRules() { return kRules; }

}  // namespace ivr::twiml
