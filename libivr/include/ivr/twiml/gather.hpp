#pragma once
// What the caller hears, and how keys and words are collected meanwhile.
//
// Written by twiml/schema/generate. Protocol: https://www.twilio.com/docs/voice/twiml

#include "ivr/http/method.hpp"
#include "ivr/twiml/attributes_by_name.hpp"
#include "ivr/twiml/automatic.hpp"
#include "ivr/twiml/choice.hpp"
#include "ivr/twiml/language.hpp"
#include "ivr/twiml/nouns.hpp"
#include "ivr/twiml/ssml.hpp"
#include "ivr/twiml/ssml_text.hpp"
#include "ivr/twiml/voice.hpp"
#include "ivr/twiml/xml_element.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::twiml {

enum class GatherInput {
  dtmf,
  speech,
};
[[nodiscard]] std::string_view textOf(GatherInput word) noexcept;

/// Speaks a text. Numbers without blanks between the digits are read as one number.
struct Say {
  SsmlText<SsmlBreak, SsmlEmphasis, SsmlLang, SsmlP, SsmlPhoneme, SsmlProsody, SsmlS, SsmlSayAs,
           SsmlSub, SsmlW>
      text = {};
  [[no_unique_address]] AttributesByName attributes = {};
  std::optional<Choice<SayLanguage>> language = {};  ///< `enUs` by default.
  std::optional<int> loop = {};  ///< How often; 1 by default, 0 is until the call ends.
  std::optional<Choice<SayVoice>> voice = {};  ///< The account's by default.
  XmlAttributes otherAttributes = {};

  bool operator==(const Say&) const = default;
};

/// Plays a file, or keys.
struct Play {
  std::string url = {};
  [[no_unique_address]] AttributesByName attributes = {};
  /// Keys to play instead of a file: `0-9`, `A-D`, `#`, `*`, `w` (half a second) and `W` (a
  /// second).
  std::optional<std::string> digits = {};
  std::optional<int> loop = {};  ///< How often; 1 by default, 0 is until the call ends.
  XmlAttributes otherAttributes = {};

  bool operator==(const Play&) const = default;
};

/// Is silent.
struct Pause {
  std::optional<std::chrono::seconds> length = {};  ///< 1 s by default.
  XmlAttributes otherAttributes = {};

  bool operator==(const Pause&) const = default;
};

/// Collects keys or speech while the prompt is heard, and asks `action` what is next. The next verb
/// follows if there is none.
struct Gather {
  std::optional<std::string> action = {};        ///< The address of this document by default.
  std::optional<bool> actionOnEmptyResult = {};  ///< Asks `action` without input too.
  std::optional<bool> bargeIn = {};   ///< Whether input ends the prompt. True by default.
  std::optional<bool> debug = {};     ///< Not documented by the provider.
  std::optional<bool> enhanced = {};  ///< Deprecated: choose a `speechModel`.
  /// The key that ends the input, `#` by default; empty for no key.
  std::optional<std::string> finishOnKey = {};
  /// Words to expect, separated by commas: 500 of 100 characters at most.
  std::optional<std::string> hints = {};
  /// `dtmf` by default; the first of both that is used wins.
  std::vector<Choice<GatherInput>> input = {};
  std::optional<Choice<GatherLanguage>> language = {};  ///< `enUs` by default.
  std::optional<std::chrono::seconds> maxSpeechTime = {};
  std::optional<Choice<HttpMethod>> method = {};
  std::optional<int> numDigits = {};  ///< How many keys end the input.
  /// Is told of words as they are understood.
  std::optional<std::string> partialResultCallback = {};
  std::optional<Choice<HttpMethod>> partialResultCallbackMethod = {};
  std::optional<bool> profanityFilter = {};  ///< True by default.
  std::optional<std::string> speechModel = {};
  /// The silence that ends speech; as `timeout` by default.
  std::optional<SecondsOrAuto> speechTimeout = {};
  /// The silence that ends the input, counted from the end of the prompt; 5 s by default.
  std::optional<std::chrono::seconds> timeout = {};
  Nouns<Pause, Play, Say> prompt = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Gather&) const = default;
};

}  // namespace ivr::twiml
