#pragma once
// What the names of voices and languages say.

#include <optional>
#include <string>
#include <string_view>

namespace ivr::twiml {

/// What is wrong with a name, and what was probably meant.
struct Misnomer {
  std::string message = {};  ///< Of a voice, a sentence; of a language, the rest of one.
  std::string meant = {};    ///< Empty if nobody knows.
};

/// A name that is nearly that of a voice. New voices appear without notice, so one that is far from
/// all others is taken for new.
[[nodiscard]] std::optional<Misnomer> misnomerOfVoice(std::string_view voice);

/// What cannot be a language tag (BCP 47): `en_US`, `english`, `en-UK`.
[[nodiscard]] std::optional<Misnomer> misnomerOfLanguage(std::string_view tag);

/// The languages that a voice speaks, as primary subtags between blanks: `en hi`. Empty if nobody
/// knows.
[[nodiscard]] std::string languagesOfVoice(std::string_view voice);

/// The primary subtag of a language, one for each of those that have two: `cmn` is `zh`.
[[nodiscard]] std::string primaryOf(std::string_view tag);

}  // namespace ivr::twiml
