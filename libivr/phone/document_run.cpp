#include "phone/document_run.hpp"

#include "core/text.hpp"
#include "core/utf8.hpp"
#include "http/content_type.hpp"
#include "ivr/twiml/reader.hpp"
#include "phone/audio_length.hpp"
#include "phone/call_queue.hpp"
#include "phone/dialling.hpp"
#include "phone/gathering.hpp"
#include "phone/leg.hpp"
#include "phone/switchboard.hpp"
#include "phone/voice_recording.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace ivr::phone {

namespace {

using rest::CallStatus;
using std::chrono::milliseconds;

constexpr std::string_view kApology = "We are sorry, an application error has occurred. Goodbye.";

/// The provider has no such limit: a call would go on until its time limit. Here no time passes
/// between documents, so that there would be no end.
constexpr std::size_t kMaxSilentDocuments = 100;

constexpr std::array<std::string_view, 20> kVerbNames{
    "Connect", "Dial",   "Echo", "Enqueue", "Gather", "Hangup", "Leave",
    "Pause",   "Pay",    "Play", "Prompt",  "Queue",  "Record", "Redirect",
    "Refer",   "Reject", "Say",  "Sms",     "Start",  "Stop"};

std::string_view nameOf(const twiml::Verb& verb) {
  static_assert(std::variant_size_v<twiml::Verb> == kVerbNames.size() + 1);
  if (const auto* const other = std::get_if<twiml::XmlElement>(&verb)) return other->name;
  return kVerbNames[verb.index()];
}

/// A verb with an element in it that does not belong there, which is a warning, is executed without
/// it. Nothing if it is no verb at all.
std::optional<twiml::Verb> withoutElements(const twiml::XmlElement& verb) {
  if (std::ranges::find(kVerbNames, verb.name) == kVerbNames.end()) return std::nullopt;
  twiml::XmlElement bare{.name = verb.name, .attributes = verb.attributes};
  for (const auto& part : verb.content) {
    if (std::holds_alternative<std::string>(part)) bare.content.push_back(part);
  }
  const auto reading = twiml::readTwiml(twiml::Twiml{std::move(bare)}.xml());
  if (!reading.twiml || reading.twiml->verbs().size() != 1) return std::nullopt;
  const twiml::Verb& only = reading.twiml->verbs().front();
  return std::holds_alternative<twiml::XmlElement>(only) ? std::nullopt : std::optional{only};
}

}  // namespace

DocumentRun::DocumentRun(Leg& leg, DocumentUse use, std::function<void(End)> ended)
    : leg_(leg), use_(use), ended_(std::move(ended)), alarm_(leg.board().loop()), player_(leg) {}

DocumentRun::~DocumentRun() = default;

void DocumentRun::stop() {
  hasStopped_ = true;
  ++requestId_;
  alarm_.cancel();
  player_.stop();
  ended_ = {};
  dropVerb();
}

/// What a verb is made of may be on the stack: it ends with an event of its own.
void DocumentRun::dropVerb() {
  if (!gathering_ && !recording_) return;
  // Until then, nothing of theirs happens any more.
  if (gathering_) gathering_->stop();
  if (recording_) recording_->stop();
  leg_.board().loop().post([gathering = std::shared_ptr<Gathering>{std::move(gathering_)},
                            recording = std::shared_ptr<VoiceRecording>{std::move(recording_)},
                            self = shared_from_this()] {});
}

Activity DocumentRun::activity() const {
  if (recording_) return recording_->isSpeaking() ? Activity::acting : Activity::recording;
  if (gathering_) {
    if (gathering_->isSpeaking()) return Activity::acting;
    if (gathering_->waits()) return Activity::asked;
  }
  return isFetching_ ? Activity::fetching : Activity::listening;
}

std::optional<Question> DocumentRun::question() const {
  if (!gathering_) return std::nullopt;
  Question question = gathering_->question();
  question.document = text_;
  return question;
}

