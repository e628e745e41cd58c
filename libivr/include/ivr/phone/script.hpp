#pragma once
// What a caller does, one act after the other, and what they are to hear.

#include "ivr/phone/event_loop.hpp"
#include "ivr/phone/provider.hpp"
#include "ivr/phone/timeline.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::phone {

/// Something that happens when it is the caller's turn. A value.
struct Act {
  enum class Kind {
    press,
    say,
    silence,  ///< Until the turn is over.
    wait,     ///< For a while; then the next act.
    hangUp,

    // What somebody else does, in a crawl.
    othersAnswer,
    othersRefuse,
    othersHangUp,
  };

  Kind kind = Kind::silence;
  std::string text = {};                ///< The keys, or the words.
  std::chrono::milliseconds length{0};  ///< Of a wait.

  bool operator==(const Act&) const = default;
};

/// `press 1`, `say "Salami, please."`, `silence` ...
[[nodiscard]] std::string describe(const Act& act);

/// The acts in `1,wait2,10001#,silence,hangup`: keys are pressed together, `wait` has whole
/// seconds. Throws `Error{usage}` naming an invalid part.
[[nodiscard]] std::vector<Act> actsFrom(std::string_view text);

/// Whether all are keys: `0-9 A-D * #`, and the pauses `w` and `W`.
[[nodiscard]] bool areKeys(std::string_view text) noexcept;

/// What the party of an entry hears; empty if it is of another kind.
[[nodiscard]] std::string_view heardIn(const Entry& entry) noexcept;

/// Texts that are to be heard in order: parts of what is said or played, in whatever case. A value.
class Expectation {
 public:
  Expectation() = default;
  explicit Expectation(std::vector<std::string> texts);

  /// What happens in the call, in order.
  void see(const Entry& entry);

  [[nodiscard]] bool isMet() const noexcept { return met_ == texts_.size(); }
  /// The first text that was not heard; null if there is none.
  [[nodiscard]] const std::string* missing() const noexcept;

 private:
  std::vector<std::string> texts_;
  std::vector<std::string> folded_;  ///< The same in lower case.
  std::size_t met_ = 0;
};

struct ScriptOptions {
  std::vector<Act> acts = {};
  bool hangsUp = true;  ///< When all is done and it is the caller's turn again.

  /// Between acts while the caller talks, or waits in a queue or a conference, where turns do not
  /// end by themselves.
  std::chrono::milliseconds pace{1000};
};

/// The caller of one call: does each act when it is the caller's turn, that is when a question or a
/// recording waits, or the caller talks, or is in a queue or a conference.
///
/// A resource, on the thread of the loop, which outlives it, as the provider does.
class ScriptedCaller {
 public:
  ScriptedCaller(EventLoop& loop, Provider& provider, std::string callSid, ScriptOptions options);
  ScriptedCaller(const ScriptedCaller&) = delete;
  ScriptedCaller& operator=(const ScriptedCaller&) = delete;
  /// The call goes on without acts.
  ~ScriptedCaller();

  /// To be given every entry of the call, in order; others are ignored. Acts later, as an event.
  void see(const Entry& entry);

  /// Another act, behind the others.
  void add(Act act);

  [[nodiscard]] const std::string& callSid() const noexcept;
  /// What is left of what is pressed and said; null if nothing is.
  [[nodiscard]] const Act* left() const noexcept;
  [[nodiscard]] bool isOver() const noexcept;

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace ivr::phone
