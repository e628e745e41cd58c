#include "phone/recording_sound.hpp"

#include "core/child_process.hpp"
#include "core/text.hpp"
#include "phone/sound_file.hpp"
#include "phone/speech_program.hpp"
#include "phone/speech_time.hpp"
#include "phone/switchboard.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numbers>
#include <set>
#include <span>
#include <tuple>
#include <utility>

namespace ivr::phone {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMaxPlayedBytes = 64 << 20;
constexpr seconds kLongestRecording{600};
constexpr std::size_t kMaxSounds = 10'000;
constexpr std::size_t kRate = 8000;  // samples in a second
constexpr std::size_t kSamplesInMillisecond = kRate / 1000;
constexpr milliseconds kSpeakingTime{8000};  // real time, for all texts of a recording
constexpr milliseconds kLongestBeep{500};

using Samples = std::vector<float>;

// ---- What is in a recording

/// Reads one call's part of a timeline.
class CallPlanner {
 public:
  CallPlanner(RecordingPlan& plan, Moment begin, const PlayedFiles& files)
      : plan_(plan), begin_(begin), files_(files) {}

  void see(const Entry& entry) {
    switch (entry.what) {
      case Happening::says:
        cut(entry.at);
        says(entry);
        break;
      case Happening::plays:
        cut(entry.at);
        plays(entry);
        break;
      case Happening::pauses:
      case Happening::waits:
      case Happening::gathered:
      case Happening::twiml:
      case Happening::connected:
      case Happening::ended: cut(entry.at); break;
      case Happening::spoke: speaks(entry, /*isOfCaller=*/true); break;
      case Happening::hears: speaks(entry, /*isOfCaller=*/false); break;
      default: break;
    }
  }

  /// Somebody says something. Keys are no words.
  void speaks(const Entry& entry, bool isOfCaller) {
    constexpr std::string_view kKey = "key ";
    const bool isKey =
        !isOfCaller && entry.text.starts_with(kKey) && entry.text.size() == kKey.size() + 1;
    if (isKey) return;
    add({.kind = RecordedSound::Kind::speech,
         .isOfCaller = isOfCaller,
         .begin = entry.at - begin_,
         .length = speechTime(entry.text, plan_.wordsPerMinute),
         .text = entry.text});
  }

 private:
  void says(const Entry& entry) {
    const milliseconds round = speechTime(entry.text, plan_.wordsPerMinute);
    addVoice({.kind = RecordedSound::Kind::speech,
              .begin = entry.at - begin_,
              .length = round * rounds(entry),
              .round = round,
              .text = entry.text,
              .language = std::string{entry.detail("language")}});
  }

  void plays(const Entry& entry) {
    constexpr std::string_view kPlayedKeys = "keys ";
    RecordedSound sound{.begin = entry.at - begin_};
    if (entry.text == "a beep") {
      sound.kind = RecordedSound::Kind::beep;
      sound.length = kLongestBeep;
    } else if (entry.text.starts_with(kPlayedKeys)) {
      sound.kind = RecordedSound::Kind::keys;
      sound.text = entry.text.substr(kPlayedKeys.size());
      sound.round = keyTime(sound.text);
      sound.length = sound.round * rounds(entry);
    } else {
      sound.kind = RecordedSound::Kind::file;
      sound.file = files_.find(entry.text);
      if (!sound.file) return;
      const std::string_view length = entry.detail("length");
      const auto number = numberFrom<milliseconds::rep>(length.substr(0, length.find(' ')));
      sound.round = std::clamp(milliseconds{number.value_or(0)}, milliseconds{0},
                               milliseconds{std::chrono::hours{24}});
      sound.length = sound.round * rounds(entry);
    }
    addVoice(std::move(sound));
  }

  [[nodiscard]] static int rounds(const Entry& entry) {
    return std::clamp(numberFrom<int>(entry.detail("loop")).value_or(1), 1, 1000);
  }

  /// What the provider plays ends when something else begins.
  void cut(Moment at) {
    if (!voice_) return;
    RecordedSound& sound = plan_.sounds[*voice_];
    sound.length = std::min(sound.length, at - begin_ - sound.begin);
    voice_.reset();
  }