void DocumentRun::request(std::string url, HttpMethod method, Form otherFields) {
  if (hasStopped_) return;
  Switchboard& board = leg_.board();
  if (documentBegan_ == board.now() && ++silentDocuments_ > kMaxSilentDocuments) {
    return fail("11215",
                "more than 100 documents came, and no time passed: the caller would hear "
                "nothing until the call's time limit");
  }
  if (documentBegan_ != board.now()) silentDocuments_ = 0;
  documentBegan_ = board.now();
  isFetching_ = true;
  Form fields = leg_.fields();
  for (const auto& [name, value] : otherFields) fields.add(name, value);
  const unsigned id = ++requestId_;
  board.web().send({.purpose = isFallback_ ? Purpose::fallback : Purpose::document,
                    .url = url,
                    .method = method,
                    .fields = std::move(fields),
                    .caller = leg_.webCaller},
                   [weak = weak_from_this(), id, url, method](WebOutcome outcome) {
                     const auto self = weak.lock();
                     if (!self || self->requestId_ != id) return;  // discarded
                     self->isFetching_ = false;
                     self->method_ = method;
                     if (const auto* const failure = std::get_if<WebFailure>(&outcome)) {
                       self->url_ = withoutCredentials(url);
                       return self->fail(failure->code, failure->why);
                     }
                     self->take(std::get<WebReply>(std::move(outcome)));
                   });
}

void DocumentRun::execute(std::string text) {
  url_.clear();
  begin(std::move(text));
}

void DocumentRun::take(WebReply reply) {
  url_ = reply.url;
  if (reply.status / 100 != 2) {
    return fail("11217", "the application answered with status " + std::to_string(reply.status));
  }
  if (reply.body.empty()) return fail("11770", "the answer is empty");
  const std::string type = lowerCase(http::contentTypeOf(reply.headers).mediaType);
  if (type.empty()) return fail("11200", "the answer has no Content-Type");
  if (reply.body.size() > twiml::kMaxTwimlBytes && !isPlayed(type)) {
    return fail("11750", "the document has more than 64 KB");
  }
  takeText(type, std::move(reply.body));
}

void DocumentRun::takeText(std::string_view type, std::string body) {
  if (type == "text/xml" || type == "application/xml" || type == "text/html") {
    return begin(std::move(body));
  }
  if (type == "text/plain") {
    if (twiml::readTwiml(body).twiml) return begin(std::move(body));
    return beginInstead(toUtf8(body), {twiml::Say{.text = toUtf8(body)}});
  }
  if (isPlayed(type)) {
    const auto length = audioLength(type, body);
    if (!length) return fail("13420", "the answer of type " + std::string{type} + " is no sound");
    // It is here already, and is not fetched again: an address that takes POST may take no GET.
    Switchboard& board = leg_.board();
    board.cacheAudio(url_, {*length, std::string{type}, board.now() + milliseconds{1}});
    return beginInstead("", {twiml::Play{.url = url_}});
  }
  fail("12300", "the answer has the Content-Type " + std::string{type});
}

void DocumentRun::begin(std::string text) {
  text_ = std::move(text);
  twiml::TwimlReading reading = twiml::readTwiml(text_);
  leg_.report(Happening::twiml, text_, {{"url", url_}});
  for (const twiml::Finding& finding : reading.findings) {
    const bool isRefusal = !reading.twiml && &finding == &reading.findings.back();
    if (isRefusal) return fail(std::string{finding.code}, finding.message);
    leg_.report(Happening::warning, finding.message, {}, std::string{finding.code});
  }
  beginWith(std::move(*reading.twiml));
}

/// An answer that is no TwiML is heard, and then the call ends; so it does not for somebody who
/// waits.
void DocumentRun::beginInstead(std::string text, std::vector<twiml::Verb> verbs) {
  text_ = std::move(text);
  leg_.report(Happening::twiml, text_, {{"url", url_}});
  if (use_ == DocumentUse::call || use_ == DocumentUse::screening) {
    verbs.emplace_back(twiml::Hangup{});
  }
  beginWith(twiml::Twiml{std::move(verbs)});
}

void DocumentRun::beginWith(twiml::Twiml document) {
  document_ = std::move(document);
  position_ = 0;
  isFallback_ = false;
  if (use_ == DocumentUse::call) leg_.aside.reset();
  next();
}

bool DocumentRun::allows(std::string_view verb) const {
  const auto isOneOf = [&](std::initializer_list<std::string_view> verbs) {
    return std::ranges::find(verbs, verb) != verbs.end();
  };
  switch (use_) {
    case DocumentUse::call: return true;
    case DocumentUse::screening:
      return isOneOf({"Say", "Play", "Pause", "Gather", "Hangup", "Redirect"});
    case DocumentUse::queueWait:
      return isOneOf({"Say", "Play", "Pause", "Gather", "Hangup", "Redirect", "Leave"});
    case DocumentUse::queueWhisper:
    case DocumentUse::conferenceWait: return isOneOf({"Say", "Play", "Pause", "Redirect"});
  }
  return false;
}

