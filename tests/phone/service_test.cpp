// The service: who may ask it, what it does, what it tells pages, and its bounds.

#include "ivr/phone/service.hpp"

#include "ivr/core/error.hpp"
#include "ivr/phone/replay.hpp"
#include "ivr/phone/saved_timeline.hpp"
#include "phone/scripted_application.hpp"

#include <algorithm>
#include <deque>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using Json = nlohmann::json;

constexpr const char* kAccount = "AC00000000000000000000000000000001";
constexpr const char* kCaller = "+14155550101";

struct Event {
  std::string id;
  std::string type;
  Json data;
};

std::vector<Event> eventsIn(const std::string& stream) {
  std::vector<Event> events;
  Event event;
  std::size_t at = 0;
  while (at < stream.size()) {
    const std::size_t end = std::min(stream.find('\n', at), stream.size());
    const std::string line = stream.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("id: ")) event.id = line.substr(4);
    if (line.starts_with("event: ")) event.type = line.substr(7);
    if (line.starts_with("data: ")) event.data = Json::parse(line.substr(6));
    if (line.empty() && !event.type.empty()) events.push_back(std::exchange(event, {}));
  }
  return events;
}

/// A page that keeps up.
class Page {
 public:
  explicit Page(http::Handler handler) : handler_(std::move(handler)) {}

  /// Reads until something has happened, and not further.
  template <class IsIt>
  Json until(std::string_view type, IsIt isIt) {
    for (;; events_ = read()) {
      while (!events_.empty()) {
        const Event event = std::move(events_.front());
        events_.pop_front();
        if (event.type == type && isIt(event.data)) return event.data;
      }
    }
  }
  Json entry(std::string_view what) {
    return until("entry", [&](const Json& entry) { return entry["what"] == what; });
  }
  Json reset() {
    return until("reset", [](const Json&) { return true; });
  }

 private:
  std::deque<Event> read() {
    Request request{.target = "/phone/events", .headers = {{"Host", "127.0.0.1:8090"}}};
    if (!lastId_.empty()) request.headers.add("Last-Event-ID", lastId_);
    const Response response = handler_(std::move(request)).get();
    if (response.status != 200) throw std::logic_error{"no events"};
    auto events = eventsIn(response.body.text());
    if (!events.empty()) lastId_ = events.back().id;
    return {events.begin(), events.end()};
  }

  http::Handler handler_;
  std::string lastId_;
  std::deque<Event> events_;  ///< That were read, and not looked at.
};

class PhoneService : public testing::Test {
 protected:
  PhoneService() {
    application->say("/voice",
                     R"(<Gather numDigits="1" action="/choice"><Say>Press one.</Say></Gather>)");
    application->say("/choice", "<Say>Thank you.</Say><Hangup/>");
    options.provider.transport = application;
    options.provider.origins = {std::string{kApplicationUrl}};
    options.provider.wordsPerMinute = 1'000'000;
    options.numbers = {{.number = std::string{kOurNumber},
                        .name = "The line",
                        .settings = {.voiceUrl = std::string{kApplicationUrl} + "/voice"}}};
    options.page = {{.path = "/", .type = "text/html; charset=utf-8", .content = "<p>page</p>"},
                    {.path = "/main.js", .type = "text/javascript", .content = "1;"}};
  }

  Service& service() {
    if (!service_) service_.emplace(options);
    return *service_;
  }
  Response ask(Request request) { return service().handler()(std::move(request)).get(); }

  static Request get(std::string target) {
    return {.target = std::move(target), .headers = {{"Host", "127.0.0.1:8090"}}};
  }
  static Request post(const std::string& command, std::string body) {
    return {.method = "POST",
            .target = "/phone/" + command,
            .headers = {{"Host", "127.0.0.1:8090"},
                        {"Content-Type", "application/json"},
                        {"X-Ivr-Phone", "1"}},
            .body = std::move(body)};
  }
  int statusOf(Request request) { return ask(std::move(request)).status; }
  Response command(const std::string& name, const Json& values) {
    return ask(post(name, values.dump()));
  }
  std::string call() {
    const Response made = command("call", {{"from", kCaller}, {"to", kOurNumber}});
    EXPECT_EQ(made.status, 201) << made.body.text();
    return Json::parse(made.body.text())["call"];
  }
  Page page() { return Page{service().handler()}; }

