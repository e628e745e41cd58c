#pragma once
// What happened in the calls that a provider plays, in order.
//
// A timeline holds what callers pressed and said, unmasked: it is for tests and for a developer's
// own machine.
//
// Threads: values.

#include <chrono>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ivr::phone {

/// The time since a simulation began.
using Moment = std::chrono::milliseconds;

enum class Happening {
  called,  ///< A call begins. Details: `from`, `to`, `direction`, `parent` if it was dialled.
  ringing,
  answered,
  ended,  ///< The text is the status: `completed`, `busy`, ...

  says,   ///< The provider's voice; the text is what this party hears.
  plays,  ///< A file; the text is its address. Details: `length`, `type`, `caching`.
  pauses,
  hears,  ///< Another party's words or keys. Details: `speaker`, a SID.

  asks,      ///< A Gather begins.
  waits,     ///< Its prompts are over, or a recording has begun: it is the caller's turn.
  gathered,  ///< Its outcome. Details: `Digits`, or `SpeechResult` and `Confidence`.
  recorded,  ///< Details: `RecordingSid`, `RecordingDuration`, `sound` (see `Provider`).

  pressed,  ///< The party at this end pressed keys.
  spoke,
  hungUp,
  lost,  ///< Keys or words that nothing asked for.

  webhook,  ///< A request to the application has its outcome. Details: see `Provider`.
  twiml,    ///< A document begins; the text is the document. Details: `url`.
  updated,  ///< The API changed the live call.

  dials,      ///< The text is the number, client or address.
  connected,  ///< Two parties hear each other. Details: `with`, a SID.
  disconnected,
  enqueued,   ///< The text is the name of the queue.
  leftQueue,  ///< Details: `QueueResult`.
  joined,     ///< The text is the name of the conference.
  leftConference,
  conference,  ///< An event of a conference, by the provider's name: `conference-start`, ...

  message,    ///< A text message went out. Details: `to`, `from`.
  notPlayed,  ///< The provider does more here than this one plays.
  note,
  warning,  ///< The provider goes on. The code is its own.
  error,    ///< The provider gives up the document, or the call. The code is its own.
};

/// `called`, `leftQueue`, ...
[[nodiscard]] std::string_view textOf(Happening happening) noexcept;

/// One line of a timeline.
struct Entry {
  using Details = std::vector<std::pair<std::string, std::string>>;

  Moment at{};
  std::string callSid = {};  ///< Empty if it belongs to no call.
  Happening what = Happening::note;
  std::string text = {};
  std::string code = {};  ///< Of the provider (https://www.twilio.com/docs/api/errors), or empty.
  Details details = {};

  /// Empty if there is no detail of that name.
  [[nodiscard]] std::string_view detail(std::string_view name) const noexcept;

  bool operator==(const Entry&) const = default;
};

using Timeline = std::vector<Entry>;

/// An entry as one would tell it, without its call: `00:03.200 says "Welcome to Foo Corp!"`.
[[nodiscard]] std::string describe(const Entry& entry);

/// `00:03.200`, with hours if there are any.
[[nodiscard]] std::string describe(Moment moment);

std::ostream& operator<<(std::ostream& out, const Entry& entry);

}  // namespace ivr::phone
