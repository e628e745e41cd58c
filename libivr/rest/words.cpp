#include "rest/words.hpp"

// Written by rest/schema/generate.

#include <cstddef>

namespace ivr::rest {

namespace {

/// Empty for a value that is not an enumerator.
template <class Word>
std::string_view textIn(Word word) noexcept {
  const auto index = static_cast<std::size_t>(word);
  return index < Words<Word>::all.size() ? Words<Word>::all[index] : std::string_view{};
}

}  // namespace

std::string_view textOf(CallStatus word) noexcept { return textIn(word); }
std::string_view textOf(CallEnd word) noexcept { return textIn(word); }
std::string_view textOf(ConferenceStatus word) noexcept { return textIn(word); }
std::string_view textOf(ReasonConferenceEnded word) noexcept { return textIn(word); }
std::string_view textOf(ParticipantStatus word) noexcept { return textIn(word); }
std::string_view textOf(RecordingStatus word) noexcept { return textIn(word); }
std::string_view textOf(RecordingSource word) noexcept { return textIn(word); }
std::string_view textOf(MessageStatus word) noexcept { return textIn(word); }
std::string_view textOf(MessageDirection word) noexcept { return textIn(word); }
std::string_view textOf(ContentRetention word) noexcept { return textIn(word); }
std::string_view textOf(AddressRetention word) noexcept { return textIn(word); }
std::string_view textOf(TrafficType word) noexcept { return textIn(word); }
std::string_view textOf(ScheduleType word) noexcept { return textIn(word); }
std::string_view textOf(RiskCheck word) noexcept { return textIn(word); }

}  // namespace ivr::rest