  /// What is different when saved calls are played to the application again.
  std::vector<std::string> differences(const Timeline& saved) {
    std::optional<Replay> replay;
    PhoneWorld world{{.seed = 2, .onEntry = [&](const Entry& entry) { replay->see(entry); }},
                     application};
    replay.emplace(*world.loop, *world.provider, saved);
    replay->begin();
    (void)world.loop->run([&] { return replay->isOver(); }, 1h);
    std::vector<std::string> texts;
    for (const Difference& one : replay->differences()) texts.push_back(describe(one));
    return texts;
  }

  std::shared_ptr<ScriptedApplication> application = std::make_shared<ScriptedApplication>();
  ServiceOptions options;

 private:
  std::optional<Service> service_;
};

// ---- Who may ask.

TEST_F(PhoneService, ThePageComesWithAStrictPolicy) {
  const Response response = ask(get("/"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.text(), "<p>page</p>");
  EXPECT_EQ(response.headers.find("Content-Type"), "text/html; charset=utf-8");
  EXPECT_THAT(std::string{response.headers.find("Content-Security-Policy").value_or("")},
              AllOf(HasSubstr("default-src 'none'"), HasSubstr("frame-ancestors 'none'"),
                    Not(HasSubstr("unsafe"))));
  EXPECT_EQ(response.headers.find("X-Content-Type-Options"), "nosniff");
}

TEST_F(PhoneService, ANameThatIsNotOursIsRefusedWhateverItAsks) {
  for (const char* const target : {"/", "/phone/events", "/2010-04-01/Accounts/AC1/Calls.json"}) {
    Request request = get(target);
    request.headers.set("Host", "evil.example:8090");
    EXPECT_EQ(statusOf(request), 421) << target;
    request.headers.set("Host", "127.0.0.1.evil.example");
    EXPECT_EQ(statusOf(request), 421) << target;
  }
  EXPECT_EQ(statusOf({.target = "/"}), 421);  // no name at all
}

TEST_F(PhoneService, OurOwnNamesAreTakenWithAnyPort) {
  for (const char* const host : {"127.0.0.1", "localhost:1234", "LOCALHOST:80", "[::1]:8090"}) {
    Request request = get("/");
    request.headers.set("Host", host);
    EXPECT_EQ(statusOf(request), 200) << host;
  }
}

TEST_F(PhoneService, AnotherSiteCannotDriveIt) {
  const std::string sid = call();
  const std::string body = Json{{"call", sid}}.dump();
  Request byOrigin = post("hangUp", body);
  byOrigin.headers.add("Origin", "https://evil.example");
  EXPECT_EQ(statusOf(byOrigin), 403);
  Request bySandbox = post("hangUp", body);
  bySandbox.headers.add("Origin", "null");
  EXPECT_EQ(statusOf(bySandbox), 403);
  Request byFetch = post("hangUp", body);
  byFetch.headers.add("Sec-Fetch-Site", "cross-site");
  EXPECT_EQ(statusOf(byFetch), 403);
  Request byOtherPort = post("hangUp", body);
  byOtherPort.headers.add("Origin", "http://127.0.0.1:9999");
  EXPECT_EQ(statusOf(byOtherPort), 403);
  Request withoutHeader = post("hangUp", body);
  withoutHeader.headers = {{"Host", "127.0.0.1:8090"}, {"Content-Type", "application/json"}};
  EXPECT_EQ(statusOf(withoutHeader), 403);
  Request ofAForm = post("hangUp", body);
  ofAForm.headers.set("Content-Type", "text/plain");
  EXPECT_EQ(statusOf(ofAForm), 415);
  Request own = post("hangUp", body);
  own.headers.add("Origin", "http://127.0.0.1:8090");
  own.headers.add("Sec-Fetch-Site", "same-origin");
  EXPECT_EQ(statusOf(own), 200);
}

TEST_F(PhoneService, AnotherSiteCannotUseTheApiWhichMayHaveNoPassword) {
  Request request{.method = "POST",
                  .target = std::string{"/2010-04-01/Accounts/"} + kAccount + "/Messages.json",
                  .headers = {{"Host", "127.0.0.1:8090"},
                              {"Origin", "https://evil.example"},
                              {"Content-Type", "application/x-www-form-urlencoded"}},
                  .body = "To=%2B14155550100&From=%2B15550100&Body=Hi"};
  EXPECT_EQ(statusOf(request), 403);
  Request ofAProgram = request;
  ofAProgram.headers = {{"Host", "127.0.0.1:8090"},
                        {"Content-Type", "application/x-www-form-urlencoded"}};
  EXPECT_EQ(statusOf(ofAProgram), 201);
}

TEST_F(PhoneService, TheApiAsksForTheAccountsPassword) {
  options.provider.authToken = "secret";
  const std::string target = std::string{"/2010-04-01/Accounts/"} + kAccount + "/Calls.json";
  EXPECT_EQ(statusOf(get(target)), 401);
  EXPECT_EQ(statusOf(get("/")), 200);
}

TEST_F(PhoneService, APageTokenIsAskedForOnceAndThenKept) {
  options.pageToken = "s3cret";
  options.hosts = {};
  const auto withHost = [](Request request) {
    request.headers.set("Host", "phone.example");
    return request;
  };
  EXPECT_EQ(statusOf(withHost(get("/"))), 401);
  EXPECT_EQ(statusOf(withHost(get("/phone/events"))), 401);
  EXPECT_EQ(statusOf(withHost(post("call", "{}"))), 401);
  EXPECT_EQ(statusOf(withHost(get("/2010-04-01/Accounts/AC1/Calls.json"))), 401);
  EXPECT_EQ(statusOf(withHost(get("/?token=wrong"))), 401);
  EXPECT_EQ(statusOf(withHost(get("/?token="))), 401);

  const Response entered = ask(withHost(get("/?token=s3cret")));
  EXPECT_EQ(entered.status, 303);
  EXPECT_EQ(entered.headers.find("Location"), "/");
  const std::string cookie{entered.headers.find("Set-Cookie").value_or("")};
  EXPECT_THAT(cookie, HasSubstr("HttpOnly"));
  Request again = withHost(get("/"));
  again.headers.add("Cookie", "other=1; " + cookie.substr(0, cookie.find(';')));
  EXPECT_EQ(statusOf(again), 200);
  Request byProgram = withHost(get("/phone/timeline"));
  byProgram.headers.add("Authorization", "Bearer s3cret");
  EXPECT_EQ(statusOf(byProgram), 200);
}

TEST_F(PhoneService, WithoutTokenItMustBeReachedByNamesThatAreKnown) {
  options.hosts = {};
  EXPECT_THROW((void)service(), Error);
}

TEST_F(PhoneService, ANumberIsServedOnce) {
  options.numbers.push_back(options.numbers.front());
  EXPECT_THROW((void)service(), Error);
}

// ---- What people do.

TEST_F(PhoneService, ACallIsMadeHeardAnsweredWithAKeyAndEnds) {
  Page page = this->page();
  (void)page.reset();
  const std::string sid = call();
  EXPECT_EQ(page.entry("called")["call"], sid);
  EXPECT_EQ(page.entry("says")["text"], "Press one.");
  (void)page.entry("waits");
  EXPECT_EQ(command("press", {{"call", sid}, {"keys", "1"}}).status, 200);
  EXPECT_EQ(page.entry("gathered")["details"]["Digits"], "1");
  const Json ended = page.until("call", [](const Json& one) { return one["activity"] == "ended"; });
  EXPECT_EQ(ended["sid"], sid);
  EXPECT_EQ(ended["status"], "completed");
  EXPECT_THAT(application->paths(), ElementsAre("/voice", "/choice"));
}

TEST_F(PhoneService, ADocumentComesWithWhatTheLintFinds) {
  application->say("/voice", R"(<Say vioce="alice">Hello.</Say>)");
  Page page = this->page();
  (void)page.reset();
  (void)call();
  const Json document = page.entry("twiml");
  ASSERT_TRUE(document.contains("findings")) << document;
  EXPECT_THAT(document["findings"][0]["message"].get<std::string>(), HasSubstr("vioce"));
}

TEST_F(PhoneService, ADialledNumberRingsUntilItIsAnsweredOrRefused) {
  application->say("/voice", "<Dial><Number>+14155550177</Number></Dial>");
  Page page = this->page();
  (void)page.reset();
  const std::string first = call();
  const auto rings = [&](const Json& one) {
    return one["to"] == "+14155550177" && one["activity"] == "ringing";
  };
  std::string agent = page.until("call", rings)["sid"];
  EXPECT_EQ(command("answer", {{"call", agent}}).status, 200);
  EXPECT_EQ(page.entry("connected")["call"].get<std::string>().substr(0, 2), "CA");
  EXPECT_EQ(command("say", {{"call", agent}, {"words", "Hello, how can I help?"}}).status, 200);
  EXPECT_EQ(page.entry("hears")["text"], "Hello, how can I help?");
  EXPECT_EQ(command("hangUp", {{"call", first}}).status, 200);

  (void)call();
  agent = page.until("call", rings)["sid"];
  EXPECT_EQ(command("refuse", {{"call", agent}}).status, 200);
  const Json over = page.until(
      "call", [&](const Json& one) { return one["sid"] == agent && one["activity"] == "ended"; });
  EXPECT_EQ(over["status"], "busy");
}

TEST_F(PhoneService, ATelephoneThatPlaysItselfIsAnsweredByNobodyElse) {
  application->say("/voice", "<Dial><Number>+15550111</Number></Dial><Say>After.</Say>");
  options.telephones = {
      {.number = "+15550111", .telephone = {.reaction = Telephone::Reaction::busy}}};
  Page page = this->page();
  const Json all = page.reset();
  EXPECT_EQ(all["telephones"][0]["reaction"], "busy");
  (void)call();
  EXPECT_EQ(page.entry("says")["text"], "After.");
}

TEST_F(PhoneService, AParticipantOfAConferenceIsMutedAsTheApiDoesIt) {
  application->say("/voice", "<Dial><Conference>room</Conference></Dial>");
  options.provider.authToken = "secret";
  Page page = this->page();
  (void)page.reset();
  EXPECT_EQ(command("participant", {{"call", "CA1"}, {"muted", true}}).status, 409);
  const std::string sid = call();
  (void)page.until("call", [](const Json& one) { return one.contains("conferenceSid"); });
  EXPECT_EQ(command("participant", {{"call", sid}, {"muted", true}}).status, 200);
  const Json muted = page.until("call", [](const Json& one) { return one.contains("muted"); });
  EXPECT_EQ(muted["conference"], "room");
  EXPECT_EQ(command("participant", {{"call", sid}}).status, 400);
}

TEST_F(PhoneService, AFaultIsMetByTheNextRequestAndByNoOther) {
  Page page = this->page();
  (void)page.reset();
  EXPECT_EQ(command("fault", {{"fault", "serverError"}}).status, 200);
  EXPECT_EQ(page.until("faults", [](const Json&) { return true; })["toCome"][0], "serverError");
  (void)call();
  EXPECT_EQ(page.entry("webhook")["details"]["fault"], "serverError");
  EXPECT_THAT(page.entry("says")["text"].get<std::string>(), HasSubstr("application error"));
  (void)call();
  EXPECT_FALSE(page.entry("webhook")["details"].contains("fault"));
  EXPECT_EQ(command("fault", {{"fault", "slow"}}).status, 200);
  EXPECT_EQ(command("clearFaults", Json::object()).status, 200);
  (void)page.until("faults", [](const Json& faults) { return faults["toCome"].empty(); });
  EXPECT_EQ(command("fault", {{"fault", "earthquake"}}).status, 400);
}

TEST_F(PhoneService, FaultsThatWaitAreBounded) {
  for (int i = 0; i < 100; ++i) EXPECT_EQ(command("fault", {{"fault", "slow"}}).status, 200);
  EXPECT_EQ(command("fault", {{"fault", "slow"}}).status, 429);
}

TEST_F(PhoneService, AudioIsServedOnceSomebodyHeardIt) {
  application->answer("/music.mp3", [](const SeenRequest&) {
    return ScriptedApplication::typed("audio/mpeg", "no real music");
  });
  application->say("/voice", "<Play>/music.mp3</Play>");
  const std::string url = "/phone/audio?url=http%3A%2F%2Fapp.example%2Fmusic.mp3";
  EXPECT_EQ(statusOf(get(url)), 404);
  Page page = this->page();
  (void)page.reset();
  (void)call();
  (void)page.entry("ended");
  const Response audio = ask(get(url));
  EXPECT_EQ(audio.status, 200);
  EXPECT_EQ(audio.headers.find("Content-Type"), "audio/mpeg");
  EXPECT_EQ(audio.body.text(), "no real music");
  EXPECT_EQ(statusOf(get("/phone/audio?url=http%3A%2F%2Fapp.example%2Fvoice")), 404);
  EXPECT_EQ(statusOf(get("/phone/audio")), 404);
}

TEST_F(PhoneService, ACrawlIsConfirmedAndOnThisMachineAlone) {
  EXPECT_EQ(command("crawl", {{"number", kOurNumber}}).status, 400);
  EXPECT_EQ(command("crawl", {{"number", kOurNumber}, {"isConfirmed", true}}).status, 403);
  EXPECT_EQ(command("crawl", {{"number", "+1999"}, {"isConfirmed", true}}).status, 404);
}

// ---- The flows of an application that tells them.

class PhoneServiceWithFlows : public PhoneService {
 protected:
  PhoneServiceWithFlows() {
    const std::string here = "http://127.0.0.1:8080";
    options.provider.origins = {here};
    options.numbers.front().settings.voiceUrl = here + "/voice";
    application->answer("/voice", [](const SeenRequest&) {
      auto response = ScriptedApplication::document("<Pause length=\"30\"/>");
      response.headers.add("X-Ivr-State", "Opening, in%20line");
      return response;
    });
  }
  void tellFlows(std::string json) {
    application->answer("/.ivr/flows", [json = std::move(json)](const SeenRequest&) {
      return ScriptedApplication::typed("application/json", json);
    });
  }
};

constexpr const char* kTwoStates = R"({"flows": [{"name": "support",
    "nodes": [{"id": "in line", "label": "in line", "isStart": true, "isEnd": false},
              {"id": "gone", "label": "gone", "isStart": false, "isEnd": true}],
    "edges": [{"from": "in line", "to": "gone", "label": "hangs_up"}]}]})";

