#pragma once
// SSML: how the text of <Say> is spoken.
//
//   Say{{"Your code is ", SsmlSayAs{.text = "1234", .interpretAs = SsmlInterpretAs::digits},
//        SsmlBreak{.time = 500ms}, "Goodbye."}}
//
// Written by twiml/schema/generate. Protocol: https://www.twilio.com/docs/voice/twiml

#include "ivr/twiml/attributes_by_name.hpp"
#include "ivr/twiml/choice.hpp"
#include "ivr/twiml/language.hpp"
#include "ivr/twiml/ssml_text.hpp"
#include "ivr/twiml/xml_element.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ivr::twiml {

enum class SsmlBreakStrength {
  none,
  xWeak,
  weak,
  medium,
  strong,
  xStrong,
};
[[nodiscard]] std::string_view textOf(SsmlBreakStrength word) noexcept;

enum class SsmlEmphasisLevel {
  strong,
  moderate,
  reduced,
};
[[nodiscard]] std::string_view textOf(SsmlEmphasisLevel word) noexcept;

enum class SsmlPhonemeAlphabet {
  ipa,
  xSampa,
  xAmazonJyutping,
  xAmazonPinyin,
  xAmazonPronKana,
  xAmazonYomigana,
};
[[nodiscard]] std::string_view textOf(SsmlPhonemeAlphabet word) noexcept;

/// The order of day, month and year in a date that is read out.
enum class SsmlDateFormat {
  mdy,
  dmy,
  ymd,
  md,
  dm,
  ym,
  my,
  d,
  m,
  y,
  yyyymmdd,
};
[[nodiscard]] std::string_view textOf(SsmlDateFormat word) noexcept;

enum class SsmlInterpretAs {
  characters,
  spellOut,
  cardinal,
  number,
  ordinal,
  digits,
  fraction,
  unit,
  date,
  time,
  address,
  expletive,
  telephone,
};
[[nodiscard]] std::string_view textOf(SsmlInterpretAs word) noexcept;

struct SsmlEmphasis;
struct SsmlLang;
struct SsmlP;
struct SsmlProsody;
struct SsmlS;
struct SsmlW;

/// Is silent for a moment.
struct SsmlBreak {
  std::optional<Choice<SsmlBreakStrength>> strength = {};
  std::optional<std::chrono::milliseconds> time = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const SsmlBreak&) const = default;
};

/// Says words as their sounds are written.
struct SsmlPhoneme {
  std::string text = {};
  [[no_unique_address]] AttributesByName attributes = {};
  std::optional<Choice<SsmlPhonemeAlphabet>> alphabet = {};
  std::optional<std::string> ph = {};  ///< The sounds, in the signs of the alphabet.
  XmlAttributes otherAttributes = {};

  bool operator==(const SsmlPhoneme&) const = default;
};

/// Says a text as a number, a date, single letters.
struct SsmlSayAs {
  std::string text = {};
  [[no_unique_address]] AttributesByName attributes = {};
  std::optional<Choice<SsmlDateFormat>> format = {};
  std::optional<Choice<SsmlInterpretAs>> interpretAs = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const SsmlSayAs&) const = default;
};

/// Says the alias in place of what is written.
struct SsmlSub {
  std::string text = {};
  [[no_unique_address]] AttributesByName attributes = {};
  std::optional<std::string> alias = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const SsmlSub&) const = default;
};

/// Stresses words.
struct SsmlEmphasis {
  SsmlText<SsmlBreak, SsmlEmphasis, SsmlLang, SsmlPhoneme, SsmlProsody, SsmlSayAs, SsmlSub, SsmlW>
      text = {};
  [[no_unique_address]] AttributesByName attributes = {};
  std::optional<Choice<SsmlEmphasisLevel>> level = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const SsmlEmphasis&) const = default;
};

/// Speaks words of another language.
struct SsmlLang {
  SsmlText<SsmlBreak, SsmlEmphasis, SsmlLang, SsmlP, SsmlPhoneme, SsmlProsody, SsmlS, SsmlSayAs,
           SsmlSub, SsmlW>
      text = {};
  [[no_unique_address]] AttributesByName attributes = {};
  std::optional<Choice<SsmlLanguage>> xmlLang = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const SsmlLang&) const = default;
};

/// A paragraph.
struct SsmlP {
  SsmlText<SsmlBreak, SsmlEmphasis, SsmlLang, SsmlPhoneme, SsmlProsody, SsmlS, SsmlSayAs, SsmlSub,
           SsmlW>
      text = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const SsmlP&) const = default;
};

/// Says words louder, faster or higher.
struct SsmlProsody {
  SsmlText<SsmlBreak, SsmlEmphasis, SsmlLang, SsmlP, SsmlPhoneme, SsmlProsody, SsmlS, SsmlSayAs,
           SsmlSub, SsmlW>
      text = {};
  [[no_unique_address]] AttributesByName attributes = {};
  std::optional<std::string> pitch = {};   ///< Such as `high` or `+10%`.
  std::optional<std::string> rate = {};    ///< Such as `slow` or `85%`.
  std::optional<std::string> volume = {};  ///< Such as `loud` or `+6dB`.
  XmlAttributes otherAttributes = {};

  bool operator==(const SsmlProsody&) const = default;
};

/// A sentence.
struct SsmlS {
  SsmlText<SsmlBreak, SsmlEmphasis, SsmlLang, SsmlPhoneme, SsmlProsody, SsmlSayAs, SsmlSub, SsmlW>
      text = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const SsmlS&) const = default;
};

/// Says a word as the part of speech it is.
struct SsmlW {
  SsmlText<SsmlBreak, SsmlEmphasis, SsmlPhoneme, SsmlProsody, SsmlSayAs, SsmlSub> text = {};
  [[no_unique_address]] AttributesByName attributes = {};
  std::optional<std::string> role = {};  ///< Such as `amazon:VB`, a verb.
  XmlAttributes otherAttributes = {};

  bool operator==(const SsmlW&) const = default;
};

}  // namespace ivr::twiml