  void addVoice(RecordedSound sound) {
    if (add(std::move(sound))) voice_ = plan_.sounds.size() - 1;
  }

  bool add(RecordedSound sound) {
    if (plan_.sounds.size() >= kMaxSounds) return false;
    if (sound.begin + sound.length <= milliseconds{0} || sound.begin >= plan_.length) return false;
    plan_.sounds.push_back(std::move(sound));
    return true;
  }

  RecordingPlan& plan_;
  Moment begin_;
  const PlayedFiles& files_;
  std::optional<std::size_t> voice_;  ///< What the provider plays at the moment.
};

/// What one participant of a conference says, all others hear: it is taken once.
void planConference(RecordingPlan& plan, const VoiceRecordingMade& recording,
                    const Timeline& timeline, const PlayedFiles& files) {
  CallPlanner planner{plan, recording.began, files};
  std::set<std::string, std::less<>> present;
  std::set<std::tuple<Moment, std::string, std::string>> taken;
  const Moment end = recording.began + recording.duration;
  for (const Entry& entry : timeline) {
    if (entry.at > end) break;
    if (entry.what == Happening::joined) {
      if (entry.detail("ConferenceSid") == recording.conferenceSid) present.insert(entry.callSid);
    } else if (entry.what == Happening::leftConference) {
      present.erase(entry.callSid);
    } else if (entry.what == Happening::hears && present.contains(entry.callSid)) {
      if (!taken.emplace(entry.at, entry.detail("speaker"), entry.text).second) continue;
      planner.speaks(entry, /*isOfCaller=*/false);
    }
  }
}

// ---- Sounds

/// The samples of a file, at most `most` milliseconds of them, in one channel.
Samples decoded(std::string_view mediaType, std::string_view bytes, milliseconds most) {
  SoundFile file{mediaType, bytes};
  Samples samples;
  if (!file.isOpen()) return samples;
  const auto channels = static_cast<std::size_t>(file.channels());
  const double step = static_cast<double>(file.rate()) / static_cast<double>(kRate);
  const auto wanted = static_cast<std::size_t>(std::max<milliseconds::rep>(most.count(), 0)) *
                      kSamplesInMillisecond;
  constexpr std::size_t kAtOnce = 4096;
  std::vector<float> block(kAtOnce * channels);
  // Each sample of ours is the mean of those that it stands for, or the last one before it.
  double until = step;
  double sum = 0;
  double position = 0;
  std::size_t count = 0;
  float last = 0;
  while (samples.size() < wanted) {
    const auto read = static_cast<std::size_t>(file.read(block.data(), kAtOnce));
    if (read == 0) break;
    for (std::size_t i = 0; i < read && samples.size() < wanted; ++i) {
      double value = 0;
      for (std::size_t c = 0; c < channels; ++c) value += double{block[i * channels + c]};
      value /= static_cast<double>(channels);
      last = static_cast<float>(std::isfinite(value) ? std::clamp(value, -1.0, 1.0) : 0.0);
      sum += double{last};
      ++count;
      position += 1;
      while (position >= until && samples.size() < wanted) {
        samples.push_back(count > 0 ? static_cast<float>(sum / static_cast<double>(count)) : last);
        sum = 0;
        count = 0;
        until += step;
      }
    }
  }
  return samples;
}

/// Tones together, for `length`.
Samples tone(std::span<const double> frequencies, milliseconds length) {
  constexpr double kLoudness = 0.25;
  Samples samples(static_cast<std::size_t>(length.count()) * kSamplesInMillisecond);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double time = static_cast<double>(i) / static_cast<double>(kRate);
    double value = 0;
    for (const double frequency : frequencies) {
      value += kLoudness * std::sin(2 * std::numbers::pi * frequency * time);
    }
    samples[i] = static_cast<float>(value);
  }
  return samples;
}