TEST_F(PhoneServiceWithFlows, TheyAreAskedForWhenItNamesAStateAndTheCallIsThere) {
  tellFlows(kTwoStates);
  Page first = page();
  EXPECT_THAT(first.reset()["flows"], IsEmpty());
  const std::string sid = call();
  const Json told = first.until("flows", [](const Json&) { return true; });
  EXPECT_EQ(told["number"], kOurNumber);
  const Json& flow = told["flows"][0];
  EXPECT_EQ(flow["name"], "support");
  EXPECT_EQ(flow["nodes"][0]["id"], "state:in line");
  EXPECT_EQ(flow["nodes"][1]["isEnd"], true);
  EXPECT_EQ(flow["edges"][0],
            Json({{"from", 0}, {"to", 1}, {"act", "event"}, {"text", "hangs_up"}}));
  Page second = page();
  const Json all = second.reset();
  EXPECT_EQ(all["flows"][0], told);
  EXPECT_EQ(all["calls"][0]["state"], "in line");
  (void)call();
  (void)second.until("call", [&](const Json& call) {
    return call["sid"] != sid && call.value("state", "") == "in line";
  });
  EXPECT_THAT(application->seen("/.ivr/flows"), SizeIs(1));
}

TEST_F(PhoneServiceWithFlows, AnApplicationElsewhereIsNotAsked) {
  options.provider.origins = {std::string{kApplicationUrl}};
  options.numbers.front().settings.voiceUrl = std::string{kApplicationUrl} + "/voice";
  tellFlows(kTwoStates);
  Page first = page();
  (void)first.reset();
  (void)call();
  (void)first.until("call", [](const Json& call) { return call.value("state", "") == "in line"; });
  EXPECT_THAT(application->seen("/.ivr/flows"), IsEmpty());
}

