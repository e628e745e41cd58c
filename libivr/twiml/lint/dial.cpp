// Whom Dial calls, and the rooms and queues it leads to.

#include "ivr/twiml/lint.hpp"
#include "twiml/lint/elements.hpp"
#include "twiml/lint/rules.hpp"

namespace ivr::twiml {

namespace {

bool isPhoneNumber(std::string_view text) {
  text = trimmed(text);
  const bool isInternational = text.starts_with('+');
  if (isInternational) text.remove_prefix(1);
  const auto digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
  const std::ptrdiff_t least = isInternational ? 7 : 1;  // short codes and extensions
  return digits >= least && digits <= 15 && isEveryOneOf(text, "0123456789 ()-./");
}

bool isSid(std::string_view text, std::string_view prefix) {
  return text.size() == prefix.size() + 32 && text.starts_with(prefix) &&
         isEveryOneOf(text.substr(prefix.size()), "0123456789abcdefABCDEF");
}

/// The text that stands directly in an element.
std::string ownText(const Element& element, const TwimlDocument& document) {
  std::string all;
  for (const Text& text : document.textsIn(element)) {
    if (text.element == &element) all += text.text;
  }
  return std::string{trimmed(all)};
}

void checkNumber(const Element& element, Lint& lint) {
  std::string number = ownText(element, lint.document());
  if (element.name == "WhatsApp" && number.starts_with("whatsapp:")) number.erase(0, 9);
  const bool mayBeAbsent = element.name == "Dial" && element.inside > 0;
  if (number.empty()) {
    if (!mayBeAbsent) lint.report("not-a-number", element, "there is no number to dial");
  } else if (!isPhoneNumber(number)) {
    lint.report("not-a-number", element, "this is no telephone number; write it as +14155550100");
  }
}

void checkNouns(const Element& dial, Lint& lint) {
  std::size_t ringing = ownText(dial, lint.document()).empty() ? 0 : 1;
  std::size_t others = ringing;
  std::size_t rooms = 0;
  for (const Element& noun : dial.children()) {
    const bool isRoom = noun.name == "Conference";
    isRoom ? ++rooms : ++others;
    if (isOneOf(noun.name, {"Number", "Client", "Sip", "WhatsApp", "Application"})) ++ringing;
    if (isRoom && rooms == 2) {
      lint.report("two-conferences", noun, "a caller can be in one Conference at a time");
    }
  }
  if (const Element* const room = childOf(dial, "Conference"); room != nullptr && others > 0) {
    lint.report("conference-beside-others", *room,
                "a Conference cannot stand beside others to dial");
  }
  constexpr std::size_t kMaxRinging = 10;
  if (ringing > kMaxRinging) {
    lint.report("too-many-callees", dial,
                std::to_string(ringing) + " are to be dialled, and the provider dials " +
                    std::to_string(kMaxRinging));
  }
}

/// A text beside nouns that name the same thing.
void checkTextBesideNouns(const Element& element, Lint& lint) {
  const std::string_view noun = element.name == "Client"        ? "Identity"
                                : element.name == "Sip"         ? "Uri"
                                : element.name == "Application" ? "ApplicationSid"
                                                                : std::string_view{};
  const Element* const first =
      noun.empty() ? (element.inside > 0 ? &element + 1 : nullptr) : childOf(element, noun);
  if (first == nullptr) return;
  for (const Text& text : lint.document().textsIn(element)) {
    const bool isInFront =
        text.element == &element && text.written.data() < (&element + 1)->name.data();
    if (isInFront) {
      lint.report(
          "text-beside-nouns", text,
          "a text and " + tag(first->name) + " both say whom to call; only one of them counts");
      return;
    }
  }
}

void checkCallerId(const Element& dial, Lint& lint) {
  const Attribute* const callerId = dial.find("callerId");
  if (callerId == nullptr) return;
  const std::string_view value = trimmed(callerId->value);
  if (isPhoneNumber(value) || value.starts_with("client:") || value.starts_with("sip:")) return;
  // A SIP phone shows any name; the telephone network wants a number.
  const auto takesNames = [](const Element& noun) {
    return isOneOf(noun.name, {"Sip", "Client", "Application", "Sim", "WhatsApp"});
  };
  const bool isName = !value.empty() && std::ranges::all_of(value, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '_' || c == '.';
  });
  const auto nouns = dial.children();
  if (isName && std::any_of(nouns.begin(), nouns.end(), takesNames)) return;
  if (childOf(dial, "Conference") != nullptr || childOf(dial, "Queue") != nullptr)
    return;  // unused
  lint.report("caller-id", *callerId,
              "callerId must be a telephone number, such as +14155550100, or client:...");
}

void checkSipAddress(const Element& element, Lint& lint) {
  const std::string uri = ownText(element, lint.document());
  if (uri.empty()) return;  // another rule's
  const std::string lower = lowerCase(uri);
  const bool hasScheme = lower.starts_with("sip:") || lower.starts_with("sips:");
  const std::string_view rest = std::string_view{uri}.substr(hasScheme ? uri.find(':') + 1 : 0);
  const std::string_view host = rest.substr(rest.find('@') + 1);  // npos + 1 is 0
  if (!hasScheme) {
    lint.report("sip-address", element, "a SIP address begins with sip: or sips:");
  } else if (host.empty() || uri.find_first_of(" \t\r\n") != std::string::npos) {
    lint.report("sip-address", element, "this is no SIP address; write it as sip:ann@example.com");
  }
}

void checkClient(const Element& element, Lint& lint) {
  if (lowerCase(ownText(element, lint.document())).starts_with("client:")) {
    lint.report("client-prefix", element,
                "the identity stands in " + tag(element.name) + " without client: in front");
  }
}

void checkApplication(const Element& element, Lint& lint) {
  const std::string sid = ownText(element, lint.document());
  if (!sid.empty() && !isSid(sid, "AP")) {
    lint.report("not-a-sid", element, "an application is named by its SID: AP and 32 digits");
  }
}

void checkKeys(const Element& number, Lint& lint) {
  const Attribute* const digits = number.find("sendDigits");
  if (digits != nullptr && !isEveryOneOf(digits->value, kTones)) {
    lint.report("send-digits", *digits, "sendDigits must be of 0-9, A-D, #, *, w and W");
  }
}

void checkDetection(const Element& noun, Lint& lint) {
  const Attribute* const detection = noun.find("machineDetection");
  if (detection != nullptr && !isOneOf(detection->value, {"Enable", "DetectMessageEnd"})) {
    lint.report("machine-detection", *detection,
                "machineDetection must be Enable or DetectMessageEnd");
  }
  if (detection != nullptr) return;
  for (const Attribute& attribute : noun.attributes) {
    if (attribute.name.starts_with("machineDetection") || attribute.name == "amdStatusCallback") {
      lint.report("machine-detection", attribute,
                  "without machineDetection nobody listens for a machine, and " +
                      std::string{attribute.name} + " does nothing");
      return;
    }
  }
}

void checkConference(const Element& conference, Lint& lint) {
  if (ownText(conference, lint.document()).empty()) {
    lint.report("conference-name", conference, "a Conference needs a name");
  }
  constexpr std::size_t kMaxLabel = 128;
  const Attribute* const label = conference.find("participantLabel");
  if (label != nullptr &&
      (label->value.size() > kMaxLabel || label->value.find('/') != std::string_view::npos)) {
    lint.report("participant-label", *label,
                "participantLabel must be 128 characters at most, without a slash");
  }
  const Attribute* const coach = conference.find("coach");
  if (coach != nullptr && !coach->value.empty() && !isSid(coach->value, "CA")) {
    lint.report("coach", *coach, "coach must be the SID of a call: CA and 32 hexadecimal digits");
  }
}

void checkQueue(const Element& queue, Lint& lint) {
  const bool isEnqueue = queue.name == "Enqueue";
  if (gives(queue, isEnqueue ? "workflowSid" : "reservationSid")) return;
  constexpr std::size_t kMaximum = 64;
  const std::string name = ownText(queue, lint.document());
  if (name.empty()) {
    lint.report("queue-name", queue, "a queue needs a name",
                {.code = isEnqueue ? "14204" : "14212"});
  } else if (name.size() > kMaximum) {
    lint.report("queue-name", queue, "the name of a queue must be 64 characters at most",
                {.code = isEnqueue ? "14205" : "14213"});
  }
}

void checkTask(const Element& task, Lint& lint) {
  const std::string json = lint.document().textIn(task);
  if (!json.starts_with('{') || !json.ends_with('}') || json.starts_with("{'")) {
    lint.report("task-attributes", task, "the attributes of a task are an object of JSON");
  }
  if (!gives(*task.parent, "workflowSid")) {
    lint.report("task-attributes", task, "without workflowSid on its <Enqueue> no task is made");
  }
}

constexpr Rule kRules[] = {
    {.id = "not-a-number",
     .code = "13223",
     .elements = "Dial Number WhatsApp",
     .check = checkNumber,
     .summary = "a callee who has no telephone number",
     .why = "Nobody is dialled, and the next verb follows.",
     .bad = "<Dial>Alice</Dial>",
     .good = "<Dial>+14155550100</Dial>"},
    {.id = "two-conferences",
     .severity = Severity::error,
     .elements = "Dial",
     .check = checkNouns,
     .summary = "two conferences in one Dial",
     .why = "A caller can be in one at a time.",
     .bad = "<Dial><Conference>Blue</Conference><Conference>Red</Conference></Dial>",
     .good = "<Dial><Conference>Blue</Conference></Dial>"},
    {.id = "conference-beside-others",
     .code = "13000",
     .summary = "a Conference beside others to dial",
     .why = "One of them is passed over.",
     .bad = "<Dial><Conference>Blue</Conference><Number>+14155550100</Number></Dial>",
     .good = "<Dial><Conference>Blue</Conference></Dial>"},
    {.id = "too-many-callees",
     .summary = "more than ten to dial at once",
     .why = "The provider dials ten; the others never ring.",
     .bad = "<Dial>"
            "<Client>a</Client><Client>b</Client><Client>c</Client><Client>d</Client><Client>e</"
            "Client>"
            "<Client>f</Client><Client>g</Client><Client>h</Client><Client>i</Client><Client>j</"
            "Client>"
            "<Client>k</Client></Dial>",
     .good = "<Dial><Client>a</Client><Client>b</Client></Dial>"},
    {.id = "text-beside-nouns",
     .elements = "Application Client Dial Enqueue Sip",
     .check = checkTextBesideNouns,
     .summary = "a text beside nouns that say the same",
     .why = "Only one of them counts, and nobody has written down which.",
     .bad = "<Dial>+14155550100<Number>+14155550101</Number></Dial>",
     .good = "<Dial><Number>+14155550100</Number><Number>+14155550101</Number></Dial>"},
    {.id = "caller-id",
     .code = "13214",
     .elements = "Dial",
     .check = checkCallerId,
     .summary = "a caller id that cannot be",
     .why =
         "The provider shows numbers that are verified, or that of the caller; with any other the "
         "call is not made.",
     .bad = "<Dial callerId='My Company'>+14155550100</Dial>",
     .good = "<Dial callerId='+14155550101'>+14155550100</Dial>"},
    {.id = "sip-address",
     .elements = "Sip Uri",
     .check = checkSipAddress,
     .summary = "a SIP address that cannot be",
     .why = "Nobody is dialled, and the next verb follows.",
     .bad = "<Dial><Sip>ann@example.com</Sip></Dial>",
     .good = "<Dial><Sip>sip:ann@example.com</Sip></Dial>"},
    {.id = "client-prefix",
     .elements = "Client Identity",
     .check = checkClient,
     .summary = "client: in front of an identity",
     .why =
         "That is how From and To name a client; in the noun it is part of the name, which nobody "
         "has.",
     .bad = "<Dial><Client>client:ann</Client></Dial>",
     .good = "<Dial><Client>ann</Client></Dial>"},
    {.id = "not-a-sid",
     .elements = "Application ApplicationSid",
     .check = checkApplication,
     .summary = "an application that is not named by its SID",
     .why = "Nobody is dialled.",
     .bad = "<Dial><Application>lunch line</Application></Dial>",
     .good = "<Dial><Application>AP0123456789abcdef0123456789abcdef</Application></Dial>"},
    {.id = "send-digits",
     .code = "13222",
     .elements = "Number",
     .check = checkKeys,
     .summary = "sendDigits with what is no key",
     .why = "The provider sends no keys at all.",
     .bad = "<Dial><Number sendDigits='1-2'>+14155550100</Number></Dial>",
     .good = "<Dial><Number sendDigits='1w2'>+14155550100</Number></Dial>"},
    {.id = "machine-detection",
     .elements = "Number Sip",
     .check = checkDetection,
     .summary = "answering machines that nobody listens for",
     .why = "Without machineDetection its settings and its callback do nothing.",
     .bad = "<Dial><Number amdStatusCallback='/amd'>+14155550100</Number></Dial>",
     .good =
         "<Dial><Number machineDetection='Enable' amdStatusCallback='/amd'>+14155550100</Number>"
         "</Dial>"},
    {.id = "conference-name",
     .code = "13237",
     .elements = "Conference",
     .check = checkConference,
     .summary = "a Conference without a name",
     .why = "Nobody is let in.",
     .bad = "<Dial><Conference/></Dial>",
     .good = "<Dial><Conference>Blue</Conference></Dial>"},
    {.id = "participant-label",
     .code = "16023",
     .severity = Severity::error,
     .summary = "a participantLabel that is too long, or holds a slash",
     .why = "The caller is not let in, and the next verb follows.",
     .bad = "<Dial><Conference participantLabel='a/b'>Blue</Conference></Dial>",
     .good = "<Dial><Conference participantLabel='a-b'>Blue</Conference></Dial>"},
    {.id = "coach",
     .code = "13240",
     .severity = Severity::error,
     .summary = "a coach who is not named by the SID of a call",
     .why = "The caller is not let in.",
     .bad = "<Dial><Conference coach='ann'>Blue</Conference></Dial>",
     .good =
         "<Dial><Conference coach='CA0123456789abcdef0123456789abcdef'>Blue</Conference></Dial>"},
    {.id = "queue-name",
     .code = "14204",
     .severity = Severity::error,
     .elements = "Enqueue Queue",
     .check = checkQueue,
     .summary = "a queue without a name, or with one of more than 64 characters",
     .why = "The caller is not put into it.",
     .bad = "<Enqueue/>",
     .good = "<Enqueue>support</Enqueue>"},
    {.id = "task-attributes",
     .elements = "Task",
     .check = checkTask,
     .summary = "a Task that is no JSON, or has no workflow",
     .why = "No task is made, so no worker ever gets the call.",
     .bad =
         "<Enqueue workflowSid='WW0123456789abcdef0123456789abcdef'><Task>lunch</Task></Enqueue>",
     .good = "<Enqueue workflowSid='WW0123456789abcdef0123456789abcdef'><Task>{\"kind\":\"lunch\"}"
             "</Task></Enqueue>"},
};

}  // namespace

std::span<const Rule> dialRules() { return kRules; }

}  // namespace ivr::twiml