/// The tones of keys (ITU-T Q.23), as long as `keyTime` says.
Samples keyTones(std::string_view keys) {
  constexpr std::string_view kPad = "123A456B789C*0#D";
  constexpr std::array<double, 4> kRows{697, 770, 852, 941};
  constexpr std::array<double, 4> kColumns{1209, 1336, 1477, 1633};
  constexpr milliseconds kToneOfKey{120};
  Samples samples;
  for (const char key : keys) {
    const std::size_t place = kPad.find(key);
    Samples one;
    if (place != std::string_view::npos) {
      one = tone(std::array{kRows[place / 4], kColumns[place % 4]}, kToneOfKey);
    }
    one.resize(static_cast<std::size_t>(keyTime(std::string_view{&key, 1}).count()) *
               kSamplesInMillisecond);
    samples.insert(samples.end(), one.begin(), one.end());
  }
  return samples;
}

// ---- Mixing

class Mixer {
 public:
  explicit Mixer(const RecordingPlan& plan)
      : plan_(plan),
        channels_(plan.channels == 2 ? 2 : 1),
        mixed_(static_cast<std::size_t>(plan.length.count()) * kRate * channels_) {}

  RecordedWave wave() {
    for (const RecordedSound& sound : plan_.sounds) add(sound);
    for (const RecordedPause& pause : plan_.pauses) silence(pause);
    const SaidAs said = missing_ == 0        ? SaidAs::spoken
                        : missing_ == texts_ ? SaidAs::silence
                                             : SaidAs::partly;
    const bool hasProgram = isProgram(plan_.speechProgram);
    return {.file = file(), .said = hasProgram ? said : SaidAs::silence};
  }

 private:
  void silence(const RecordedPause& pause) {
    const auto place = [&](milliseconds time) {
      const auto sample = static_cast<std::size_t>(std::max<milliseconds::rep>(time.count(), 0)) *
                          kSamplesInMillisecond * channels_;
      return mixed_.begin() + static_cast<std::ptrdiff_t>(std::min(sample, mixed_.size()));
    };
    if (pause.begin < pause.end) std::fill(place(pause.begin), place(pause.end), 0.0F);
  }

  void add(const RecordedSound& sound) {
    const Samples once = samplesOf(sound);
    if (once.empty()) return;
    const std::size_t channel = channels_ == 2 && !sound.isOfCaller ? 1 : 0;
    const auto place = [](milliseconds time) {
      return static_cast<std::int64_t>(time.count()) *
             static_cast<std::int64_t>(kSamplesInMillisecond);
    };
    const std::int64_t begin = place(sound.begin);
    const std::int64_t length = place(sound.length);
    const std::int64_t round = place(sound.round);
    const auto all = static_cast<std::int64_t>(mixed_.size() / channels_);
    for (std::int64_t at = std::max<std::int64_t>(0, -begin); at < length; ++at) {
      if (begin + at >= all) break;
      const std::int64_t within = round > 0 ? at % round : at;
      if (within >= static_cast<std::int64_t>(once.size())) continue;
      mixed_[static_cast<std::size_t>(begin + at) * channels_ + channel] +=
          once[static_cast<std::size_t>(within)];
    }
  }

  Samples samplesOf(const RecordedSound& sound) {
    const milliseconds once = sound.round > milliseconds{0} ? sound.round : sound.length;
    const milliseconds most = std::min<milliseconds>(once, kLongestRecording);
    switch (sound.kind) {
      case RecordedSound::Kind::file:
        return decoded(sound.file->mediaType, sound.file->bytes, most);
      case RecordedSound::Kind::beep:
        return tone(std::array{1000.0}, std::min(sound.length, kLongestBeep));
      case RecordedSound::Kind::keys: return keyTones(sound.text);
      case RecordedSound::Kind::speech: return speech(sound, most);
    }
    return {};
  }

