#pragma once
// A Gather under way.

#include "ivr/phone/call_view.hpp"
#include "ivr/phone/provider.hpp"
#include "ivr/phone/timeline.hpp"
#include "ivr/twiml/gather.hpp"
#include "phone/alarm.hpp"
#include "phone/sound_player.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace ivr::phone {

class DocumentRun;

/// A part of the run whose verb it is.
class Gathering {
 public:
  Gathering(DocumentRun& run, twiml::Gather gather);
  Gathering(const Gathering&) = delete;
  Gathering& operator=(const Gathering&) = delete;

  void begin();
  /// Nothing happens any more.
  void stop();
  bool press(char key);
  bool hear(const Speech& speech);
  /// Whether it is the caller's turn.
  [[nodiscard]] bool waits() const noexcept { return waits_ && !isSpeaking_; }
  [[nodiscard]] bool isSpeaking() const noexcept { return isSpeaking_; }
  [[nodiscard]] Question question() const;

 private:
  enum class Taken { nothing, digits, speech };

  void promptsOver();
  void waitForMore();
  void endWithNextEvent();
  void finish();
  void tellPartialResults(const std::string& words);

  DocumentRun& run_;
  const twiml::Gather gather_;
  const std::string finishOnKey_;
  const std::chrono::seconds timeout_;
  bool takesDigits_ = true;
  bool takesSpeech_ = false;
  SoundPlayer player_;
  Alarm alarm_;
  Taken taken_ = Taken::nothing;
  std::string digits_;
  Speech speech_;
  Moment spokenSince_{};
  Moment spokenUntil_{};
  std::string endingKey_;
  bool waits_ = false;
  bool isSpeaking_ = false;
  bool isEnding_ = false;  ///< With the event that comes next: more is no part of it.
};

}  // namespace ivr::phone
