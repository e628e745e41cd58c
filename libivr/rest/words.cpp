#include "rest/words.hpp"

namespace ivr::rest {

namespace {

/// Empty for an invalid enumerator.
template <class Word>
std::string_view find(Word word) noexcept {
  const auto index = static_cast<std::size_t>(word);
  return index < RestWords<Word>::all.size() ? RestWords<Word>::all[index] : std::string_view{};
}

}  // namespace

std::string_view textOf(CallStatus status) noexcept { return find(status); }
std::string_view textOf(CallEnd end) noexcept { return find(end); }
std::string_view textOf(ConferenceStatus status) noexcept { return find(status); }
std::string_view textOf(ReasonConferenceEnded reason) noexcept { return find(reason); }
std::string_view textOf(ParticipantStatus status) noexcept { return find(status); }
std::string_view textOf(RecordingStatus status) noexcept { return find(status); }
std::string_view textOf(RecordingSource source) noexcept { return find(source); }
std::string_view textOf(MessageStatus status) noexcept { return find(status); }
std::string_view textOf(MessageDirection direction) noexcept { return find(direction); }
std::string_view textOf(ContentRetention retention) noexcept { return find(retention); }
std::string_view textOf(AddressRetention retention) noexcept { return find(retention); }
std::string_view textOf(TrafficType type) noexcept { return find(type); }
std::string_view textOf(ScheduleType type) noexcept { return find(type); }
std::string_view textOf(RiskCheck check) noexcept { return find(check); }

bool isOver(CallStatus status) noexcept {
  switch (status) {
    case CallStatus::unknown:
    case CallStatus::queued:
    case CallStatus::ringing:
    case CallStatus::inProgress: return false;
    case CallStatus::completed:
    case CallStatus::busy:
    case CallStatus::failed:
    case CallStatus::noAnswer:
    case CallStatus::canceled: return true;
  }
  return false;
}

}  // namespace ivr::rest