  /// Words, spoken so fast that they are over when the clock of the call says so.
  Samples speech(const RecordedSound& sound, milliseconds most) {
    if (most <= milliseconds{0} || trimmed(sound.text).empty()) return {};
    ++texts_;
    const SpokenText text{
        .words = sound.text, .language = sound.language, .wordsPerMinute = plan_.wordsPerMinute};
    auto found = spoken_.find(text);
    if (found == spoken_.end()) {
      Samples samples = speak(text, most);
      const auto wanted = static_cast<std::size_t>(most.count()) * kSamplesInMillisecond;
      if (samples.size() > wanted + wanted / 10) {
        SpokenText faster = text;
        faster.wordsPerMinute = static_cast<int>(static_cast<std::size_t>(text.wordsPerMinute) *
                                                 samples.size() / wanted);
        Samples again = speak(faster, most);
        if (!again.empty()) samples = std::move(again);
      }
      found = spoken_.emplace(text, std::move(samples)).first;
    }
    if (found->second.empty()) ++missing_;
    return found->second;
  }

  Samples speak(const SpokenText& text, milliseconds most) {
    if (plan_.speechProgram.empty()) return {};
    auto sound = spoken(plan_.speechProgram, text, timeLeft());
    if (!sound && !text.language.empty()) {
      // It may not know the language: better a strange accent than silence.
      const SpokenText english{.words = text.words, .wordsPerMinute = text.wordsPerMinute};
      sound = spoken(plan_.speechProgram, english, timeLeft());
    }
    // It may be longer than there is room for: then it is spoken again, faster.
    return sound ? decoded("audio/wav", *sound, 4 * most) : Samples{};
  }

  [[nodiscard]] milliseconds timeLeft() const {
    const auto left = std::chrono::floor<milliseconds>(end_ - std::chrono::steady_clock::now());
    return std::max(left, milliseconds{0});
  }

  [[nodiscard]] std::string file() const {
    std::string bytes;
    const auto size = static_cast<std::uint32_t>(mixed_.size() * 2);
    bytes.reserve(mixed_.size() * 2 + 44);
    const auto number = [&](std::uint32_t value, int count) {
      for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
    };
    const auto channels = static_cast<std::uint32_t>(channels_);
    constexpr auto kSamplesInSecond = static_cast<std::uint32_t>(kRate);
    bytes += "RIFF";
    number(36 + size, 4);
    bytes += "WAVEfmt ";
    number(16, 4);
    number(1, 2);  // PCM
    number(channels, 2);
    number(kSamplesInSecond, 4);
    number(kSamplesInSecond * 2 * channels, 4);
    number(2 * channels, 2);
    number(16, 2);
    bytes += "data";
    number(size, 4);
    constexpr float kLoudest = std::numeric_limits<std::int16_t>::max();
    for (const float sample : mixed_) {
      const auto value = static_cast<std::int16_t>(std::clamp(sample, -1.0F, 1.0F) * kLoudest);
      number(static_cast<std::uint16_t>(value), 2);
    }
    return bytes;
  }

  const RecordingPlan& plan_;
  const std::size_t channels_;
  std::vector<float> mixed_;
  std::map<SpokenText, Samples> spoken_;
  std::size_t texts_ = 0;
  std::size_t missing_ = 0;
  const std::chrono::steady_clock::time_point end_ =
      std::chrono::steady_clock::now() + kSpeakingTime;
};

}  // namespace

void PlayedFiles::keep(const std::string& url, PlayedFile file) {
  if (file.bytes.size() > kMaxPlayedBytes) return;
  const auto found = files_.find(url);
  if (found != files_.end()) {
    if (found->second->bytes == file.bytes) return;
    bytes_ -= found->second->bytes.size();
    bytes_ += file.bytes.size();
    found->second = std::make_shared<const PlayedFile>(std::move(file));
  } else {
    bytes_ += file.bytes.size();
    files_.emplace(url, std::make_shared<const PlayedFile>(std::move(file)));
    order_.push_back(url);
  }
  constexpr std::size_t kMaxFiles = 10'000;
  while (bytes_ > kMaxPlayedBytes || order_.size() > kMaxFiles) dropOldest();
}

void PlayedFiles::dropOldest() {
  const auto oldest = files_.find(order_.front());
  bytes_ -= oldest->second->bytes.size();
  files_.erase(oldest);
  order_.pop_front();
}

std::shared_ptr<const PlayedFile> PlayedFiles::find(std::string_view url) const {
  const auto found = files_.find(url);
  return found == files_.end() ? nullptr : found->second;
}

