#pragma once
// Makes the files of recordings when somebody wants them.

#include "ivr/core/once_function.hpp"
#include "ivr/core/thread_pool.hpp"
#include "ivr/phone/event_loop.hpp"
#include "phone/recording_sound.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>

namespace ivr::phone {

enum class SoundFormat { wave, mp3 };

/// The file of a recording.
struct MadeRecording {
  std::shared_ptr<const std::string> file = {};  ///< Null if it cannot be made.
  SaidAs said = SaidAs::spoken;
  bool isCut = false;
};

/// Makes files on a thread of its own, for which simulated time waits, and keeps the last of them
/// (32 MiB). A resource, used on the loop's thread; its destructor waits for a file that is being
/// made.
class RecordingStudio {
 public:
  using Receiver = detail::OnceFunction<const MadeRecording&>;

  explicit RecordingStudio(std::shared_ptr<EventLoop> loop) : loop_(std::move(loop)) {}

  /// Null if it has to be made.
  [[nodiscard]] const MadeRecording* find(std::string_view recordingSid, SoundFormat format);

  /// So many files are being made that no more can be.
  [[nodiscard]] bool isBusy() const noexcept;

  /// `receive` is called by an event.
  void make(std::string recordingSid, SoundFormat format, RecordingPlan plan, Receiver receive);

  void forget(std::string_view recordingSid);

 private:
  struct Kept {
    std::string sid;
    SoundFormat format;
    MadeRecording made;
  };

  void keep(std::string recordingSid, SoundFormat format, MadeRecording recording);

  std::shared_ptr<EventLoop> loop_;
  std::list<Kept> kept_;  ///< What was wanted last is first.
  std::size_t bytes_ = 0;
  std::size_t beingMade_ = 0;
  std::shared_ptr<const int> alive_ = std::make_shared<const int>(0);
  std::unique_ptr<ThreadPool> pool_;  // the last member: its thread ends first
};

}  // namespace ivr::phone
