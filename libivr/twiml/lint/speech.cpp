// Voices and languages.

#include "twiml/lint/elements.hpp"
#include "twiml/lint/rules.hpp"
#include "twiml/lint/voices.hpp"
#include "twiml/xml_scanner.hpp"

namespace ivr::twiml {

namespace {

void checkVoice(const Element& say, Lint& lint) {
  const Attribute* const voice = say.find("voice");
  if (voice == nullptr || voice->value.empty()) return;
  if (const auto wrong = misnomerOfVoice(voice->value)) {
    lint.report("unknown-voice", *voice, wrong->message);
    return;
  }
  const bool isBasic = isOneOf(voice->value, {"man", "woman", "alice"});
  if (isBasic && say.inside > 0) {
    lint.report("ssml-unread", *(&say + 1),
                "the voice " + std::string{voice->value} +
                    " reads no SSML: use one of Polly's or "
                    "Google's");
  }
  const Attribute* const language = say.find("language");
  if (language == nullptr || misnomerOfLanguage(language->value)) return;
  const std::string spoken = ' ' + languagesOfVoice(voice->value) + ' ';
  if (spoken != "  " && spoken.find(' ' + primaryOf(language->value) + ' ') == std::string::npos) {
    lint.report(
        "voice-language", *language,
        "the voice " + shortened(voice->value) + " does not speak " + shortened(language->value));
  }
}

void checkLanguages(const Element& element, Lint& lint) {
  for (const Attribute& attribute : element.attributes) {
    const bool isLanguage = isOneOf(attribute.name, {"language", "languageCode", "ttsLanguage",
                                                     "transcriptionLanguage", "xml:lang"}) ||
                            (element.name == "Language" && attribute.name == "code");
    if (!isLanguage) continue;
    const auto wrong = misnomerOfLanguage(trimmed(attribute.value));
    if (!wrong) continue;
    Lint::Details details;
    if (attribute.value.find('_') != std::string_view::npos && !wrong->meant.empty() &&
        attribute.value == attribute.written) {
      const auto offset = attribute.written.data() - lint.document().text().data();
      details.fix.push_back({.offset = static_cast<std::size_t>(offset),
                             .length = attribute.written.size(),
                             .replacement = wrong->meant});
    }
    lint.report("unknown-language", attribute, std::string{attribute.name} + ' ' + wrong->message,
                std::move(details));
  }
}

void checkRegion(const Element& gather, Lint& lint) {
  const Attribute* const language = gather.find("language");
  const std::string_view input = gather.value("input").value_or("dtmf");
  if (language == nullptr || input.find("speech") == std::string_view::npos) return;
  // Deepgram's models take a language alone.
  const std::string model = lowerCase(gather.value("speechModel").value_or(""));
  if (model.find("deepgram") != std::string::npos || model.find("nova") != std::string::npos)
    return;
  const std::string_view tag = language->value;
  const bool isAlone = tag.find_first_of("-_") == std::string_view::npos && tag.size() <= 3;
  if (isAlone && tag != "zh" && !tag.empty() && !misnomerOfLanguage(tag)) {
    lint.report("language-without-region", *language,
                "speech is recognised in a language of a region, such as " +
                    (tag == "en" ? std::string{"en-US"} : lowerCase(tag) + "-..."));
  }
}

constexpr Rule kRules[] = {
    {.id = "unknown-voice",
     .elements = "Say",
     .check = checkVoice,
     .summary = "a name that is nearly that of a voice",
     .why =
         "The verb fails, or another voice speaks. A name that is far from all known ones is taken "
         "for a new voice.",
     .bad = "<Say voice='Polly.Johana'>Hello.</Say>",
     .good = "<Say voice='Polly.Joanna'>Hello.</Say>"},
    {.id = "ssml-unread",
     .summary = "SSML for a basic voice",
     .why = "man, woman and alice read no SSML: the text is spoken without it, or not at all.",
     .bad = "<Say voice='alice'>Hello <break time='1s'/> again.</Say>",
     .good = "<Say voice='Polly.Amy'>Hello <break time='1s'/> again.</Say>"},
    {.id = "voice-language",
     .summary = "a voice of another language",
     .why = "The words are spoken as if they were that other language, or not at all.",
     .bad = "<Say voice='Polly.Joanna' language='es-MX'>Hola.</Say>",
     .good = "<Say voice='Polly.Mia' language='es-MX'>Hola.</Say>"},
    {.id = "unknown-language",
     .elements =
         "Assistant ConversationRelay Gather Language Pay Say Transcription VirtualAgent lang",
     .check = checkLanguages,
     .summary = "what cannot be the tag of a language",
     .why = "Tags have hyphens and the codes of countries: en-US, en-GB. With another the verb "
            "fails, or "
            "the default speaks.",
     .bad = "<Say language='en_US'>Hello.</Say>",
     .good = "<Say language='en-US'>Hello.</Say>"},
    {.id = "language-without-region",
     .code = "13331",
     .elements = "Gather",
     .check = checkRegion,
     .summary = "speech in a language without a region",
     .why = "Recognition wants to know which English; the default is en-US.",
     .bad = "<Gather action='/said' input='speech' language='en'><Say>Which "
            "dish?</Say></Gather><Hangup/>",
     .good =
         "<Gather action='/said' input='speech' language='en-GB'><Say>Which dish?</Say></Gather>"
         "<Hangup/>"},
};

}  // namespace

std::span<const Rule> speechRules() { return kRules; }

}  // namespace ivr::twiml