RecordingPlan planOf(const VoiceRecordingMade& recording, const Timeline& timeline,
                     const PlayedFiles& files, int wordsPerMinute, std::string speechProgram) {
  RecordingPlan plan{.length = std::min(recording.duration, kLongestRecording),
                     .isCut = recording.duration > kLongestRecording,
                     .channels = recording.channels,
                     .wordsPerMinute = wordsPerMinute,
                     .speechProgram = std::move(speechProgram)};
  if (!recording.conferenceSid.empty()) {
    planConference(plan, recording, timeline, files);
    return plan;
  }
  CallPlanner planner{plan, recording.began, files};
  const Moment end = recording.began + recording.duration;
  for (const auto& pause : recording.pauses) {
    plan.pauses.push_back(
        {.begin = pause.begin - recording.began, .end = pause.end.value_or(end) - recording.began});
  }
  for (const Entry& entry : timeline) {
    if (entry.at > end) break;
    if (entry.callSid == recording.callSid) planner.see(entry);
  }
  return plan;
}

std::string_view textOf(SaidAs said) noexcept {
  switch (said) {
    case SaidAs::spoken: return "spoken";
    case SaidAs::partly: return "partly spoken";
    case SaidAs::silence: return "silence";
  }
  return "";
}

RecordedWave waveOf(const RecordingPlan& plan) { return Mixer{plan}.wave(); }

std::optional<std::string> mp3Of(std::string_view wave) {
  SoundFile from{"audio/wav", wave};
  if (!from.isOpen()) return std::nullopt;
  struct Written {
    std::string bytes = {};
    std::size_t at = 0;
  };
  Written written;
  SF_VIRTUAL_IO io{};
  io.get_filelen = [](void* user) {
    return static_cast<sf_count_t>(static_cast<Written*>(user)->bytes.size());
  };
  io.seek = [](sf_count_t offset, int whence, void* user) -> sf_count_t {
    Written& file = *static_cast<Written*>(user);
    const std::size_t base = whence == SEEK_SET   ? 0
                             : whence == SEEK_CUR ? file.at
                                                  : file.bytes.size();
    const sf_count_t place = static_cast<sf_count_t>(base) + offset;
    if (place < 0 || place > static_cast<sf_count_t>(file.bytes.size())) return -1;
    file.at = static_cast<std::size_t>(place);
    return place;
  };
  io.read = [](void* into, sf_count_t count, void* user) -> sf_count_t {
    Written& file = *static_cast<Written*>(user);
    const std::size_t taken =
        std::min(static_cast<std::size_t>(count), file.bytes.size() - file.at);
    std::memcpy(into, file.bytes.data() + file.at, taken);
    file.at += taken;
    return static_cast<sf_count_t>(taken);
  };
  io.write = [](const void* data, sf_count_t count, void* user) -> sf_count_t {
    Written& file = *static_cast<Written*>(user);
    const auto size = static_cast<std::size_t>(count);
    if (file.at + size > file.bytes.size()) file.bytes.resize(file.at + size);
    std::memcpy(file.bytes.data() + file.at, data, size);
    file.at += size;
    return count;
  };
  io.tell = [](void* user) { return static_cast<sf_count_t>(static_cast<Written*>(user)->at); };
  SF_INFO info{};
  info.samplerate = from.rate();
  info.channels = from.channels();
  info.format = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;
  SNDFILE* const into = ::sf_open_virtual(&io, SFM_WRITE, &info, &written);
  if (into == nullptr) return std::nullopt;
  constexpr sf_count_t kAtOnce = 4096;
  std::vector<float> block(static_cast<std::size_t>(kAtOnce) *
                           static_cast<std::size_t>(from.channels()));
  bool isFine = true;
  while (const sf_count_t read = from.read(block.data(), kAtOnce)) {
    isFine = isFine && ::sf_writef_float(into, block.data(), read) == read;
  }
  isFine = ::sf_close(into) == 0 && isFine;
  if (!isFine) return std::nullopt;
  return std::move(written.bytes);
}

}  // namespace ivr::phone
