#pragma once
// Calls as chance has it: documents of random verbs, broken ones among them, an application that
// answers anything or nothing, parties that do anything at any time, and an API that moves their
// calls about. Whatever happens, the engine goes on, and every call ends.

#include "core/base64.hpp"
#include "ivr/core/error.hpp"
#include "ivr/http/percent.hpp"
#include "ivr/http/request.hpp"
#include "ivr/http/transport.hpp"
#include "ivr/phone/provider.hpp"
#include "phone/sounds.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ivr::support {

/// Where chance comes from: a generator, or the bytes of a fuzzer, which end.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed), hasEnd_(false) {}
  explicit Chance(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  /// From 0 to `count` - 1.
  std::size_t below(std::size_t count) {
    if (count < 2) return 0;
    if (!hasEnd_) return static_cast<std::size_t>(next() % count);
    std::size_t value = byte();
    if (count > 256) value = value << 8 | byte();
    return value % count;
  }
  bool oneIn(std::size_t count) { return below(count) == count - 1; }
  template <class T, std::size_t N>
  const T& of(const std::array<T, N>& all) {
    return all[below(N)];
  }

  /// Nothing is left to decide by: everything is 0 from here on.
  [[nodiscard]] bool isOver() const noexcept { return hasEnd_ && bytes_.empty(); }

 private:
  std::size_t byte() {
    if (bytes_.empty()) return 0;
    const std::uint8_t first = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return first;
  }
  std::uint64_t next() {  // splitmix64
    std::uint64_t value = state_ += 0x9e3779b97f4a7c15;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
  }

  std::span<const std::uint8_t> bytes_ = {};
  std::uint64_t state_ = 0;
  bool hasEnd_ = true;
};

/// A text of TwiML, more or less.
class RandomTwiml {
 public:
  /// `sids` are calls that it may name.
  RandomTwiml(Chance& chance, const std::vector<std::string>& sids)
      : chance_(chance), sids_(sids) {}

