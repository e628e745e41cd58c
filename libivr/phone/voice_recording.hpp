#pragma once
// A Record under way.

#include "ivr/phone/provider.hpp"
#include "ivr/phone/timeline.hpp"
#include "ivr/twiml/verbs.hpp"
#include "phone/alarm.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ivr::phone {

class DocumentRun;

/// A part of the run whose verb it is.
class VoiceRecording {
 public:
  VoiceRecording(DocumentRun& run, twiml::Record record);
  VoiceRecording(const VoiceRecording&) = delete;
  VoiceRecording& operator=(const VoiceRecording&) = delete;

  void begin();
  /// Nothing happens any more.
  void stop();
  bool press(char key);
  bool hear(const Speech& speech);
  /// Ends it; the call is over.
  void hangUp();
  [[nodiscard]] bool isSpeaking() const;

 private:
  void waitForSilence();
  [[nodiscard]] std::chrono::milliseconds longest() const;
  void finish(std::string_view digits);
  void tell(std::string_view status, std::chrono::seconds duration);

  DocumentRun& run_;
  const twiml::Record record_;
  Alarm silence_;
  Alarm limit_;
  Moment began_{};
  Moment spokenUntil_{};
  std::string sid_;
  std::string words_;
  bool hasBegun_ = false;  ///< The beep is over.
  bool hasSpoken_ = false;
  bool isEnding_ = false;  ///< With the event that comes next: more is no part of it.
  bool isOver_ = false;
};

}  // namespace ivr::phone