TEST_F(PhoneServiceWithFlows, WhatIsNoFlowIsLeftOut) {
  const std::string edge = R"({"name": "e", "nodes": [{"id": "a", "label": "a"}], "edges": [)";
  tellFlows(R"({"flows": [7, [], {}, {"nodes": 1}, {"nodes": [1]}, {"nodes": [{"id": 1}]},
      {"nodes": [{"id": "a"}, {"id": "a"}]},)" +
            edge + R"({"from": "a", "to": "b"}]}, )" + edge + R"(3]}, )" + edge +
            R"({"from": "a", "to": "a", "label": 4}]}]})");
  Page first = page();
  (void)first.reset();
  (void)call();
  const Json told = first.until("flows", [](const Json&) { return true; });
  ASSERT_THAT(told["flows"], SizeIs(1));
  EXPECT_EQ(told["flows"][0]["edges"][0]["text"], "");
}

// ---- What pages are told.

TEST_F(PhoneService, ANewPageIsToldWhatThereIs) {
  Page first = page();
  (void)first.reset();
  const std::string sid = call();
  (void)first.entry("waits");
  Page second = page();
  const Json all = second.reset();
  EXPECT_EQ(all["account"], kAccount);
  EXPECT_EQ(all["numbers"][0]["name"], "The line");
  ASSERT_THAT(all["calls"], SizeIs(1));
  EXPECT_EQ(all["calls"][0]["sid"], sid);
  EXPECT_EQ(all["entries"].back()["what"], "waits");
}

