#include "twiml/lint/voices.hpp"

#include "core/text.hpp"
#include "twiml/spelling.hpp"
#include "twiml/words.hpp"
#include "twiml/xml_scanner.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

namespace ivr::twiml {

namespace {

struct PollyVoice {
  std::string_view name;
  std::string_view languages;  ///< Primary subtags.
};

/// The voices of Amazon Polly, by their names without accents
/// (https://docs.aws.amazon.com/polly/latest/dg/available-voices.html).
constexpr PollyVoice kPolly[] = {
    {"Aditi", "en hi"}, {"Adriano", "it"},   {"Alba", "es"},     {"Ambre", "fr"},
    {"Amy", "en"},      {"Andres", "es"},    {"Aria", "en"},     {"Arlet", "ca"},
    {"Arthur", "en"},   {"Astrid", "sv"},    {"Ayanda", "en"},   {"Beatrice", "it"},
    {"Bianca", "it"},   {"Brian", "en"},     {"Burcu", "tr"},    {"Camila", "pt"},
    {"Carla", "it"},    {"Carmen", "ro"},    {"Celine", "fr"},   {"Chantal", "fr"},
    {"Conchita", "es"}, {"Cristiano", "pt"}, {"Daniel", "de"},   {"Danielle", "en"},
    {"Dora", "is"},     {"Elin", "sv"},      {"Emma", "en"},     {"Enrique", "es"},
    {"Ewa", "pl"},      {"Filiz", "tr"},     {"Florian", "fr"},  {"Gabrielle", "fr"},
    {"Geraint", "en"},  {"Giorgio", "it"},   {"Gregory", "en"},  {"Gwyneth", "cy"},
    {"Hala", "ar"},     {"Hannah", "de"},    {"Hans", "de"},     {"Hiujin", "yue"},
    {"Ida", "nb"},      {"Ines", "pt"},      {"Isabelle", "fr"}, {"Ivy", "en"},
    {"Jacek", "pl"},    {"Jan", "pl"},       {"Jasmine", "en"},  {"Jihye", "ko"},
    {"Jitka", "cs"},    {"Joanna", "en"},    {"Joey", "en"},     {"Justin", "en"},
    {"Kajal", "en hi"}, {"Karl", "is"},      {"Kazuha", "ja"},   {"Kendra", "en"},
    {"Kevin", "en"},    {"Kimberly", "en"},  {"Laura", "nl"},    {"Lea", "fr"},
    {"Lennart", "de"},  {"Liam", "fr"},      {"Lisa", "nl"},     {"Liv", "nb"},
    {"Lorenzo", "it"},  {"Lotte", "nl"},     {"Lucia", "es"},    {"Lupe", "es"},
    {"Mads", "da"},     {"Maja", "pl"},      {"Marlene", "de"},  {"Mathieu", "fr"},
    {"Matthew", "en"},  {"Maxim", "ru"},     {"Mia", "es"},      {"Miguel", "es"},
    {"Mizuki", "ja"},   {"Naja", "da"},      {"Niamh", "en"},    {"Nicole", "en"},
    {"Ola", "pl"},      {"Olivia", "en"},    {"Patrick", "en"},  {"Pedro", "es"},
    {"Penelope", "es"}, {"Raul", "es"},      {"Raveena", "en"},  {"Remi", "fr"},
    {"Ricardo", "pt"},  {"Ruben", "nl"},     {"Russell", "en"},  {"Ruth", "en"},
    {"Sabrina", "de"},  {"Salli", "en"},     {"Seoyeon", "ko"},  {"Sergio", "es"},
    {"Sofie", "da"},    {"Stephen", "en"},   {"Suvi", "fi"},     {"Takumi", "ja"},
    {"Tatyana", "ru"},  {"Thiago", "pt"},    {"Tiffany", "en"},  {"Tomoko", "ja"},
    {"Vicki", "de"},    {"Vitoria", "pt"},   {"Zayd", "ar"},     {"Zeina", "ar"},
    {"Zhiyu", "zh"}};

constexpr std::array<std::string_view, 3> kBasic{"man", "woman", "alice"};
constexpr std::array<std::string_view, 2> kMakers{"Polly", "Google"};
constexpr std::array<std::string_view, 3> kPollyKinds{"Neural", "Generative", "Long-Form"};
constexpr std::array<std::string_view, 10> kGoogleKinds{
    "Standard", "Wavenet", "Neural2", "Chirp3-HD", "Chirp-HD",
    "Studio",   "News",    "Casual",  "Polyglot",  "Journey"};

/// ISO 639-1.
constexpr std::string_view kLanguages =
    " aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
    "da de "
    "dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz "
    "ia id "
    "ie ig ii ik io is it iu iw ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln "
    "lo lt "
    "lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl "
    "ps pt "
    "qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl "
    "tn to "
    "tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ";

/// ISO 3166-1, and the provider's XA, Arabic of no country.
constexpr std::string_view kCountries =
    " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR "
    "BS BT "
    "BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE "
    "EG EH "
    "ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN "
    "HR HT "
    "HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK "
    "LR LS "
    "LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF "
    "NG NI "
    "NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD "
    "SE SG "
    "SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ "
    "UA UG "
    "UM US UY UZ VA VC VE VG VI VN VU WF WS XA XK YE YT ZA ZM ZW ";

bool holds(std::string_view list, std::string_view word) {
  return list.find(' ' + std::string{word} + ' ') != std::string_view::npos;
}

std::string upperCase(std::string_view text) {
  std::string upper{text};
  std::ranges::transform(upper, upper.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return upper;
}

/// Without the accents that names of voices have: `Mía` is `Mia`.
std::string withoutAccents(std::string_view text) {
  constexpr std::pair<std::string_view, char> kLetters[] = {
      {"á", 'a'}, {"é", 'e'}, {"í", 'i'}, {"ó", 'o'}, {"ú", 'u'}, {"ê", 'e'}, {"ô", 'o'},
      {"ã", 'a'}, {"É", 'E'}, {"Í", 'I'}, {"ñ", 'n'}, {"ç", 'c'}, {"è", 'e'}, {"ë", 'e'}};
  std::string plain;
  while (!text.empty()) {
    const auto* const letter = std::ranges::find_if(
        kLetters, [&](const auto& one) { return text.starts_with(one.first); });
    const bool isAccented = letter != std::end(kLetters);
    plain += isAccented ? letter->second : text.front();
    text.remove_prefix(isAccented ? letter->first.size() : 1);
  }
  return plain;
}

const PollyVoice* pollyVoice(std::string_view name) {
  const auto* const found = std::ranges::find(kPolly, withoutAccents(name), &PollyVoice::name);
  return found == std::end(kPolly) ? nullptr : found;
}

std::vector<std::string_view> pollyNames() {
  std::vector<std::string_view> names;
  for (const PollyVoice& voice : kPolly) names.push_back(voice.name);
  return names;
}

std::optional<Misnomer> shouldBe(std::string meant) {
  return Misnomer{"there is no such voice; did you mean " + meant + '?', std::move(meant)};
}

/// `name` is what stands behind `Polly.`.
std::optional<Misnomer> misnomerOfPolly(std::string_view name) {
  const std::size_t dash = std::min(name.find('-'), name.size());
  const std::string_view person = name.substr(0, dash);
  const std::string_view kind = name.substr(std::min(dash + 1, name.size()));
  std::string meant{person};
  if (pollyVoice(person) == nullptr) {
    static const std::vector<std::string_view> names = pollyNames();
    const std::string_view nearest = nearestName(withoutAccents(person), names);
    if (!nearest.empty()) meant = nearest;
  }
  const bool isKind =
      dash == name.size() || std::ranges::find(kPollyKinds, kind) != kPollyKinds.end();
  const std::string_view nearestKind = isKind ? kind : nearestName(kind, kPollyKinds);
  if (meant == person && nearestKind == kind) return std::nullopt;
  if (meant == person && nearestKind.empty()) return std::nullopt;  // a new kind, perhaps
  const std::string_view rest = nearestKind.empty() ? kind : nearestKind;
  return shouldBe("Polly." + meant + (rest.empty() ? "" : '-' + std::string{rest}));
}

/// `name` is what stands behind `Google.`: a language, a kind of voice and its letter or name.
std::optional<Misnomer> misnomerOfGoogle(std::string_view name) {
  const std::size_t region = name.find_first_of("-_");
  const std::size_t languageEnd = std::min(name.find_first_of("-_", region + 1), name.size());
  if (region == std::string_view::npos || languageEnd == name.size()) {
    return Misnomer{
        "there is no such voice; those of Google have names such as Google.en-US-Wavenet-A"};
  }
  const std::string_view written = name.substr(0, languageEnd);
  std::string language =
      lowerCase(written.substr(0, region)) + '-' + upperCase(written.substr(region + 1));
  const std::string_view rest = name.substr(languageEnd + 1);
  const std::size_t letter = rest.rfind('-');
  const std::string_view kind = rest.substr(0, letter);
  const std::string_view person =
      letter == std::string_view::npos ? std::string_view{} : rest.substr(letter);
  const bool isKind = std::ranges::find(kGoogleKinds, kind) != kGoogleKinds.end();
  const std::string_view nearestKind = isKind ? kind : nearestName(kind, kGoogleKinds);
  const bool isLanguage = language == written;
  if (isLanguage && (isKind || nearestKind.empty())) return std::nullopt;
  return shouldBe("Google." + language + '-' +
                  std::string{nearestKind.empty() ? kind : nearestKind} + std::string{person});
}

}  // namespace

std::optional<Misnomer> misnomerOfVoice(std::string_view voice) {
  if (std::ranges::find(kBasic, voice) != kBasic.end()) return std::nullopt;
  const std::size_t point = voice.find('.');
  if (point == std::string_view::npos) {
    if (pollyVoice(voice.substr(0, voice.find('-'))) != nullptr)
      return shouldBe("Polly." + std::string{voice});
    const std::string_view nearest = nearestName(voice, kBasic);
    if (!nearest.empty()) return shouldBe(std::string{nearest});
    return Misnomer{"there is no such voice; there are man, woman, alice, Polly.* and Google.*"};
  }
  const std::string_view maker = voice.substr(0, point);
  const std::string_view name = voice.substr(point + 1);
  if (maker == "Polly") return misnomerOfPolly(name);
  if (maker == "Google") return misnomerOfGoogle(name);
  const std::string_view nearest = nearestName(maker, kMakers);
  if (nearest.empty()) return std::nullopt;  // a new maker, perhaps
  return shouldBe(std::string{nearest} + '.' + std::string{name});
}

std::optional<Misnomer> misnomerOfLanguage(std::string_view tag) {
  constexpr std::size_t kLongestTag = 12;
  if (tag == "multi" || tag.empty()) return std::nullopt;  // speech in any of several languages
  if (tag.find('_') != std::string_view::npos) {
    std::string meant{tag};
    std::ranges::replace(meant, '_', '-');
    if (meant.size() > kLongestTag || misnomerOfLanguage(meant)) meant.clear();
    return Misnomer{"is no language tag" + (meant.empty() ? "; those are such as en-US"
                                                          : "; did you mean " + meant + '?'),
                    meant};
  }
  const std::size_t dash = std::min(tag.find('-'), tag.size());
  const std::string primary = lowerCase(tag.substr(0, dash));
  const bool areLetters = std::ranges::all_of(primary, [](char c) { return c >= 'a' && c <= 'z'; });
  const bool isTag =
      areLetters && (primary.size() == 3 || (primary.size() == 2 && holds(kLanguages, primary)));
  if (!isTag) {
    return Misnomer{"is no language tag; those are such as en-US"};
  }
  const std::string_view rest = tag.substr(std::min(dash + 1, tag.size()));
  const std::string_view region = rest.substr(rest.rfind('-') + 1);  // npos + 1 is 0
  if (region.size() != 2 || holds(kCountries, upperCase(region))) return std::nullopt;
  std::string meant;
  if (upperCase(region) == "UK") meant = primary + "-GB";
  if (meant.empty()) {
    for (const std::string_view known : Words<SayLanguage>::all) {
      if (known.substr(0, known.find('-')) == primary && known.size() == 5) meant = known;
      if (!meant.empty() && (meant == "en-US" || upperCase(primary) == meant.substr(3))) break;
    }
  }
  return Misnomer{"names no country" + (meant.empty() ? "" : "; did you mean " + meant + '?'),
                  meant};
}

std::string languagesOfVoice(std::string_view voice) {
  if (voice == "man" || voice == "woman") return "de en es fr it";
  if (voice.starts_with("Polly.")) {
    const std::string_view name = voice.substr(6);
    const PollyVoice* const known = pollyVoice(name.substr(0, name.find('-')));
    return known == nullptr ? std::string{} : std::string{known->languages};
  }
  if (voice.starts_with("Google.") && voice.find("Polyglot") == std::string_view::npos) {
    const std::string_view name = voice.substr(7);
    return name.find('-') == std::string_view::npos ? std::string{}
                                                    : primaryOf(name.substr(0, name.find('-')));
  }
  return {};
}

std::string primaryOf(std::string_view tag) {
  const std::string primary = lowerCase(tag.substr(0, tag.find('-')));
  constexpr std::pair<std::string_view, std::string_view> kSame[] = {
      {"cmn", "zh"}, {"arb", "ar"}, {"no", "nb"}, {"tl", "fil"}, {"iw", "he"}};
  for (const auto& [one, other] : kSame) {
    if (primary == one) return std::string{other};
  }
  // Cantonese is zh-HK too.
  return lowerCase(tag) == "zh-hk" ? "yue" : primary;
}

}  // namespace ivr::twiml
