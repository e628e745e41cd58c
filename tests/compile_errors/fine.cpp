// Compiles without a warning: values with some of their fields, and classes and functions that are
// right.

#include "ivr/ivr.hpp"
#include "ivr/security/signature.hpp"
#include "ivr/twiml/finding.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

using namespace ivr;
using namespace std::chrono_literals;

template <class... Values>
void use(const Values&...) {}

void settings() {
  use(Config{.publicUrl = "https://ivr.example.com"}, Config{.validate = false},
      Deadlines{.answer = 5s}, NumberConfig{.deadlines = {.total = 30s}},
      ThreadPoolLimits{.maxThreads = 4}, ServerOptions{.port = 8080},
      AudioOptions{.folder = "assets/audio", .holdMusic = HoldMusic{.endpoint = "/hold"}},
      AudioOptions{.mountPath = "/static"}, HoldMusic{.file = "hold.mp3"},
      CallError{.error = nullptr}, Activity{.steps = 1}, UrlOptions{.absolute = true},
      UrlOptions{.query = {}}, UrlBase{.scheme = "https"}, CallContext{.calls = nullptr},
      CallUpdate{.code = 21220}, DetachedFailure{.state = "Search"});
}

void http() {
  use(http::Request{.method = "GET"}, http::Response{.status = 200}, http::FileSlice{.file = {}},
      http::OutgoingRequest{.method = "GET"}, http::OutgoingRequest::Credentials{.user = "AC1"},
      http::IncomingResponse{.status = 200}, http::TransportLimits{.inFlight = 1});
}

void menus() {
  use(Say{.text = "Welcome."}, Say{.loop = 2}, Play{.url = "/lunch.mp3"}, Play{.digits = "1"},
      Pause{.length = 1s}, Gather{.action = "/choice", .numDigits = 1, .prompt = {Say{"Press."}}},
      Gather{.timeout = 5s}, Dial{.phoneNumber = "+14155550123"}, Dial{.timeout = 20s},
      Record{.action = "/recorded"}, Record{.maxLength = 30s}, Redirect{.url = "/next"},
      Hangup{.otherAttributes = {}}, twiml::Enqueue{.name = "support"}, twiml::Task{.priority = 1},
      twiml::Leave{.otherAttributes = {}}, twiml::Echo{.otherAttributes = {}},
      twiml::Reject{.reason = {}}, twiml::Sms{.body = "Hello"}, twiml::Refer{.action = "/referred"},
      twiml::ReferSip{.uri = "sip:a@example.com"});
}

void nouns() {
  using namespace twiml;
  use(ApplicationSid{.sid = "AP1"}, Application{.sid = "AP1"}, Identity{.identity = "ada"},
      twiml::Client{.identity = "ada"}, Conference{.name = "room"}, Number{.phoneNumber = "+1"},
      Queue{.name = "support"}, Sim{.sid = "DE1"}, SipHeader{.name = "x-a"}, SipUri{.uri = "sip:a"},
      Sip{.uri = "sip:a"}, WhatsApp{.phoneNumber = "+1"}, Parameter{.name = "a"},
      TwimlConfig{.name = "a"}, Language{.code = "en-US"}, XmlAttribute{.name = "a"},
      XmlElement{.name = "a"}, twiml::Recording{.channels = {}}, Siprec{.name = "a"},
      Transcription{.name = "a"}, Start{.action = "/a"}, Stop{.nouns = {}}, Stream{.name = "a"},
      twiml::Prompt{.attempt = {}}, Pay{.action = "/paid"}, Connect{.action = "/a"},
      Room{.name = "a"}, VirtualAgent{.connectorName = "a"}, AiSession{.aiConnector = "a"},
      Autopilot{.name = "a"}, ConversationRelay{.url = "wss://a"}, SsmlBreak{.time = 1s},
      SsmlPhoneme{.text = "a"}, SsmlSayAs{.text = "1"}, SsmlSub{.text = "a"},
      SsmlEmphasis{.text = {"a"}}, SsmlLang{.text = {"a"}}, SsmlP{.text = {"a"}},
      SsmlProsody{.text = {"a"}}, SsmlS{.text = {"a"}}, SsmlW{.text = {"a"}}, Finding{.code = {}},
      TextPosition{.line = 1});
}

void provider() {
  using namespace rest;
  use(ClientOptions{.accountSid = "AC1"}, ClientOptions{.region = "ie1"}, CreateCall{.to = "+1"},
      ListCalls{.to = "+1"}, UpdateCall{.url = "https://example.com"}, CallResource{.sid = "CA1"},
      CreateQueue{.friendlyName = "a"}, ListQueues{.pageSize = 1}, UpdateQueue{.friendlyName = "a"},
      ListMembers{.pageSize = 1}, DequeueMember{.url = "https://example.com"},
      QueueResource{.sid = "QU1"}, MemberResource{.callSid = "CA1"}, DateFilter{.on = {}},
      ListRecordings{.dateCreated = {}}, ListCallRecordings{.dateCreated = {}},
      StartRecording{.recordingStatusCallback = {}}, UpdateRecording{.status = {}},
      RecordingResource{.sid = "RE1"}, RestRefusal{.status = 404}, Page<int>{.items = {1}},
      CreateParticipant{.from = "+1"}, ListParticipants{.muted = true},
      UpdateParticipant{.muted = true}, ParticipantResource{.callSid = "CA1"},
      ListConferences{.dateCreated = {}}, UpdateConference{.status = {}},
      ConferenceResource{.sid = "CF1"}, CreateMessage{.to = "+1"}, ListMessages{.to = "+1"},
      MessageResource{.sid = "SM1"});
}

void checks() {
  use(security::SignedRequest{.signature = "a"}, session::RedisAddress{.host = "localhost"});
}

struct Order {
  int count = 1;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Order, count)

struct Welcome final : NormalState {
  explicit Welcome(std::string path) : uri_(std::move(path)) {}
  std::string uri() const override { return uri_; }

 private:  // the members are called through their base
  std::string processTransitionUri() const noexcept override { return "/choice"; }
  Later<Twiml> twimlFor(Call&) noexcept override { return Twiml{Say{.text = "Welcome."}}; }
  Later<Next> transitionOut(Call& call) override {
    call.session<Order>().count = 2;
    return call.inBackground([] { return 1; })
        .then([](const int& value) -> Later<Next> {
          if (value > 0) return to<Welcome>();
          return Later<Next>::failed(nullptr);
        })
        .recover([](const std::exception_ptr&) { return Next{}; });
  }

  std::string uri_;
};

void build(Ivr& ivr) {
  ivr.add<Welcome>("/welcome").uri();
  ivr.add(std::make_shared<Welcome>("/again"));
}