  std::string document() {
    std::string text = "<Response>";
    for (std::size_t left = chance_.below(6); left > 0; --left) verb(text);
    text += "</Response>";
    if (chance_.oneIn(24)) {  // broken
      const std::size_t at = chance_.below(text.size());
      if (chance_.oneIn(2)) {
        text.erase(at, 1 + chance_.below(8));
      } else {
        text.insert(at, 1, static_cast<char>(chance_.below(256)));
      }
    }
    if (chance_.oneIn(400)) text.insert(10, std::string(70'000, ' '));
    return text;
  }

  std::string url() {
    constexpr std::array<std::string_view, 24> kUrls{"/a",
                                                     "/b",
                                                     "/c",
                                                     "/d",
                                                     "/e",
                                                     "/f",
                                                     "/g",
                                                     "/h",
                                                     "",
                                                     "?x=1",
                                                     "h",
                                                     "../c",
                                                     "/a#rc=5&amp;rp=all",
                                                     "/b#rt=100&amp;tt=900&amp;rp=rt",
                                                     "http://ann:cat@app.example/d",
                                                     "http://elsewhere.example/",
                                                     "ftp://app.example/a",
                                                     "//app.example/b",
                                                     "a b",
                                                     "#rc=x"};
    return std::string{chance_.of(kUrls)};
  }

 private:
  void verb(std::string& text) {
    switch (chance_.below(20)) {
      case 0:
      case 1: return element(text, "Say", "loop voice language", words());
      case 2: return element(text, "Play", "loop digits", url());
      case 3: return element(text, "Pause", "length", "");
      case 4:
      case 5:
        return element(text, "Gather",
                       "input action method timeout speechTimeout maxSpeechTime numDigits "
                       "finishOnKey actionOnEmptyResult bargeIn partialResultCallback hints",
                       prompts());
      case 6:
        return element(text, "Record",
                       "action method timeout maxLength playBeep finishOnKey trim transcribe "
                       "transcribeCallback recordingStatusCallback recordingStatusCallbackEvent",
                       "");
      case 7: return element(text, "Redirect", "method", url());
      case 8: return element(text, "Hangup", "", "");
      case 9: return element(text, "Reject", "reason", "");
      case 10:
      case 11:
      case 12:
        return element(text, "Dial",
                       "action method timeout timeLimit sequential answerOnBridge hangupOnStar "
                       "record callerId recordingStatusCallback",
                       nouns());
      case 13:
      case 14:
        return element(text, "Enqueue", "action method waitUrl waitUrlMethod maxQueueSize", room());
      case 15: return element(text, "Leave", "", "");
      case 16: return element(text, "Sms", "to from action", words());
      case 17: return element(text, "Connect", "action", "<Stream url=\"wss://x.example\"/>");
      case 18: return element(text, "Refer", "action", "<Sip>sip:a@example.com</Sip>");
      default: break;
    }
    constexpr std::array<std::string_view, 9> kOthers{"Sing", "say",   "Start",  "Stop",  "Pay",
                                                      "Echo", "Queue", "Prompt", "Number"};
    element(text, chance_.of(kOthers), "action timeout", words());
  }

  std::string words() {
    constexpr std::array<std::string_view, 7> kWords{
        "Hello",
        "Press one, or two, or three.",
        "",
        "&lt;&amp;&#955;",
        "<break time=\"2s\"/>",
        "a b c d e f g h i j k l m n o p q r s t u v w x y z",
        "<nonsense><Say/></nonsense>"};
    return std::string{chance_.of(kWords)};
  }

  std::string room() { return chance_.oneIn(2) ? "q" : "r"; }

  std::string prompts() {
    std::string text;
    for (std::size_t left = chance_.below(3); left > 0; --left) {
      switch (chance_.below(4)) {
        case 0: element(text, "Say", "loop", words()); break;
        case 1: element(text, "Play", "loop digits", url()); break;
        case 2: element(text, "Pause", "length", ""); break;
        default: element(text, "Hangup", "", ""); break;
      }
    }
    return text;
  }

  std::string nouns() {
    if (chance_.oneIn(5)) return number();
    std::string text;
    const bool isRoom = chance_.oneIn(3);
    for (std::size_t left = isRoom ? 1 : chance_.below(4); left > 0; --left) {
      constexpr std::string_view kCallee =
          "url method statusCallback statusCallbackEvent sendDigits machineDetection "
          "amdStatusCallback";
      switch (isRoom ? 3 + chance_.below(2) : chance_.below(6)) {
        case 0:
        case 1: element(text, "Number", kCallee, number()); break;
        case 2: element(text, "Client", kCallee, chance_.oneIn(2) ? "ann" : "bob"); break;
        case 3:
          element(text, "Conference",
                  "startConferenceOnEnter endConferenceOnExit muted beep coach participantLabel "
                  "maxParticipants waitUrl waitMethod statusCallback statusCallbackEvent record "
                  "recordingStatusCallback",
                  room());
          break;
        case 4: element(text, "Queue", "url method", room()); break;
        default: element(text, "Sip", kCallee, "sip:a@example.com"); break;
      }
    }
    return text;
  }

  std::string number() {
    constexpr std::array<std::string_view, 6> kNumbers{"+1001", "+1002", "+1003",
                                                       "+1004", "+1005", "nobody"};
    return std::string{chance_.of(kNumbers)};
  }

  /// With some of the attributes.
  void element(std::string& text, std::string_view name, std::string_view attributes,
               const std::string& content) {
    text.append("<").append(name);
    while (!attributes.empty()) {
      const std::size_t end = std::min(attributes.find(' '), attributes.size());
      if (chance_.oneIn(3)) {
        text.append(" ").append(attributes.substr(0, end)).append("=\"");
        text.append(value(attributes.substr(0, end))).append("\"");
      }
      attributes.remove_prefix(std::min(end + 1, attributes.size()));
    }
    text.append(">").append(content).append("</").append(name).append(">");
  }

  std::string value(std::string_view attribute) {
    constexpr std::array<std::string_view, 12> kNumbers{
        "0", "1", "2", "3", "5", "10", "30", "60", "-1", "soon", "9223372036854775807", ""};
    constexpr std::array<std::string_view, 18> kWords{"true",
                                                      "false",
                                                      "true",
                                                      "#",
                                                      "*",
                                                      "1",
                                                      "",
                                                      "dtmf",
                                                      "speech",
                                                      "dtmf speech",
                                                      "busy",
                                                      "initiated ringing answered completed",
                                                      "start end join leave mute hold modify",
                                                      "auto",
                                                      "GET",
                                                      "in-progress completed absent",
                                                      "Enable",
                                                      "record-from-answer-dual"};
    constexpr std::array<std::string_view, 10> kOfWords{"Event",  "finishOnKey", "input",  "beep",
                                                        "trim",   "machine",     "Detect", "method",
                                                        "Method", "record"};
    if (attribute.ends_with("allback") || attribute.ends_with("rl") || attribute == "action") {
      return url();
    }
    if (attribute == "coach") return sids_.empty() ? "CA0" : sids_[chance_.below(sids_.size())];
    if (attribute == "participantLabel") return chance_.oneIn(2) ? "ann" : "bob";
    if (attribute == "digits" || attribute == "sendDigits") return "1wW2#";
    for (const std::string_view part : kOfWords) {
      if (attribute.find(part) != std::string_view::npos) {
        return std::string{chance_.of(kWords)};
      }
    }
    return std::string{chance_.oneIn(3) ? chance_.of(kWords) : chance_.of(kNumbers)};
  }

  Chance& chance_;
  const std::vector<std::string>& sids_;
};

/// A world of random calls.
class RandomCalls {
 public:
  explicit RandomCalls(Chance& chance) : chance_(chance) {
    phone::ProviderOptions options;
    options.transport = std::make_shared<Application>(*this);
    options.origins = {"http://app.example"};
    options.authToken = "token";
    options.waitsForAnswers = false;
    options.seed = chance_.below(1000);
    options.keepsTimeline = chance_.oneIn(2);
    options.maxEntries = chance_.oneIn(4) ? 50 : 2000;
    options.restart = [] {};
    if (chance_.oneIn(3)) {
      options.faults.seed = chance_.below(1000);
      options.faults.perMille = {30, 30, 30, 30, 30, 60, 60, 20, 10};
      options.faults.restPerMille = 50;
      options.faults.latency = std::chrono::milliseconds{chance_.below(20'000)};
    }
    const bool acts = chance_.oneIn(3);
    options.onEntry = [this, acts](const phone::Entry& entry) {
      if (entry.at < last_) fail("time runs backwards");
      last_ = entry.at;
      if (acts && !isEnding_ && !entry.callSid.empty() && chance_.oneIn(12)) {
        act(entry.callSid);
      }
    };
    provider_ = std::make_unique<phone::Provider>(loop_, std::move(options));
    api_ = provider_->api();
    phone::NumberSettings number;
    number.voiceUrl = "http://app.example/a";
    number.statusCallback = "http://app.example/h";
    provider_->setNumber("+1", number);
    number.voiceMethod = HttpMethod::get;
    number.fallbackUrl = "http://app.example/b";
    provider_->setNumber("+2", number);
    using Reaction = phone::Telephone::Reaction;
    constexpr std::array<Reaction, 8> kReactions{
        Reaction::answers, Reaction::answers, Reaction::rings,   Reaction::answers,
        Reaction::machine, Reaction::busy,    Reaction::refuses, Reaction::fails};
    for (const char* telephone : {"+1001", "+1002", "+1003", "client:ann", "+1"}) {
      provider_->setTelephone(telephone,
                              {.reaction = chance_.of(kReactions),
                               .after = std::chrono::milliseconds{chance_.below(10'000)}});
    }
  }
  RandomCalls(const RandomCalls&) = delete;
  RandomCalls& operator=(const RandomCalls&) = delete;
  ~RandomCalls() {
    isEnding_ = true;  // whatever ends now asks for nothing
  }

  /// Something happens: a call, an act, a change by the API, or time passes.
  void step() {
    switch (chance_.below(12)) {
      case 0:
      case 10:
      case 11:
        if (sids_.size() < kMaxCalls) {
          sids_.push_back(provider_->call({.from = chance_.oneIn(4) ? "sip:x@example.com" : "+19",
                                           .to = chance_.oneIn(2) ? "+1" : "+2"}));
        }
        break;
      case 1:
      case 2:
      case 3:
      case 4:
        for (const phone::CallView& call : provider_->calls()) {
          if (call.isOver() || !chance_.oneIn(3)) continue;
          act(call.sid);
        }
        break;
      case 5: askApi(); break;
      case 6: run(std::chrono::milliseconds{chance_.below(60'000)}); break;
      case 7: run(std::chrono::seconds{chance_.below(600)}); break;
      default: run(std::chrono::milliseconds{chance_.below(3000)}); break;
    }
  }

  /// Lets everything end. What is wrong, or nothing.
  std::string finish() {
    if (chance_.oneIn(8)) {  // the provider ends in the middle of it
      isEnding_ = true;
      provider_.reset();
      run(std::chrono::hours{1});
      return problem_;
    }
    isEnding_ = true;
    // Some applications go on for ever: the time limit of a call ends it.
    goesOn_ = !chance_.isOver() && chance_.oneIn(16);
    const auto stop = loop_->run([] { return false; }, std::chrono::hours{25});
    if (stop != phone::EventLoop::Stop::idle) fail("events go on after 25 hours");
    if (provider_->liveCalls() != 0) fail("a call does not end");
    if (provider_->requests() != 0) fail("a request has no outcome");
    for (const phone::CallView& call : provider_->calls()) {
      if (!call.isOver() || !call.ended) fail("a call is not over");
    }
    return problem_;
  }

 private:
  static constexpr std::size_t kMaxCalls = 40;
  static constexpr std::size_t kMaxRequests = 5000;  ///< Then, the application hangs up.

  /// Answers anything.
  class Application final : public http::Transport {
   public:
    explicit Application(RandomCalls& world) : world_(world) {}

    Later<http::IncomingResponse> send(http::OutgoingRequest request) override {
      if (!request.url.starts_with("http://app.example/")) {
        world_.fail("requested: " + request.url);
      }
      return world_.answer();
    }

   private:
    RandomCalls& world_;
  };

  void fail(const std::string& what) {
    if (problem_.empty()) problem_ = what;
  }

  void run(std::chrono::milliseconds time) {
    (void)loop_->run([] { return false; }, time);
  }

  void act(const std::string& sid) {
    constexpr std::array<std::string_view, 8> kKeys{"1",  "2",    "*",   "#",
                                                    "12", "1w2#", "0W*", "123456789"};
    constexpr std::array<std::string_view, 4> kWords{
        "Hello", "", "two pizzas please, with salami and cheese", "\xc3\xa4"};
    switch (chance_.below(10)) {
      case 0: (void)provider_->hangUp(sid); break;
      case 1: (void)provider_->answer(sid); break;
      case 2: (void)provider_->refuse(sid); break;
      case 3:
      case 4:
      case 5:
        (void)provider_->say(sid, {.words = std::string{chance_.of(kWords)}, .confidence = 2.0});
        break;
      default: (void)provider_->press(sid, chance_.of(kKeys)); break;
    }
  }

  void askApi() {
    Form form;
    const auto add = [&](std::string_view name, std::string_view value) {
      if (chance_.oneIn(2)) form.add(name, value);
    };
    RandomTwiml twiml{chance_, sids_};
    const auto calls = provider_->calls();
    const std::string sid =
        calls.empty() ? std::string{"CA0"} : calls[chance_.below(calls.size())].sid;
    std::string path;
    switch (chance_.below(7)) {
      case 0:
        path = "/Calls.json";
        form.add("To", chance_.oneIn(2) ? "+1001" : "+1004");
        form.add("From", "+1");
        add("StatusCallback", "http://app.example/h");
        add("MachineDetection", "Enable");
        add("TimeLimit", "60");
        form.add("Url", "http://app.example/a");
        break;
      case 1:
      case 2:
        path = "/Calls/" + sid + ".json";
        if (chance_.oneIn(3)) {
          form.add("Status", chance_.oneIn(2) ? "completed" : "canceled");
        } else if (chance_.oneIn(2)) {
          form.add("Twiml", twiml.document());
        } else {
          form.add("Url", "http://app.example/" + std::string(1, chance_.oneIn(2) ? 'a' : 'c'));
        }
        break;
      case 3:
        path = "/Calls/" + sid + "/Recordings.json";
        add("RecordingStatusCallback", "http://app.example/h");
        break;
      case 4: {
        path = "/Queues/" + queueSid_ + "/Members/" + (chance_.oneIn(2) ? "Front" : sid) + ".json";
        form.add("Url", "http://app.example/a");
        break;
      }
      default: {
        path = "/Conferences/" + conferenceSid_;
        if (chance_.oneIn(5)) {
          add("Status", "completed");
          add("AnnounceUrl", "http://app.example/d");
        } else {
          path += "/Participants/" + sid;
          add("Muted", chance_.oneIn(2) ? "true" : "false");
          add("Hold", chance_.oneIn(2) ? "true" : "false");
          add("HoldUrl", "http://app.example/c");
          add("AnnounceUrl", "http://app.example/d");
          add("EndConferenceOnExit", "true");
          add("Coaching", "true");
          add("CallSidToCoach", sid);
        }
        path += ".json";
        break;
      }
    }
    const bool isDelete = chance_.oneIn(12);
    ask(isDelete ? "DELETE" : "POST", path, form, nullptr);
    // The SIDs of rooms are only in answers.
    ask("GET", "/Conferences.json?Status=in-progress", {}, &conferenceSid_);
    ask("GET", "/Queues.json", {}, &queueSid_);
  }

  void ask(const std::string& method, const std::string& path, const Form& form, std::string* sid) {
    Request request{.method = method,
                    .target = "/2010-04-01/Accounts/AC00000000000000000000000000000001" + path};
    request.headers.add("Authorization",
                        "Basic " + base64("AC00000000000000000000000000000001:token"));
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    request.body = form.encoded();
    const auto answered = std::make_shared<std::string>();
    api_(std::move(request)).receive([answered](Settled<Response> outcome) {
      if (const auto* response = std::get_if<0>(&outcome)) *answered = response->body.text();
    });
    run(std::chrono::milliseconds{0});
    const std::size_t at = answered->find(sid == &queueSid_ ? "\"QU" : "\"CF");
    if (sid != nullptr && at != std::string::npos) *sid = answered->substr(at + 1, 34);
  }

  Later<http::IncomingResponse> answer() {
    ++requests_;
    if (isEnding_ || requests_ > kMaxRequests || chance_.isOver()) {
      return document(goesOn_ && requests_ <= kMaxRequests
                          ? "<Response><Pause length=\"60\"/><Redirect/></Response>"
                          : "<Response><Hangup/></Response>");
    }
    http::IncomingResponse reply = anyAnswer();
    if (chance_.oneIn(40)) {
      return Later<http::IncomingResponse>{[&](Answer<http::IncomingResponse> answer) {
        answer.fail(http::TransportError{ErrorKind::unavailable, "broken", chance_.oneIn(2)});
      }};
    }
    if (!chance_.oneIn(4)) return reply;
    const bool isNever = chance_.oneIn(8);
    const std::chrono::milliseconds time{chance_.below(isNever ? 2 : 17'000)};
    return Later<http::IncomingResponse>{[&](Answer<http::IncomingResponse> answer) {
      if (isNever) return unanswered_.push_back(std::move(answer));
      loop_->after(time, [answer = std::move(answer), reply] { answer(reply); });
    }};
  }

  http::IncomingResponse document(std::string text) {
    return {.status = 200, .headers = {{"Content-Type", "text/xml"}}, .body = std::move(text)};
  }

  http::IncomingResponse anyAnswer() {
    RandomTwiml twiml{chance_, sids_};
    if (!chance_.oneIn(8)) return document(twiml.document());
    constexpr std::array<int, 14> kStatuses{200, 200, 200, 200, 204, 301, 302,
                                            307, 308, 304, 401, 404, 500, 503};
    constexpr std::array<std::string_view, 9> kTypes{"text/xml",   "text/plain",       "audio/wav",
                                                     "audio/ulaw", "audio/mpeg",       "audio/gsm",
                                                     "text/html",  "application/json", ""};
    http::IncomingResponse reply;
    reply.status = chance_.of(kStatuses);
    const std::string_view type = chance_.of(kTypes);
    if (!type.empty()) reply.headers.add("Content-Type", type);
    if (reply.status / 100 == 3 && !chance_.oneIn(8)) reply.headers.add("Location", twiml.url());
    if (reply.status == 401) {
      reply.headers.add("WWW-Authenticate", chance_.oneIn(4) ? "Digest x" : "Basic realm=\"x\"");
    }
    if (chance_.oneIn(4))
      reply.headers.add("Set-Cookie", chance_.oneIn(3) ? "a=;Max-Age=0" : "a=b");
    if (chance_.oneIn(4)) reply.headers.add("Cache-Control", "max-age=60");
    switch (chance_.below(6)) {
      case 0: break;
      case 1: reply.body = std::string(chance_.below(3000), '\x7f'); break;
      case 2: reply.body = twiml.document(); break;
      case 3: reply.body = "Hello <there> \xff"; break;
      default:
        reply.body = silentWav(std::chrono::milliseconds{chance_.below(2000)});
        if (chance_.oneIn(8)) reply.body.resize(chance_.below(60));
        break;
    }
    return reply;
  }

  Chance& chance_;
  std::shared_ptr<phone::EventLoop> loop_ = std::make_shared<phone::EventLoop>();
  std::vector<Answer<http::IncomingResponse>> unanswered_;
  std::vector<std::string> sids_;
  std::string conferenceSid_ = "CF0";
  std::string queueSid_ = "QU0";
  std::string problem_;
  phone::Moment last_{};
  std::size_t requests_ = 0;
  bool isEnding_ = false;
  bool goesOn_ = false;
  std::unique_ptr<phone::Provider> provider_;
  http::Handler api_;
};

}  // namespace ivr::support
