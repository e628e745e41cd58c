// What reading finds: the schema, and XML itself.

#include "twiml/lint/rules.hpp"

namespace ivr::twiml {

namespace {

constexpr Rule kRules[] = {
    {.id = "not-xml",
     .code = "12100",
     .severity = Severity::error,
     .summary = "the text is no XML",
     .why = "The provider reads nothing of it, and the caller hears an application error.",
     .bad = "<Say>Fish & chips</Say>",
     .good = "<Say>Fish &amp; chips</Say>"},
    {.id = "xml-version",
     .code = "12101",
     .severity = Severity::error,
     .summary = "the text is XML of another version than 1.0",
     .why = "The provider refuses it, and the caller hears an application error."},
    {.id = "not-twiml",
     .code = "12102",
     .severity = Severity::error,
     .summary = "the root element is not Response",
     .why = "The provider refuses it, and the caller hears an application error. Often it is the "
            "page of a proxy or of a failed server."},
    {.id = "empty-document",
     .code = "11770",
     .severity = Severity::error,
     .summary = "there is no element at all",
     .why = "The provider refuses an empty answer; `<Response/>` is the document that does "
            "nothing."},
    {.id = "too-long",
     .code = "11750",
     .severity = Severity::error,
     .summary = "the document is longer than 64 KiB",
     .why = "The provider refuses it, and the caller hears an application error."},
    {.id = "misspelt-element",
     .code = "12200",
     .severity = Severity::error,
     .summary = "an element whose name is nearly one that TwiML knows",
     .why = "The provider passes over it, so nobody hears it, or it does not happen. Names are "
            "case-sensitive.",
     .bad = "<Sya>Hello.</Sya>",
     .good = "<Say>Hello.</Say>"},
    {.id = "misplaced-element",
     .code = "12200",
     .severity = Severity::error,
     .summary = "an element that TwiML knows, but not where it stands",
     .why = "The provider passes over it: a noun without its verb dials nobody. In a verb that "
            "takes other elements it is a warning.",
     .bad = "<Number>+14155550100</Number>",
     .good = "<Dial><Number>+14155550100</Number></Dial>"},
    {.id = "unknown-element",
     .code = "12200",
     .summary = "an element that TwiML does not know",
     .why = "The provider passes over it. If it is newer than this program, ignore the finding.",
     .bad = "<Dance/><Hangup/>",
     .good = "<Hangup/>"},
    {.id = "unknown-attribute",
     .code = "12200",
     .summary = "an attribute that the element does not have",
     .why = "The provider passes over it, and its default applies. Names are case-sensitive.",
     .bad = "<Gather action='/choice' numDigit='1'/><Hangup/>",
     .good = "<Gather action='/choice' numDigits='1'/><Hangup/>"},
    {.id = "invalid-value",
     .code = "12200",
     .summary = "a value that the attribute does not take",
     .why = "The provider takes its default instead, or refuses the verb: its own code says which.",
     .bad = "<Pause length='0'/><Hangup/>",
     .good = "<Pause length='1'/><Hangup/>"},
    {.id = "stray-text",
     .code = "12200",
     .summary = "text where none belongs",
     .why = "Nobody hears it. Behind a noun it is no part of what stands before that.",
     .bad = "Hello. <Hangup/>",
     .good = "<Say>Hello.</Say><Hangup/>"},
    {.id = "unknown-rule",
     .summary = "a comment ignores a rule that does not exist",
     .why = "What was meant to be ignored is found all the same, or the rule has another name now.",
     .bad = "<!-- twiml-lint: ignore unreachible --><Hangup/>",
     .good = "<!-- twiml-lint: ignore unreachable --><Hangup/>"},
};

}  // namespace

std::span<const Rule> readingRules() { return kRules; }

}  // namespace ivr::twiml
