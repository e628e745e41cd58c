#include "phone/recording_studio.hpp"

#include <algorithm>
#include <utility>

namespace ivr::phone {

namespace {

constexpr std::size_t kMaxKeptBytes = 32 << 20;
constexpr std::size_t kMaxWaiting = 100;

MadeRecording made(const RecordingPlan& plan, SoundFormat format) {
  RecordedWave wave = waveOf(plan);
  MadeRecording recording{.said = wave.said, .isCut = plan.isCut};
  if (format == SoundFormat::wave) {
    recording.file = std::make_shared<const std::string>(std::move(wave.file));
  } else if (auto mp3 = mp3Of(wave.file)) {
    recording.file = std::make_shared<const std::string>(*std::move(mp3));
  }
  return recording;
}

}  // namespace

const MadeRecording* RecordingStudio::find(std::string_view recordingSid, SoundFormat format) {
  const auto found = std::ranges::find_if(
      kept_, [&](const Kept& one) { return one.sid == recordingSid && one.format == format; });
  if (found == kept_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, found);
  return &kept_.front().made;
}

bool RecordingStudio::isBusy() const noexcept { return beingMade_ >= kMaxWaiting; }

void RecordingStudio::make(std::string recordingSid, SoundFormat format, RecordingPlan plan,
                           Receiver receive) {
  if (!pool_) {
    pool_ =
        std::make_unique<ThreadPool>(ThreadPoolLimits{.maxThreads = 1, .maxWaiting = kMaxWaiting});
  }
  auto finished = [this, alive = std::weak_ptr{alive_}, sid = std::move(recordingSid), format,
                   receive = std::move(receive)](MadeRecording recording) mutable {
    if (alive.expired()) return;
    --beingMade_;
    keep(std::move(sid), format, recording);
    receive(recording);
  };
  ++beingMade_;
  (void)pool_->tryRun("", [loop = std::weak_ptr{loop_}, format, plan = std::move(plan),
                           work = loop_->work("the file of a recording"),
                           finished = std::move(finished)]() mutable {
    MadeRecording recording = made(plan, format);
    if (const auto running = loop.lock()) {
      running->post([finished = std::move(finished), recording = std::move(recording)]() mutable {
        finished(std::move(recording));
      });
    }
  });
}

void RecordingStudio::forget(std::string_view recordingSid) {
  std::erase_if(kept_, [&](const Kept& one) {
    if (one.sid != recordingSid) return false;
    bytes_ -= one.made.file->size();
    return true;
  });
}

void RecordingStudio::keep(std::string recordingSid, SoundFormat format, MadeRecording recording) {
  if (!recording.file || recording.file->size() > kMaxKeptBytes) return;
  if (find(recordingSid, format) != nullptr) return;
  bytes_ += recording.file->size();
  kept_.push_front({std::move(recordingSid), format, std::move(recording)});
  while (bytes_ > kMaxKeptBytes) {
    bytes_ -= kept_.back().made.file->size();
    kept_.pop_back();
  }
}

}  // namespace ivr::phone
