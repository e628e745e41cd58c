#include "phone/gathering.hpp"

#include "core/text.hpp"
#include "phone/document_run.hpp"
#include "phone/leg.hpp"
#include "phone/speech_time.hpp"
#include "phone/switchboard.hpp"

#include <algorithm>
#include <utility>

namespace ivr::phone {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kTimeout{5};
constexpr milliseconds kAutoSilence{1000};
constexpr seconds kLongestSpeech{60};
constexpr std::size_t kMaxDigits = 1000;
constexpr std::size_t kMaxPartialResults = 10;

bool has(const twiml::Gather& gather, twiml::GatherInput input) {
  return std::ranges::any_of(gather.input, [&](const auto& one) { return one == input; });
}

std::string confidenceText(double confidence) {
  std::string text = std::to_string(std::clamp(confidence, 0.0, 1.0));
  while (text.ends_with('0') && !text.ends_with(".0")) text.pop_back();
  return text;
}

}  // namespace

Gathering::Gathering(DocumentRun& run, twiml::Gather gather)
    : run_(run),
      gather_(std::move(gather)),
      finishOnKey_(gather_.finishOnKey.value_or("#")),
      timeout_(std::chrono::floor<seconds>(withinADay(gather_.timeout.value_or(kTimeout)))),
      player_(run.leg()),
      alarm_(run.leg().board().loop()) {
  takesSpeech_ = has(gather_, twiml::GatherInput::speech);
  takesDigits_ = has(gather_, twiml::GatherInput::dtmf) || !takesSpeech_;
}

Question Gathering::question() const {
  Question question{.url = run_.url(),
                    .document = {},
                    .takesDigits = takesDigits_,
                    .takesSpeech = takesSpeech_,
                    .numDigits = gather_.numDigits,
                    .finishOnKey = finishOnKey_,
                    .hints = {},
                    .timeout = timeout_};
  if (gather_.hints) {
    for (const std::string_view hint : itemsOf(*gather_.hints)) question.hints.emplace_back(hint);
  }
  return question;
}

void Gathering::begin() {
  std::string input = takesDigits_ ? "dtmf" : "";
  if (takesSpeech_) input += takesDigits_ ? " speech" : "speech";
  run_.leg().report(Happening::asks, "for " + input,
                    {{"numDigits", gather_.numDigits ? std::to_string(*gather_.numDigits) : ""},
                     {"hints", gather_.hints.value_or("")}});
  std::vector<Sound> sounds;
  for (const auto& noun : gather_.prompt) {
    if (const auto* const say = std::get_if<twiml::Say>(&noun)) sounds.emplace_back(*say);
    if (const auto* const play = std::get_if<twiml::Play>(&noun)) {
      if (play->digits) {
        run_.leg().report(Happening::warning, "Play digits is not allowed in a Gather", {},
                          "13320");
      } else {
        sounds.emplace_back(*play);
      }
    }
    if (const auto* const pause = std::get_if<twiml::Pause>(&noun)) sounds.emplace_back(*pause);
  }
  player_.play(std::move(sounds), run_.url(),
               [this](const std::optional<SoundPlayer::Failure>& failure) {
                 if (failure) return run_.fail(failure->code, failure->why);
                 promptsOver();
               });
}

void Gathering::promptsOver() {
  if (isEnding_) return;
  waits_ = true;
  run_.leg().takeTurn();
  run_.leg().report(Happening::waits);
  if (!isSpeaking_) waitForMore();
}

void Gathering::waitForMore() {
  alarm_.set(timeout_, [this] { finish(); });
}

void Gathering::endWithNextEvent() {
  isEnding_ = true;
  alarm_.set(milliseconds{0}, [this] { finish(); });
}

void Gathering::stop() {
  player_.stop();
  alarm_.cancel();
}