void DocumentRun::next() {
  if (hasStopped_) return;
  if (position_ >= document_.verbs().size()) return finish(End::finished);
  const twiml::Verb& verb = document_.verbs()[position_++];
  const std::string_view name = nameOf(verb);
  if (!allows(name)) {
    return fail(use_ == DocumentUse::screening && name == "Dial" ? "13201" : "13238",
                std::string{name} + " is not allowed in this document");
  }
  // The first verb answers, except those that can do without.
  if (use_ == DocumentUse::call && !leg_.isAnswered() && leg_.direction == "inbound") {
    const auto* const dial = std::get_if<twiml::Dial>(&verb);
    const bool isSkipped = std::ranges::find(kVerbNames, name) == kVerbNames.end();
    const bool waits = isSkipped || name == "Reject" || name == "Redirect" || name == "Pause" ||
                       (dial != nullptr && dial->answerOnBridge.value_or(false));
    if (!waits) leg_.answer();
  }
  std::visit([this](const auto& one) { perform(one); }, verb);
}

void DocumentRun::finish(End end) {
  if (hasStopped_) return;
  const auto self = shared_from_this();
  const auto ended = std::exchange(ended_, {});
  stop();
  if (ended) ended(end);
}

void DocumentRun::fail(std::string code, std::string why) {
  if (hasStopped_) return;
  isFetching_ = false;
  leg_.report(Happening::error, std::move(why), {{"url", url_}}, code);
  player_.stop();
  alarm_.cancel();
  const auto keep = shared_from_this();
  dropVerb();
  const bool isOwn = use_ == DocumentUse::call;
  if (isOwn && !isFallback_ && !leg_.number.fallbackUrl.empty()) {
    isFallback_ = true;
    const Form fields{{"ErrorCode", code}, {"ErrorUrl", url_}};
    return request(leg_.number.fallbackUrl, leg_.number.fallbackMethod, fields);
  }
  if (isOwn || use_ == DocumentUse::screening) return apologise();
  finish(End::failed);
}

void DocumentRun::apologise() {
  if (isApologising_) return finish(End::hangUp);
  isApologising_ = true;
  if (!leg_.isAnswered() && leg_.direction == "inbound") leg_.answer();
  player_.play({twiml::Say{.text = std::string{kApology}}}, "",
               [this](const auto&) { finish(End::hangUp); });
}

void DocumentRun::proceed() {
  if (hasStopped_) return;
  dropVerb();
  // An event of its own, so that a verb never runs inside another one.
  alarm_.set(milliseconds{0}, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->next();
  });
}

void DocumentRun::proceed(const std::optional<std::string>& action, HttpMethod method,
                          const Form& fields) {
  if (hasStopped_) return;
  if (!action) return proceed();
  dropVerb();
  const auto url = addressOf(*action);
  if (url) request(*url, method, fields);
}

std::optional<std::string> DocumentRun::addressOf(std::string_view reference) {
  auto url = callbackOf(reference);
  if (!url) {
    fail(url_.empty() ? "15004" : "11100",
         url_.empty() ? "an address is relative, in a document that has no address"
                      : "an address is invalid");
  }
  return url;
}

std::optional<std::string> DocumentRun::callbackOf(std::string_view reference) {
  const std::string_view text = trimmed(reference);
  if (text.empty()) return url_.empty() ? std::nullopt : std::optional{url_};
  return resolved(url_, text);
}

bool DocumentRun::press(char key) {
  if (hasStopped_) return false;
  if (recording_) return recording_->press(key);
  return gathering_ && gathering_->press(key);
}

bool DocumentRun::hear(const Speech& speech) {
  if (hasStopped_) return false;
  if (recording_) return recording_->hear(speech);
  return gathering_ && gathering_->hear(speech);
}

void DocumentRun::hangUp() {
  if (recording_ && !hasStopped_) recording_->hangUp();
}

void DocumentRun::notPlayed(std::string_view what) {
  leg_.report(Happening::notPlayed, std::string{what});
}

void DocumentRun::play(Sound sound) {
  player_.play({std::move(sound)}, url_,
               [this](const std::optional<SoundPlayer::Failure>& failure) {
                 if (failure) return fail(failure->code, failure->why);
                 next();
               });
}

void DocumentRun::perform(const twiml::Say& verb) { play(verb); }
void DocumentRun::perform(const twiml::Play& verb) { play(verb); }

void DocumentRun::perform(const twiml::Pause& verb) {
  const bool delaysPickup =
      use_ == DocumentUse::call && !leg_.isAnswered() && leg_.direction == "inbound";
  player_.play({verb}, url_, [this, delaysPickup](const auto&) {
    if (delaysPickup) leg_.answer();
    next();
  });
}

