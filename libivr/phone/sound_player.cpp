#include "phone/sound_player.hpp"

#include "core/text.hpp"
#include "http/content_type.hpp"
#include "phone/audio_length.hpp"
#include "phone/leg.hpp"
#include "phone/speech_time.hpp"
#include "phone/switchboard.hpp"

#include <algorithm>
#include <utility>

namespace ivr::phone {

namespace {

using std::chrono::milliseconds;

constexpr int kMaxRounds = 1000;
constexpr milliseconds kLongestFile = std::chrono::minutes{40};
constexpr std::size_t kMaxAudioBytes = 64 << 20;

int rounds(const std::optional<int>& loop) {
  if (!loop || *loop < 0) return 1;
  return *loop == 0 ? kMaxRounds : std::min(*loop, kMaxRounds);
}

/// For how long an answer may be used again (RFC 9111, as far as the provider heeds it).
milliseconds freshness(const http::Headers& headers, std::string& caching) {
  milliseconds fresh{0};
  caching = "not cached";
  const auto control = headers.find("Cache-Control");
  if (!control) return fresh;
  for (const std::string_view item : itemsOf(*control)) {
    if (item == "no-store" || item == "no-cache") {
      caching = "not cached";
      return milliseconds{0};
    }
    if (!item.starts_with("max-age=")) continue;
    const auto age = numberFrom<unsigned>(item.substr(8));
    if (age && *age > 0) {
      fresh = std::chrono::seconds{*age};
      caching = "cached for " + std::to_string(*age) + " s";
    }
  }
  return fresh;
}

}  // namespace

SoundPlayer::SoundPlayer(Leg& leg) : leg_(leg), alarm_(leg.board().loop()) {}

void SoundPlayer::play(std::vector<Sound> sounds, std::string base, Done done) {
  stop();
  sounds_ = std::move(sounds);
  addresses_.assign(sounds_.size(), "");
  files_.assign(sounds_.size(), {});
  base_ = std::move(base);
  done_ = std::move(done);
  isPlaying_ = true;
  ticket_ = std::make_shared<const int>(0);
  fetch(0);
}

void SoundPlayer::stop() {
  alarm_.cancel();
  ticket_.reset();
  done_ = {};
  isPlaying_ = false;
}

/// Fetches the first file from `index` on, or plays if there is none.
void SoundPlayer::fetch(std::size_t index) {
  for (; index < sounds_.size(); ++index) {
    const auto* const play = std::get_if<twiml::Play>(&sounds_[index]);
    if (play == nullptr || play->digits) continue;
    const auto url = resolved(base_, trimmed(play->url));
    if (trimmed(play->url).empty() || !url) {
      return finish(Failure{"11100", "the address of a Play is invalid"});
    }
    addresses_[index] = *url;
    if (const CachedAudio* known = leg_.board().cachedAudio(*url)) {
      files_[index] = {known->length, known->type, "from the cache"};
      continue;
    }
    leg_.board().web().send(
        {.purpose = Purpose::audio,
         .url = *url,
         .method = HttpMethod::get,
         .fields = {},
         .caller = leg_.webCaller},
        [this, index, url = *url, ticket = std::weak_ptr{ticket_}](WebOutcome outcome) {
          if (ticket.expired()) return;
          if (const auto* failure = std::get_if<WebFailure>(&outcome)) {
            return finish(Failure{failure->code, failure->why});
          }
          const auto& reply = std::get<WebReply>(outcome);
          if (reply.status / 100 != 2) {
            return finish(Failure{
                "11200", "a file was answered with status " + std::to_string(reply.status)});
          }
          if (reply.body.size() > kMaxAudioBytes) {
            return finish(Failure{"11200", "a file has more than 64 MiB"});
          }
          const std::string type = lowerCase(http::contentTypeOf(reply.headers).mediaType);
          if (!isPlayed(type)) {
            return finish(Failure{"12300", "a file has a type that is not played: " +
                                               (type.empty() ? "none" : type)});
          }
          const auto length = audioLength(type, reply.body);
          if (!length) return finish(Failure{"13420", "a file of type " + type + " is no sound"});
          std::string caching;
          const milliseconds fresh = freshness(reply.headers, caching);
          leg_.board().cacheAudio(url, {*length, type, leg_.board().now() + fresh});
          files_[index] = {*length, type, caching};
          fetch(index + 1);
        });
    return;
  }
  begin(0);
}

void SoundPlayer::begin(std::size_t index) {
  if (index >= sounds_.size()) return finish(std::nullopt);
  const int wordsPerMinute = leg_.board().options().wordsPerMinute;
  milliseconds time{0};
  bool dropsCall = false;
  const auto withRounds = [](int count, Entry::Details details) {
    if (count > 1) details.emplace_back("loop", std::to_string(count));
    return details;
  };
  if (const auto* const say = std::get_if<twiml::Say>(&sounds_[index])) {
    const int count = rounds(say->loop);
    time = count * speechTime(*say, wordsPerMinute);
    Entry::Details details;
    if (say->voice) details.emplace_back("voice", say->voice->text());
    if (say->language) details.emplace_back("language", say->language->text());
    const std::string text = say->text.plainText();
    leg_.report(Happening::says, std::string{trimmed(text)}, withRounds(count, std::move(details)));
  } else if (const auto* const play = std::get_if<twiml::Play>(&sounds_[index])) {
    const int count = rounds(play->loop);
    if (play->digits) {
      time = count * keyTime(*play->digits);
      leg_.report(Happening::plays, "keys " + *play->digits, withRounds(count, {}));
    } else {
      const File& file = files_[index];
      time = count * file.length;
      leg_.report(Happening::plays, addresses_[index],
                  withRounds(count, {{"length", std::to_string(file.length.count()) + " ms"},
                                     {"type", file.type},
                                     {"caching", file.caching}}));
      if (file.length > kLongestFile) {
        dropsCall = true;
        time = kLongestFile;
      }
    }
  } else {
    time =
        withinADay(std::get<twiml::Pause>(sounds_[index]).length.value_or(std::chrono::seconds{1}));
    leg_.report(Happening::pauses, std::to_string(time.count()) + " ms");
  }
  alarm_.set(time, [this, index, dropsCall] {
    if (dropsCall) {
      return finish(Failure{"11200",
                            "a file plays for more than 40 minutes, and may drop the "
                            "call"});
    }
    begin(index + 1);
  });
}

void SoundPlayer::finish(const std::optional<Failure>& failure) {
  const auto done = [this, failure] {
    isPlaying_ = false;
    ticket_.reset();
    const Done then = std::exchange(done_, {});
    then(failure);
  };
  alarm_.set(milliseconds{0}, done);
}

}  // namespace ivr::phone