bool Gathering::press(char key) {
  if (!takesDigits_ || taken_ == Taken::speech || isEnding_) return false;
  const bool stopsPrompts = gather_.bargeIn.value_or(true);
  if (player_.isPlaying() && stopsPrompts) {
    player_.stop();
    waits_ = true;
  }
  if (finishOnKey_.find(key) != std::string::npos) {
    endingKey_ = key;
    endWithNextEvent();
    return true;
  }
  taken_ = Taken::digits;
  if (digits_.size() < kMaxDigits) digits_ += key;
  if (gather_.numDigits && static_cast<int>(digits_.size()) >= *gather_.numDigits) {
    player_.stop();
    endWithNextEvent();
  } else if (waits_) {
    waitForMore();
  }
  return true;
}

bool Gathering::hear(const Speech& speech) {
  if (!takesSpeech_ || taken_ == Taken::digits || isEnding_) return false;
  if (player_.isPlaying()) {
    if (!gather_.bargeIn.value_or(true)) return false;
    player_.stop();
    waits_ = true;
  }
  const Switchboard& board = run_.leg().board();
  const Moment now = board.now();
  if (taken_ == Taken::nothing) spokenSince_ = now;
  taken_ = Taken::speech;
  isSpeaking_ = true;
  if (!speech_.words.empty()) speech_.words += ' ';
  speech_.words += speech.words;
  speech_.confidence = speech.confidence;
  spokenUntil_ =
      std::max(spokenUntil_, now) + speechTime(speech.words, board.options().wordsPerMinute);
  milliseconds silence = timeout_;
  if (gather_.speechTimeout) {
    const auto* const given = std::get_if<seconds>(&*gather_.speechTimeout);
    silence = given != nullptr ? withinADay(*given) : kAutoSilence;
  }
  const Moment latest = spokenSince_ + withinADay(gather_.maxSpeechTime.value_or(kLongestSpeech));
  tellPartialResults(speech.words);
  alarm_.set(std::min(spokenUntil_ + silence, latest) - now, [this] { finish(); });
  return true;
}

/// Word by word, as they are understood.
void Gathering::tellPartialResults(const std::string& words) {
  if (!gather_.partialResultCallback) return;
  const auto url = run_.callbackOf(*gather_.partialResultCallback);
  if (!url) return;
  Leg& leg = run_.leg();
  std::size_t sequence = 0;
  for (std::size_t end = 0; end < words.size() && sequence < kMaxPartialResults; ++sequence) {
    end = std::min(words.find(' ', end + 1), words.size());
    Form fields = leg.fields();
    fields.add("UnstableSpeechResult", std::string_view{words}.substr(0, end));
    fields.add("Stability", "0.5");
    fields.add("SequenceNumber", std::to_string(sequence));
    leg.board().callBack(leg.webCaller, Purpose::partialResult, *url,
                         methodOr(gather_.partialResultCallbackMethod, HttpMethod::post),
                         std::move(fields));
  }
}

void Gathering::finish() {
  stop();
  isSpeaking_ = false;
  Form fields;
  Leg& leg = run_.leg();
  if (taken_ == Taken::digits) {
    fields.add("Digits", digits_);
    fields.add("FinishedOnKey", endingKey_);
    fields.add("msg", "Gather End");
    leg.report(Happening::gathered, digits_, {{"Digits", digits_}});
  } else if (taken_ == Taken::speech) {
    const std::string confidence = confidenceText(speech_.confidence);
    fields.add("SpeechResult", speech_.words);
    fields.add("Confidence", confidence);
    fields.add("Language", gather_.language ? gather_.language->text() : "en-US");
    leg.report(Happening::gathered, speech_.words,
               {{"SpeechResult", speech_.words}, {"Confidence", confidence}});
  } else if (!gather_.actionOnEmptyResult.value_or(false)) {
    leg.report(Happening::gathered, "", {{"result", "nothing"}});
    return run_.proceed();
  } else {
    leg.report(Happening::gathered, "", {{"result", "nothing"}});
    if (takesDigits_) fields.add("Digits", "");
  }
  run_.proceed(gather_.action.value_or(""), methodOr(gather_.method, HttpMethod::post), fields);
}

}  // namespace ivr::phone