TEST_F(PhoneService, APageThatWasAwayIsToldWhatItHasMissed) {
  Page page = this->page();
  (void)page.reset();
  const std::string sid = call();
  (void)page.entry("waits");
  EXPECT_EQ(command("hangUp", {{"call", sid}}).status, 200);
  Page other = this->page();
  (void)other.reset();
  EXPECT_EQ(page.entry("hungUp")["call"], sid);
}

TEST_F(PhoneService, APageThatWasAwayForTooLongBeginsAnew) {
  options.bounds.events = 5;
  Page page = this->page();
  (void)page.reset();
  Page other = this->page();
  (void)other.reset();
  const std::string sid = call();
  (void)other.entry("waits");
  EXPECT_THAT(page.reset()["calls"], SizeIs(1));
}

TEST_F(PhoneService, AnUnknownEventIdIsAnsweredWithAReset) {
  for (const char* const id : {"", "1", "x-1", "99-99999999999999999999999999", "\xff"}) {
    Request request = get("/phone/events");
    request.headers.add("Last-Event-ID", id);
    const auto events = eventsIn(ask(request).body.text());
    ASSERT_THAT(events, SizeIs(1)) << id;
    EXPECT_EQ(events[0].type, "reset");
  }
}

TEST_F(PhoneService, PagesThatWaitAreBoundedAndTheFirstGivesWay) {
  options.bounds.listeners = 3;
  const auto id = eventsIn(ask(get("/phone/events")).body.text()).front().id;
  std::vector<Later<Response>> waiting;
  constexpr std::size_t kPages = 1000;
  for (std::size_t i = 0; i < kPages; ++i) {
    Request request = get("/phone/events");
    request.headers.add("Last-Event-ID", id);
    waiting.push_back(service().handler()(std::move(request)));
  }
  // Behind the requests on the loop, so that all have been seen.
  (void)ask(get("/phone/timeline"));
  std::size_t held = 0;
  for (const auto& one : waiting) held += one.isSettled() ? 0U : 1U;
  EXPECT_EQ(held, 3U);
  const std::string body = std::move(waiting.front()).get().body.text();
  EXPECT_THAT(body, StartsWith("retry: 2000\n"));
  EXPECT_THAT(eventsIn(body), IsEmpty());
  service().stopHolding();
  EXPECT_EQ(std::move(waiting.back()).get().status, 200);
}

