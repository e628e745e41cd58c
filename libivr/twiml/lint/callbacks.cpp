// Events, and whom they are told to.

#include "twiml/lint/elements.hpp"
#include "twiml/lint/rules.hpp"

namespace ivr::twiml {

namespace {

void checkEvents(const Element& element, Lint& lint) {
  for (const Attribute& events : element.attributes) {
    constexpr std::string_view kEnding = "CallbackEvent";
    if (!events.name.ends_with(kEnding)) continue;
    const std::string callback{events.name.substr(0, events.name.size() - 5)};
    const bool isTold = gives(element, callback) ||
                        (callback == "statusCallback" && gives(element, "eventCallbackUrl"));
    if (!isTold) {
      lint.report("events-without-callback", events,
                  "without " + callback + " nobody is told of these events");
    }
  }
}

constexpr Rule kRules[] = {
    {.id = "events-without-callback",
     .elements =
         "Application Client Conference Conversation Dial Number Record Recording Sip WhatsApp",
     .check = checkEvents,
     .summary = "events without an address to tell them to",
     .why = "Nothing is ever sent.",
     .bad = "<Dial><Number statusCallbackEvent='answered'>+14155550100</Number></Dial>",
     .good = "<Dial><Number statusCallback='/status' "
             "statusCallbackEvent='answered'>+14155550100</Number>"
             "</Dial>"},
};

}  // namespace

std::span<const Rule> callbackRules() { return kRules; }

}  // namespace ivr::twiml