void DocumentRun::perform(const twiml::Gather& verb) {
  gathering_ = std::make_unique<Gathering>(*this, verb);
  gathering_->begin();
}

void DocumentRun::perform(const twiml::Record& verb) {
  recording_ = std::make_unique<VoiceRecording>(*this, verb);
  recording_->begin();
}

void DocumentRun::perform(const twiml::Redirect& verb) {
  if (const auto url = addressOf(verb.url)) request(*url, methodOr(verb.method, HttpMethod::post));
}

void DocumentRun::perform(const twiml::Hangup&) { finish(End::hangUp); }

void DocumentRun::perform(const twiml::Reject& verb) {
  if (leg_.isAnswered() || leg_.direction != "inbound") {
    leg_.report(Happening::warning, "a call that is answered cannot be rejected: it ends", {},
                "12200");
    return finish(End::hangUp);
  }
  const bool isBusy = verb.reason && *verb.reason == twiml::RejectReason::busy;
  leg_.end(isBusy ? CallStatus::busy : CallStatus::noAnswer);
}

void DocumentRun::perform(const twiml::Dial& verb) {
  leg_.dialling = std::make_shared<Dialling>(shared_from_this(), verb);
  const auto dialling = leg_.dialling;
  dialling->begin();
}

void DocumentRun::perform(const twiml::Enqueue& verb) {
  if (verb.workflowSid) notPlayed("Enqueue with a workflow of TaskRouter: a queue is used");
  const std::string name{trimmed(verb.name)};
  const auto queue = leg_.board().queue(name.empty() ? verb.workflowSid.value_or("default") : name,
                                        /*makes=*/true);
  queue->enter(shared_from_this(), verb);
}

void DocumentRun::perform(const twiml::Leave&) {
  if (use_ == DocumentUse::queueWait) return finish(End::leave);
  leg_.report(Happening::warning, "Leave outside of a queue does nothing", {}, "12200");
  proceed();
}

void DocumentRun::perform(const twiml::Sms& verb) {
  SentMessage message{.sid = leg_.board().sids().make("SM"),
                      .from = verb.from.value_or(leg_.to),
                      .to = verb.to.value_or(leg_.from),
                      .body = verb.body,
                      .at = leg_.board().now()};
  leg_.report(Happening::message, message.body, {{"to", message.to}, {"from", message.from}});
  leg_.board().messages.push_back(std::move(message));
  if (verb.action) {
    return proceed(verb.action, methodOr(verb.method, HttpMethod::post), {{"SmsStatus", "sent"}});
  }
  proceed();
}

void DocumentRun::perform(const twiml::Connect& verb) {
  notPlayed("Connect: the call goes on as if its noun had ended at once");
  if (verb.action) return proceed(verb.action, methodOr(verb.method, HttpMethod::post), {});
  proceed();
}

void DocumentRun::perform(const twiml::Start&) {
  notPlayed("Start: nothing runs beside the call");
  proceed();
}

void DocumentRun::perform(const twiml::Stop&) {
  notPlayed("Stop");
  proceed();
}

void DocumentRun::perform(const twiml::Refer& verb) {
  if (!leg_.to.starts_with("sip:") && !leg_.from.starts_with("sip:")) {
    return fail("13801", "Refer is for calls over SIP");
  }
  notPlayed("Refer: the transfer is taken to be accepted");
  if (verb.action) {
    return proceed(verb.action, methodOr(verb.method, HttpMethod::post),
                   {{"ReferCallStatus", "completed"}, {"ReferSipResponseCode", "202"}});
  }
  proceed();
}

void DocumentRun::perform(const twiml::Pay&) {
  notPlayed("Pay: nothing is asked and nothing is paid");
  proceed();
}

void DocumentRun::perform(const twiml::Echo&) {
  notPlayed("Echo");
  proceed();
}

void DocumentRun::perform(const twiml::Prompt&) {
  leg_.report(Happening::warning, "Prompt belongs inside Pay", {}, "12200");
  proceed();
}

void DocumentRun::perform(const twiml::Queue&) {
  leg_.report(Happening::warning, "Queue belongs inside Dial", {}, "12200");
  proceed();
}

void DocumentRun::perform(const twiml::XmlElement& verb) {
  if (const auto meant = withoutElements(verb)) {
    return std::visit([this](const auto& one) { perform(one); }, *meant);
  }
  notPlayed(verb.name + ": no such verb, it is skipped");
  proceed();
}

}  // namespace ivr::phone
