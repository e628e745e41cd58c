// The settings of Gather and Record: keys, words and times.

#include "twiml/lint/elements.hpp"
#include "twiml/lint/rules.hpp"

namespace ivr::twiml {

namespace {

constexpr std::string_view kKeys = "0123456789#*";

void checkFinishOnKey(const Element& gather, Lint& lint) {
  const Attribute* const key = gather.find("finishOnKey");
  if (key == nullptr) return;
  if (key->value.size() > 1) {
    lint.report("finish-on-key", *key, "finishOnKey is one key or none", {.code = "13311"});
  } else if (!isEveryOneOf(key->value, kKeys)) {
    lint.report("finish-on-key", *key, "finishOnKey must be one of 0-9, # and *");
  }
}

void checkHints(const Element& gather, Lint& lint) {
  constexpr std::ptrdiff_t kMost = 500;
  constexpr std::size_t kMaximum = 100;
  const Attribute* const hints = gather.find("hints");
  if (hints == nullptr) return;
  const bool areTooMany = std::ranges::count(hints->value, ',') >= kMost;
  const bool isTooLong = std::ranges::any_of(
      itemsOf(hints->value), [](std::string_view hint) { return hint.size() > kMaximum; });
  if (areTooMany || isTooLong) {
    lint.report("hints-too-long", *hints, "hints must be 500 at most, of 100 characters each");
  }
}

/// Settings for the kind of input that is not awaited.
void checkInput(const Element& gather, Lint& lint) {
  const std::string_view input = gather.value("input").value_or("dtmf");
  const bool awaitsSpeech = input.find("speech") != std::string_view::npos;
  const bool awaitsKeys = input.find("dtmf") != std::string_view::npos;
  for (const Attribute& attribute : gather.attributes) {
    if (!awaitsSpeech &&
        isOneOf(attribute.name, {"hints", "speechTimeout", "speechModel", "enhanced",
                                 "maxSpeechTime", "partialResultCallback"})) {
      return lint.report("speech-not-awaited", attribute,
                         std::string{attribute.name} +
                             " is for speech, and without input=\"speech\" or \"dtmf speech\" only "
                             "keys are awaited");
    }
    if (!awaitsKeys && awaitsSpeech && attribute.name == "numDigits") {
      return lint.report("keys-not-awaited", attribute,
                         "numDigits is for keys, and with input=\"speech\" only speech is awaited");
    }
  }
}

void checkRecord(const Element& record, Lint& lint) {
  if (const Attribute* const key = record.find("finishOnKey");
      key != nullptr && !isEveryOneOf(key->value, kKeys)) {
    lint.report("record-finish-on-key", *key, "finishOnKey must be of 0-9, # and *");
  }
  constexpr int kMaxTranscript = 120;
  const bool isTranscribed = has(record, "transcribe", "true");
  if (const Attribute* const length = record.find("maxLength");
      length != nullptr && isTranscribed) {
    const auto seconds = numberFrom<int>(length->value);
    if (seconds && *seconds > kMaxTranscript) {
      lint.report("transcript-too-long", *length, "with transcribe, maxLength must be 120 or less");
    }
  }
  if (const Attribute* const callback = record.find("transcribeCallback");
      callback != nullptr && !isTranscribed) {
    lint.report("no-transcript", *callback,
                "without transcribe=\"true\" nothing is ever sent to transcribeCallback");
  }
}

constexpr Rule kRules[] = {
    {.id = "finish-on-key",
     .code = "13310",
     .elements = "Gather",
     .check = checkFinishOnKey,
     .summary = "finishOnKey of Gather that is not one key or none",
     .why = "The default applies: # ends the input.",
     .bad = "<Gather action='/choice' finishOnKey='#*'/><Hangup/>",
     .good = "<Gather action='/choice' finishOnKey='*'/><Hangup/>"},
    {.id = "hints-too-long",
     .code = "13330",
     .elements = "Gather",
     .check = checkHints,
     .summary = "more than 500 hints, or one of more than 100 characters",
     .why = "The provider passes over all of them."},
    {.id = "speech-not-awaited",
     .elements = "Gather",
     .check = checkInput,
     .summary = "settings for speech where keys alone are awaited",
     .why = "By default a Gather awaits keys: nobody listens to what the caller says.",
     .bad = "<Gather action='/choice' hints='lunch, dinner'/><Hangup/>",
     .good = "<Gather action='/choice' hints='lunch, dinner' input='dtmf speech'/><Hangup/>"},
    {.id = "keys-not-awaited",
     .summary = "numDigits where speech alone is awaited",
     .why = "Keys do nothing; the caller who presses one waits.",
     .bad = "<Gather action='/choice' input='speech' numDigits='1'/><Hangup/>",
     .good = "<Gather action='/choice' input='dtmf speech' numDigits='1'/><Hangup/>"},
    {.id = "record-finish-on-key",
     .code = "13613",
     .elements = "Record",
     .check = checkRecord,
     .summary = "finishOnKey of Record with what is no key",
     .why = "The default applies: any key ends the recording.",
     .bad = "<Record action='/recorded' finishOnKey='x'/>",
     .good = "<Record action='/recorded' finishOnKey='12#'/>"},
    {.id = "transcript-too-long",
     .code = "13615",
     .summary = "a recording of more than two minutes that is to be transcribed",
     .why = "The provider transcribes nothing that is longer.",
     .bad = "<Record action='/recorded' maxLength='121' transcribe='true'/>",
     .good = "<Record action='/recorded' maxLength='120' transcribe='true'/>"},
    {.id = "no-transcript",
     .summary = "transcribeCallback without transcribe",
     .why = "Nothing is ever sent to it.",
     .bad = "<Record action='/recorded' transcribeCallback='/words'/>",
     .good = "<Record action='/recorded' transcribe='true' transcribeCallback='/words'/>"},
};

}  // namespace

std::span<const Rule> gatherRules() { return kRules; }

}  // namespace ivr::twiml