TEST_F(PhoneService, APageThatWaitsIsAnsweredInTheEndThoughNothingHappens) {
  options.bounds.hold = 1ms;
  const auto id = eventsIn(ask(get("/phone/events")).body.text()).front().id;
  Request request = get("/phone/events");
  request.headers.add("Last-Event-ID", id);
  EXPECT_THAT(ask(request).body.text(), HasSubstr(": nothing"));
}

TEST_F(PhoneService, TheTimelineIsSavedAsLinesOfACallAndThoseThatItMade) {
  application->say("/voice", "<Dial><Number>+14155550177</Number></Dial>");
  Page page = this->page();
  (void)page.reset();
  const std::string sid = call();
  const std::string agent =
      page.until("call", [](const Json& one) { return one["to"] == "+14155550177"; })["sid"];
  const std::string other = call();
  (void)page.until("entry",
                   [&](const Json& one) { return one["what"] == "dials" && one["call"] == other; });
  const Response response = ask(get("/phone/timeline?call=" + sid));
  EXPECT_THAT(std::string{response.headers.find("Content-Disposition").value_or("")},
              HasSubstr("attachment"));
  std::vector<std::string> calls;
  std::istringstream lines{response.body.text()};
  for (std::string line; std::getline(lines, line);) calls.push_back(Json::parse(line)["call"]);
  EXPECT_THAT(calls, AllOf(Contains(sid), Contains(agent), Not(Contains(other))));
}

