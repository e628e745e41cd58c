#include "twiml/words.hpp"

// Written by twiml/schema/generate.

namespace ivr::twiml {

namespace {

/// Empty for a value that is not an enumerator.
template <class Word>
std::string_view find(Word word) noexcept {
  const auto index = static_cast<std::size_t>(word);
  return index < Words<Word>::all.size() ? Words<Word>::all[index] : std::string_view{};
}

}  // namespace

std::string_view textOf(CallEvent word) noexcept { return find(word); }
std::string_view textOf(RecordingEvent word) noexcept { return find(word); }
std::string_view textOf(RecordingTrack word) noexcept { return find(word); }
std::string_view textOf(Trim word) noexcept { return find(word); }
std::string_view textOf(StreamTrack word) noexcept { return find(word); }
std::string_view textOf(CardType word) noexcept { return find(word); }
std::string_view textOf(Interruption word) noexcept { return find(word); }
std::string_view textOf(ReportedInput word) noexcept { return find(word); }
std::string_view textOf(InterruptSensitivity word) noexcept { return find(word); }
std::string_view textOf(TextNormalization word) noexcept { return find(word); }
std::string_view textOf(SayVoice word) noexcept { return find(word); }
std::string_view textOf(SayLanguage word) noexcept { return find(word); }
std::string_view textOf(GatherLanguage word) noexcept { return find(word); }
std::string_view textOf(PayLanguage word) noexcept { return find(word); }
std::string_view textOf(SsmlLanguage word) noexcept { return find(word); }
std::string_view textOf(SsmlBreakStrength word) noexcept { return find(word); }
std::string_view textOf(SsmlEmphasisLevel word) noexcept { return find(word); }
std::string_view textOf(SsmlPhonemeAlphabet word) noexcept { return find(word); }
std::string_view textOf(SsmlDateFormat word) noexcept { return find(word); }
std::string_view textOf(SsmlInterpretAs word) noexcept { return find(word); }
std::string_view textOf(GatherInput word) noexcept { return find(word); }
std::string_view textOf(DialEvent word) noexcept { return find(word); }
std::string_view textOf(DialRecord word) noexcept { return find(word); }
std::string_view textOf(RingTone word) noexcept { return find(word); }
std::string_view textOf(ConferenceBeep word) noexcept { return find(word); }
std::string_view textOf(ConferenceEvent word) noexcept { return find(word); }
std::string_view textOf(ConferenceRecord word) noexcept { return find(word); }
std::string_view textOf(ConferenceRegion word) noexcept { return find(word); }
std::string_view textOf(JitterBufferSize word) noexcept { return find(word); }
std::string_view textOf(ConversationEvent word) noexcept { return find(word); }
std::string_view textOf(ConversationRecord word) noexcept { return find(word); }
std::string_view textOf(RecordingChannels word) noexcept { return find(word); }
std::string_view textOf(BankAccountType word) noexcept { return find(word); }
std::string_view textOf(PayErrorType word) noexcept { return find(word); }
std::string_view textOf(PayInput word) noexcept { return find(word); }
std::string_view textOf(PaymentMethod word) noexcept { return find(word); }
std::string_view textOf(PayStep word) noexcept { return find(word); }
std::string_view textOf(PayTokenType word) noexcept { return find(word); }
std::string_view textOf(RejectReason word) noexcept { return find(word); }

}  // namespace ivr::twiml
