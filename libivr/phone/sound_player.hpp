#pragma once
// Plays to one party what a document says, one sound after the other.

#include "ivr/twiml/gather.hpp"
#include "phone/alarm.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ivr::phone {

class Leg;

using Sound = std::variant<twiml::Say, twiml::Play, twiml::Pause>;

/// A part of what plays.
class SoundPlayer {
 public:
  struct Failure {
    std::string code = {};
    std::string why = {};
  };
  using Done = std::function<void(const std::optional<Failure>&)>;

  explicit SoundPlayer(Leg& leg);
  SoundPlayer(const SoundPlayer&) = delete;
  SoundPlayer& operator=(const SoundPlayer&) = delete;

  /// Fetches all files, then plays. Addresses are relative to `base`. `done` is an event, never
  /// called inside this, and not at all after `stop`.
  void play(std::vector<Sound> sounds, std::string base, Done done);
  void stop();
  [[nodiscard]] bool isPlaying() const noexcept { return isPlaying_; }

 private:
  struct File {
    std::chrono::milliseconds length{0};
    std::string type = {};
    std::string caching = {};
  };

  void fetch(std::size_t index);
  void begin(std::size_t index);
  void finish(const std::optional<Failure>& failure);

  Leg& leg_;
  Alarm alarm_;
  std::vector<Sound> sounds_;
  std::vector<std::string> addresses_;
  std::vector<File> files_;
  std::string base_;
  Done done_;
  bool isPlaying_ = false;
  /// Answers for an earlier one are dropped.
  std::shared_ptr<const int> ticket_ = {};
};

}  // namespace ivr::phone
