#include "phone/voice_recording.hpp"

#include "phone/document_run.hpp"
#include "phone/leg.hpp"
#include "phone/speech_time.hpp"
#include "phone/switchboard.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace ivr::phone {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kBeep{500};
constexpr seconds kSilence{5};
constexpr seconds kMaxLength{3600};
constexpr seconds kMaxTranscribed{120};

}  // namespace

VoiceRecording::VoiceRecording(DocumentRun& run, twiml::Record record)
    : run_(run),
      record_(std::move(record)),
      silence_(run.leg().board().loop()),
      limit_(run.leg().board().loop()) {}

void VoiceRecording::begin() {
  const bool beeps = record_.playBeep.value_or(true);
  if (beeps) run_.leg().report(Happening::plays, "a beep");
  limit_.set(beeps ? kBeep : milliseconds{0}, [this] {
    Leg& leg = run_.leg();
    hasBegun_ = true;
    began_ = leg.board().now();
    spokenUntil_ = began_;
    sid_ = leg.board().sids().make("RE");
    leg.takeTurn();
    leg.report(Happening::waits, "being recorded");
    tell("in-progress", seconds{0});
    limit_.set(longest(), [this] { finish(""); });
    waitForSilence();
  });
}

milliseconds VoiceRecording::longest() const {
  const seconds asked = std::max(record_.maxLength.value_or(kMaxLength), seconds{1});
  return withinADay(record_.transcribe.value_or(false) ? std::min(asked, kMaxTranscribed) : asked);
}

void VoiceRecording::stop() {
  silence_.cancel();
  limit_.cancel();
}

bool VoiceRecording::isSpeaking() const {
  return hasSpoken_ && spokenUntil_ > run_.leg().board().now();
}

void VoiceRecording::waitForSilence() {
  const milliseconds silence = withinADay(record_.timeout.value_or(kSilence));
  if (silence == milliseconds{0}) return;
  const milliseconds talk = std::max(spokenUntil_ - run_.leg().board().now(), milliseconds{0});
  silence_.set(talk + silence, [this] { finish(""); });
}

bool VoiceRecording::press(char key) {
  if (!hasBegun_ || isEnding_) return false;
  if (record_.finishOnKey.value_or("1234567890*#").find(key) == std::string::npos) return false;
  const std::string digits{key};
  isEnding_ = true;
  silence_.set(milliseconds{0}, [this, digits] { finish(digits); });
  return true;
}

bool VoiceRecording::hear(const Speech& speech) {
  if (!hasBegun_ || isEnding_) return false;
  hasSpoken_ = true;
  if (!words_.empty()) words_ += ' ';
  words_ += speech.words;
  spokenUntil_ = std::max(spokenUntil_, run_.leg().board().now()) +
                 speechTime(speech.words, run_.leg().board().options().wordsPerMinute);
  waitForSilence();
  return true;
}

/// The callback, if it wants to know.
void VoiceRecording::tell(std::string_view status, seconds duration) {
  const auto& events = record_.recordingStatusCallbackEvent;
  const bool isWanted =
      events.empty() ? status == "completed"
                     : std::ranges::any_of(events, [&](const auto& one) { return one == status; });
  if (!record_.recordingStatusCallback || !isWanted) return;
  const auto url = run_.callbackOf(*record_.recordingStatusCallback);
  if (!url) return;
  Leg& leg = run_.leg();
  Switchboard& board = leg.board();
  Form fields{{"AccountSid", board.options().accountSid}, {"CallSid", leg.sid}};
  fields.add("RecordingSid", sid_);
  fields.add("RecordingStatus", status);
  if (status == "completed") {
    fields.add("RecordingUrl", board.recordingUrl(sid_));
    fields.add("RecordingDuration", std::to_string(duration.count()));
  }
  fields.add("RecordingChannels", "1");
  fields.add("RecordingStartTime", board.date(began_));
  fields.add("RecordingSource", "RecordVerb");
  fields.add("RecordingTrack", "inbound");
  board.callBack(leg.webCaller, Purpose::recordingCallback, *url,
                 methodOr(record_.recordingStatusCallbackMethod, HttpMethod::post),
                 std::move(fields));
}

void VoiceRecording::hangUp() { finish("hangup"); }

void VoiceRecording::finish(std::string_view digits) {
  if (isOver_) return;
  isOver_ = true;
  stop();
  Leg& leg = run_.leg();
  Switchboard& board = leg.board();
  const Moment end = board.now();
  if (!hasBegun_) began_ = end;
  const bool trims = !record_.trim || !(*record_.trim == twiml::Trim::doNotTrim);
  const Moment last = trims ? std::min(end, hasSpoken_ ? spokenUntil_ : began_) : end;
  const seconds duration = std::chrono::ceil<seconds>(last - began_);
  const bool isOver = digits == "hangup";
  if (duration <= seconds{0}) {
    leg.report(Happening::recorded, "nothing", {});
    if (hasBegun_) tell("absent", seconds{0});
    if (!isOver) run_.proceed();
    return;
  }
  VoiceRecordingMade made{.sid = sid_,
                          .callSid = leg.sid,
                          .source = "RecordVerb",
                          .began = began_,
                          .duration = duration};
  const std::string address = board.recordingUrl(made.sid);
  const std::string length = std::to_string(duration.count());
  leg.report(Happening::recorded, words_,
             {{"RecordingSid", made.sid}, {"RecordingDuration", length}});
  tell("completed", duration);
  if (record_.transcribe.value_or(false) && record_.transcribeCallback) {
    if (const auto url = run_.callbackOf(*record_.transcribeCallback)) {
      Form fields = leg.fields();
      const std::string transcription = board.sids().make("TR");
      fields.add("TranscriptionSid", transcription);
      fields.add("TranscriptionUrl", board.recordingUrl(sid_) + "/Transcriptions/" + transcription);
      fields.add("TranscriptionText", words_);
      fields.add("TranscriptionStatus", "completed");
      fields.add("RecordingSid", made.sid);
      fields.add("RecordingUrl", address);
      board.callBack(leg.webCaller, Purpose::transcription, *url, HttpMethod::post,
                     std::move(fields));
    }
  }
  const std::string sid = made.sid;
  board.recordings.push_back(std::move(made));
  const Form fields{{"RecordingUrl", address},
                    {"RecordingDuration", length},
                    {"Digits", digits},
                    {"RecordingSid", sid}};
  const HttpMethod method = methodOr(record_.method, HttpMethod::post);
  if (!isOver) return run_.proceed(record_.action.value_or(""), method, fields);
  // The caller is gone: the application is told, and its answer has nobody to hear it.
  const auto url = run_.callbackOf(record_.action.value_or(""));
  if (!url) return;
  Form all = leg.fields();
  for (const auto& [name, value] : fields) all.add(name, value);
  board.web().send({.purpose = Purpose::document,
                    .url = *url,
                    .method = method,
                    .fields = std::move(all),
                    .caller = leg.webCaller},
                   [](const WebOutcome&) {});
}

}  // namespace ivr::phone