TEST_F(PhoneService, TheTimelineIsSavedAsItHappenedWithoutWhatTheLintFinds) {
  application->say("/voice", R"(<Say vioce="alice">Hello.</Say>)");
  std::string lines;  // on the service's thread, until the call is over
  options.provider.onEntry = [&](const Entry& entry) { lines += savedLine(entry) + "\n"; };
  Page page = this->page();
  (void)page.reset();
  const std::string sid = call();
  (void)page.entry("ended");
  const std::string saved = ask(get("/phone/timeline?call=" + sid)).body.text();
  EXPECT_EQ(saved, lines);
  EXPECT_THAT(saved, Not(HasSubstr("findings")));
  EXPECT_THAT(timelineFrom(saved), Contains(testing::Field(&Entry::what, Happening::twiml)));
}

TEST_F(PhoneService, ASavedCallIsReplayedAndTellsWhatTheApplicationHasChanged) {
  Page page = this->page();
  (void)page.reset();
  const std::string sid = call();
  (void)page.entry("waits");
  EXPECT_EQ(command("press", {{"call", sid}, {"keys", "1"}}).status, 200);
  (void)page.entry("ended");
  const Timeline saved = timelineFrom(ask(get("/phone/timeline?call=" + sid)).body.text());
  EXPECT_THAT(differences(saved), IsEmpty());
  application->say("/choice", "<Say>Thanks a lot.</Say><Hangup/>");
  EXPECT_THAT(differences(saved),
              ElementsAre(AllOf(HasSubstr("no longer:"), HasSubstr("Thank you.")),
                          AllOf(HasSubstr("now:"), HasSubstr("Thanks a lot."))));
}

TEST_F(PhoneService, CallsThatAreOverAreKeptWithinABound) {
  application->say("/voice", "<Hangup/>");
  options.bounds.endedCalls = 3;
  Page page = this->page();
  (void)page.reset();
  for (int i = 0; i < 6; ++i) {
    const std::string sid = call();
    (void)page.until(
        "call", [&](const Json& one) { return one["sid"] == sid && one["activity"] == "ended"; });
  }
  Page late = this->page();
  EXPECT_THAT(late.reset()["calls"], SizeIs(3));
}

TEST_F(PhoneService, PagesMakeNoMoreCallsWhenThereAreManyAlready) {
  options.bounds.liveCalls = 2;
  (void)call();
  (void)call();
  EXPECT_EQ(command("call", {{"from", kCaller}, {"to", kOurNumber}}).status, 429);
}

// ---- Bad input.

TEST_F(PhoneService, WhatMakesNoSenseIsRefused) {
  const std::string sid = call();
  EXPECT_EQ(statusOf(post("call", "")), 400);
  EXPECT_EQ(statusOf(post("call", "[]")), 400);
  EXPECT_EQ(statusOf(post("call", std::string(10'000, '['))), 400);
  EXPECT_EQ(statusOf(post("call", std::string(20'000, ' '))), 413);
  EXPECT_EQ(statusOf(post("call", "{\"from\": \"\xff\"}")), 400);
  EXPECT_EQ(command("call", {{"from", "\r\nX: y"}, {"to", kOurNumber}}).status, 400);
  EXPECT_EQ(command("call", {{"from", 5}, {"to", kOurNumber}}).status, 400);
  EXPECT_EQ(command("call", {{"from", kCaller}, {"to", "+1999"}}).status, 404);
  EXPECT_EQ(command("answer", {{"call", "CA1"}}).status, 409);
  EXPECT_EQ(command("press", {{"call", sid}, {"keys", "x"}}).status, 400);
  EXPECT_EQ(command("press", {{"call", sid}, {"keys", std::string(101, '1')}}).status, 400);
  EXPECT_EQ(command("say", {{"call", sid}, {"words", " "}}).status, 400);
  EXPECT_EQ(command("say", {{"call", sid}, {"words", std::string(2001, 'a')}}).status, 400);
  EXPECT_EQ(command("dance", Json::object()).status, 404);
  EXPECT_EQ(statusOf(get("/phone/call")), 405);
  EXPECT_EQ(statusOf(get("/phone/")), 404);
  EXPECT_EQ(statusOf(get("/etc/passwd")), 404);
  EXPECT_EQ(statusOf(get("//main.js")), 404);
  Request put = get("/");
  put.method = "PUT";
  EXPECT_EQ(statusOf(put), 405);
}

TEST_F(PhoneService, ItsHandlerOutlivesIt) {
  http::Handler handler;
  {
    Service gone{options};
    handler = gone.handler();
  }
  EXPECT_EQ(handler(get("/")).get().status, 503);
}

}  // namespace
