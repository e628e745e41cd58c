// A flow that an application serves: what a caller hears, what is stored and what is still to be
// done always agree.

#include "session/redis_server.hpp"
#include "support/command.hpp"
#include "support/held_calls.hpp"
#include "support/temp_folder.hpp"
#include "support/ticket_flow.hpp"
// above: the model is stored as JSON

#include "support/fake_transport.hpp"

#include <atomic>
#include <chrono>
#include <gmock/gmock.h>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using namespace std::chrono_literals;
using flow::Outcome;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::ThrowsMessage;

const std::string kFlow = "/voice/flow";

/// An application with the flow of `ticket_flow.hpp`.
struct Served : ::testing::Test {
  Served() { start(); }

  void start() {
    Config config = openConfig();
    config.clock = time.clock();
    config.timers = time.timers();
    config.log = log.log();
    config.transport = transport;
    configure(config);
    ivr.emplace(config);
    handle.emplace(ivr->add(ticket::flowOf(hooks), tickets()));
    ivr->mount();
  }

  virtual void configure(Config&) {}

  [[nodiscard]] FlowStore<Ticket> tickets(flow::StoreOptions options = {}) const {
    return FlowStore<Ticket>{models, std::move(options)};
  }

  static std::string at(const std::string& event, const std::string& id = "CA1",
                        const std::string& actor = "customer") {
    return "/voice/" + std::string{actor == "agent" ? "agent" : "flow"} + "?event=" + event +
           "&actor=" + actor + "&call_id=" + id;
  }
  Request request(std::string target, const std::string& call = "CA1",
                  const std::string& token = {}) {
    Request made = post(std::move(target), {{"CallSid", call}, {"From", "+14155550100"}});
    if (!token.empty()) made.headers.add("I-Twilio-Idempotency-Token", token);
    return made;
  }
  std::string heard(std::string target, const std::string& call = "CA1",
                    const std::string& token = {}) {
    return answerOf(*ivr, request(std::move(target), call, token)).body.text();
  }
  std::string status(std::string target, const std::string& word, const std::string& call = "CA1") {
    return answerOf(*ivr, post(std::move(target), {{"CallSid", call}, {"CallStatus", word}}))
        .body.text();
  }
  std::optional<Ticket> stored(const std::string& id = "CA1") { return handle->find(id).get(); }
  std::string state(const std::string& id = "CA1") {
    const auto found = stored(id);
    return found ? found->state : "(none)";
  }
  std::vector<std::string> undone() { return models->withWork(100).get(); }

  TestTime time;
  CapturedLog log;
  const std::shared_ptr<FakeTransport> transport = std::make_shared<FakeTransport>();
  const std::shared_ptr<ticket::Hooks> hooks = std::make_shared<ticket::Hooks>();
  std::shared_ptr<session::SessionStore> models = session::memorySessionStore(time.steadyClock());
  std::optional<Ivr> ivr;
  std::optional<FlowHandle<Ticket>> handle;
};

using ServedFlow = Served;

// ---- Calls.

TEST_F(ServedFlow, BeginsAModelWithTheFirstWebhookOfACallThatNobodyKnows) {
  EXPECT_THAT(heard(kFlow),
              AllOf(HasSubstr("Press any key"),
                    HasSubstr("event=wants_voicemail&amp;actor=customer&amp;call_id=CA1")));
  EXPECT_EQ(state(), "waiting");
  EXPECT_EQ(stored()->from, "+14155550100");
}

TEST_F(ServedFlow, TakesAnEventAndRendersTheStateThatItLeadsTo) {
  (void)heard(kFlow);
  EXPECT_THAT(heard(at("wants_voicemail")), HasSubstr("After the tone, +14155550100"));
  EXPECT_EQ(state(), "voicemail");
}

TEST_F(ServedFlow, RendersTheStateAgainWhenACallComesBackWithoutAnEvent) {
  (void)heard(kFlow);
  (void)heard(at("wants_voicemail"));
  EXPECT_THAT(heard(kFlow), HasSubstr("After the tone"));
  EXPECT_EQ(stored()->calls, 1);
}

TEST_F(ServedFlow, BeginsANewModelForACallThatComesBackAfterItsModelHasEnded) {
  (void)heard(kFlow);
  (void)heard(at("wants_voicemail"));
  EXPECT_THAT(heard(at("recorded")), HasSubstr("Good bye"));
  EXPECT_THAT(heard(kFlow), HasSubstr("Press any key"));
  EXPECT_EQ(stored()->calls, 1);
  EXPECT_THAT(stored()->notes, IsEmpty());
}

TEST_F(ServedFlow, RunsWhatIsDueAfterTheStepWasStored) {
  (void)heard(kFlow);
  std::string seen;
  hooks->afterVoicemail = [&](Ticket& model, const Transition& transition, const Turn& turn) {
    seen = nlohmann::json::parse(models->read("flow.Ticket.CA1").get())["model"]["state"];
    EXPECT_EQ(transition.from, "waiting");
    EXPECT_EQ(transition.outcome, Outcome::changed);
    EXPECT_EQ(turn.id(), "CA1");
    EXPECT_EQ(turn.call().from(), "+14155550100");
    model.notes.emplace_back("first");
    return Later<Done>{Done{}};
  };
  (void)heard(at("wants_voicemail"));
  EXPECT_EQ(seen, "voicemail");
  EXPECT_THAT(stored()->notes, ElementsAre("first", "second"));
  EXPECT_THAT(undone(), IsEmpty());
}

TEST_F(ServedFlow, FindsTheModelOfACallThatCameSecond) {
  (void)heard(kFlow);
  EXPECT_THAT(heard(at("answered", "CA1", "agent"), "CA2"), HasSubstr("You are connected"));
  EXPECT_EQ(state(), "talking");
  EXPECT_THAT(heard("/voice/agent", "CA2"), HasSubstr("You are connected"))
      << "without the id of the model";
}

TEST_F(ServedFlow, TakesStatusCallbacksAndAnswersThemWithNothing) {
  (void)heard(kFlow);
  EXPECT_THAT(status(kFlow + "/status?actor=customer&call_id=CA1", "in-progress"),
              HasSubstr("<Response></Response>"));
  EXPECT_EQ(state(), "waiting");
  EXPECT_THAT(status(kFlow + "/status?actor=customer&call_id=CA1", "completed"),
              HasSubstr("<Response></Response>"));
  EXPECT_EQ(state(), "cancelled");
}

TEST_F(ServedFlow, TakesAStatusCallbackThatWasSetUpAtTheNumber) {
  (void)heard(kFlow);
  (void)status(kFlow + "/status", "completed");
  EXPECT_EQ(state(), "cancelled");
}

TEST_F(ServedFlow, KeepsAModelForItsRetentionOnceItHasEnded) {
  (void)heard(kFlow);
  (void)status(kFlow + "/status", "completed");
  time.advance(59min);
  EXPECT_EQ(state(), "cancelled");
  time.advance(2min);
  EXPECT_EQ(state(), "(none)");
}

TEST_F(ServedFlow, LeavesTheSessionOfTheCallToTheFlow) {
  hooks->renderVoicemail = [](const Ticket&, const Turn& turn) -> Later<Twiml> {
    Session& session = turn.call().session();
    session.set("times", session.find("times").value_or("") + "x");
    return ticket::says("times " + session.find("times").value_or(""));
  };
  (void)heard(kFlow);
  EXPECT_THAT(heard(at("wants_voicemail")), HasSubstr("times x<"));
  EXPECT_THAT(heard(kFlow), HasSubstr("times xx<"));
}

// ---- What does not fit.

TEST_F(ServedFlow, SaysThatSomethingWentWrongToACallThatNobodyKnows) {
  EXPECT_THAT(heard(at("wants_voicemail", "CA404")), HasSubstr("an error has occurred"));
  EXPECT_THAT(log.text(), AllOf(HasSubstr("outcome=\"unknown call\""),
                                HasSubstr("it is over, or was never begun")));
  EXPECT_EQ(state("CA404"), "(none)");
}

TEST_F(ServedFlow, AnswersTheStatusOfACallThatNobodyKnowsWithNothing) {
  EXPECT_THAT(status(kFlow + "/status", "completed", "CA404"), HasSubstr("<Response></Response>"));
  EXPECT_THAT(log.text(), HasSubstr("outcome=\"unknown call\""));
}

TEST_F(ServedFlow, RendersTheStateAgainForAnEventThatDoesNotExist) {
  (void)heard(kFlow);
  EXPECT_THAT(heard(at("drop_tables")), HasSubstr("Press any key"));
  EXPECT_THAT(log.text(), AllOf(HasSubstr("event=drop_tables"), HasSubstr("unknown event")));
  EXPECT_EQ(state(), "waiting");
}

TEST_F(ServedFlow, RendersTheStateAgainForAnEventThatDoesNotFit) {
  (void)heard(kFlow);
  EXPECT_THAT(heard(at("tries")), HasSubstr("Press any key"));
  EXPECT_THAT(heard(at("recorded")), HasSubstr("Press any key"));
  EXPECT_THAT(log.text(), HasSubstr("outcome=refused"));
}

TEST_F(ServedFlow, TakesAnEventFromItsSenderAlone) {
  (void)heard(kFlow);
  for (const std::string target : {"/voice/agent?event=wants_voicemail&actor=agent&call_id=CA1",
                                   "/voice/agent?event=wants_voicemail&actor=customer&call_id=CA1",
                                   "/voice/flow?event=wants_voicemail&actor=agent&call_id=CA1",
                                   "/voice/flow?event=wants_voicemail&call_id=CA1",
                                   "/voice/flow?event=hangs_up&actor=customer&call_id=CA1",
                                   "/voice/flow?event=closed&actor=customer&call_id=CA1",
                                   "/voice/agent?event=left&actor=agent&call_id=CA1"}) {
    EXPECT_THAT(heard(target), HasSubstr("an error has occurred")) << target;
    EXPECT_EQ(state(), "waiting") << target;
  }
  EXPECT_THAT(log.text(), HasSubstr("outcome=\"wrong sender\""));
}

TEST_F(ServedFlow, RefusesIdsThatNoModelCanHave) {
  const std::string tooLong(65, 'x');
  for (const std::string& id : {std::string{"a%20b"}, std::string{"leg.CA1"}, std::string{"..%2F"},
                                tooLong, std::string{}}) {
    EXPECT_THAT(heard(at("wants_voicemail", id)), HasSubstr("an error has occurred")) << id;
  }
  EXPECT_THROW((void)handle->find("a b").get(), Error);
}

TEST_F(ServedFlow, RefusesAnEndlessQuery) {
  std::string target = kFlow + "?a=1";
  for (int i = 0; i < 1000; ++i) target += "&a=1";
  EXPECT_EQ(answerOf(*ivr, request(target)).status, 414);
}

TEST_F(ServedFlow, IsRefusedAtStartWithItsMistakes) {
  Flow<Ticket> broken{&Ticket::state, ticket::incoming};
  broken.state(ticket::incoming).silent().on(ticket::called).to(ticket::waiting);
  Ivr other{openConfig()};
  (void)other.add(broken, tickets());
  EXPECT_THAT([&] { other.mount(); },
              ThrowsMessage<Error>(AllOf(HasSubstr("the flow Ticket"), HasSubstr("waiting"),
                                         HasSubstr("served_flow_test.cpp"))));
}

TEST_F(ServedFlow, OfTheSameNameTwiceIsRefused) {
  Ivr other{openConfig()};
  (void)other.add(ticket::flowOf(), tickets());
  (void)other.add(ticket::flowOf(), tickets());
  EXPECT_THAT([&] { other.mount(); }, ThrowsMessage<Error>(HasSubstr("several flows")));
}

// ---- Failures.

TEST_F(ServedFlow, StoresNothingOfAStepThatThrowsBeforeTheChange) {
  (void)heard(kFlow);
  hooks->beforeVoicemail = [](Ticket& model, const Transition&, const Turn&) -> Later<bool> {
    model.notes.emplace_back("lost");
    throw std::runtime_error{"no room"};
  };
  EXPECT_THAT(heard(at("wants_voicemail")), HasSubstr("an error has occurred"));
  EXPECT_EQ(state(), "waiting");
  EXPECT_THAT(stored()->notes, IsEmpty());
  EXPECT_THAT(log.text(), HasSubstr("no room"));
}

TEST_F(ServedFlow, StoresNothingOfAStepWhoseDocumentCannotBeMade) {
  (void)heard(kFlow);
  hooks->renderVoicemail = [](const Ticket&, const Turn&) -> Later<Twiml> {
    throw std::runtime_error{"no words"};
  };
  EXPECT_THAT(heard(at("wants_voicemail")), HasSubstr("an error has occurred"));
  EXPECT_EQ(state(), "waiting");
  EXPECT_THAT(undone(), IsEmpty());
}

TEST_F(ServedFlow, StaysWhereItIsWhenACallbackHaltsIt) {
  (void)heard(kFlow);
  hooks->beforeVoicemail = [](Ticket&, const Transition&, const Turn&) -> Later<bool> {
    return false;
  };
  EXPECT_THAT(heard(at("wants_voicemail")), HasSubstr("Press any key"));
  EXPECT_EQ(state(), "waiting");
  EXPECT_THAT(log.text(), HasSubstr("outcome=halted"));
}

TEST_F(ServedFlow, HearsAndKeepsTheChangeWhenACallbackThrowsAfterIt) {
  (void)heard(kFlow);
  hooks->afterVoicemail = [](Ticket& model, const Transition&, const Turn&) -> Later<Done> {
    model.notes.emplace_back("lost");
    throw std::runtime_error{"the mail is down"};
  };
  EXPECT_THAT(heard(at("wants_voicemail")), HasSubstr("After the tone"));
  EXPECT_EQ(state(), "voicemail");
  EXPECT_THAT(stored()->notes, ElementsAre("second")) << "the next callback runs all the same";
  EXPECT_THAT(log.text(), AllOf(HasSubstr("the mail is down"), HasSubstr("voicemail/success/1")));
  EXPECT_THAT(undone(), IsEmpty());
}

TEST_F(ServedFlow, LetsNoCallbackAfterTheChangeSetTheState) {
  (void)heard(kFlow);
  hooks->afterVoicemail = [](Ticket& model, const Transition&, const Turn&) -> Later<Done> {
    model.state = "completed";
    return Done{};
  };
  (void)heard(at("wants_voicemail"));
  EXPECT_EQ(state(), "voicemail");
  EXPECT_THAT(log.text(), HasSubstr("cannot set the state"));
}

TEST_F(ServedFlow, DoesNotFireAgainForARequestThatIsSentAgain) {
  (void)heard(kFlow, "CA1", "a");
  (void)heard(kFlow, "CA1", "a");
  EXPECT_EQ(stored()->calls, 1);
  const std::string first = heard(at("wants_voicemail"), "CA1", "b");
  EXPECT_EQ(heard(at("wants_voicemail"), "CA1", "b"), first);
  EXPECT_THAT(stored()->notes, ElementsAre("after wants_voicemail", "second"));
}

TEST_F(ServedFlow, DoesNotFireAgainEvenIfTheSessionsWereLost) {
  (void)heard(kFlow, "CA1", "a");
  const std::string first = heard(at("wants_voicemail"), "CA1", "b");
  start();  // its sessions are in its memory; the models are not
  EXPECT_EQ(heard(at("wants_voicemail"), "CA1", "b"), first);
  EXPECT_THAT(stored()->notes, ElementsAre("after wants_voicemail", "second"));
}

TEST_F(ServedFlow, ChangesNothingWhenTheStepWasGivenUpBeforeItsDocumentCame) {
  (void)heard(kFlow);
  std::optional<Answer<Twiml>> late;
  hooks->renderVoicemail = [&](const Ticket&, const Turn&) {
    return Later<Twiml>{[&](const Answer<Twiml>& answer) { late = answer; }};
  };
  const PendingResponse asked{ivr->handle(request(at("wants_voicemail")))};
  time.advance(10s);
  EXPECT_THAT(asked.text(), HasSubstr("/.ivr/answer")) << "asked to hold";
  time.advance(50s);
  (*late)(ticket::says("too late"));
  EXPECT_EQ(state(), "waiting");
}

TEST_F(ServedFlow, AsksToHoldWhileAnEventIsLate) {
  (void)heard(kFlow);
  std::optional<Answer<bool>> late;
  hooks->beforeVoicemail = [&](Ticket&, const Transition&, const Turn&) {
    return Later<bool>{[&](const Answer<bool>& answer) { late = answer; }};
  };
  const PendingResponse asked{ivr->handle(request(at("wants_voicemail")))};
  time.advance(10s);
  (*late)(true);
  EXPECT_THAT(heard(continuationOf(asked.text())), HasSubstr("After the tone"));
  EXPECT_EQ(state(), "voicemail");
}

// ---- Several at once.

TEST_F(ServedFlow, LetsTwoCallsOfOneModelTakeTurns) {
  (void)heard(kFlow);
  std::optional<Answer<bool>> late;
  hooks->beforeVoicemail = [&](Ticket&, const Transition&, const Turn&) {
    return Later<bool>{[&](const Answer<bool>& answer) { late = answer; }};
  };
  const PendingResponse first{ivr->handle(request(at("wants_voicemail")))};
  const PendingResponse second{ivr->handle(request(at("answered", "CA1", "agent"), "CA2"))};
  EXPECT_FALSE(second.isThere());
  (*late)(true);
  EXPECT_THAT(first.text(), HasSubstr("After the tone"));
  EXPECT_THAT(second.text(), HasSubstr("After the tone")) << "it came too late to be answered";
  EXPECT_EQ(state(), "voicemail");
}

// ---- The handle.

TEST_F(ServedFlow, TakesEventsOfTheApplication) {
  (void)heard(kFlow);
  (void)heard(at("wants_voicemail"));
  EXPECT_EQ(handle->send("CA1", ticket::closed).get(), Outcome::changed);
  EXPECT_EQ(state(), "completed");
  EXPECT_EQ(handle->send("CA1", ticket::closed).get(), Outcome::refused);
  EXPECT_EQ(handle->send("CA404", ticket::closed).get(), std::nullopt);
  EXPECT_THROW((void)handle->send("CA1", ticket::recorded).get(), Error);
}

TEST_F(ServedFlow, LetsTheApplicationBeginAndChangeModels) {
  EXPECT_TRUE(handle->begin("order-7", {.from = "+1"}).get());
  EXPECT_FALSE(handle->begin("order-7", {.from = "+2"}).get());
  EXPECT_EQ(state("order-7"), "incoming");
  EXPECT_TRUE(handle->change("order-7", [](Ticket& model) { model.from = "+3"; }).get());
  EXPECT_EQ(stored("order-7")->from, "+3");
  EXPECT_FALSE(handle->change("order-8", [](Ticket&) {}).get());
  EXPECT_THROW(
      (void)handle->change("order-7", [](Ticket& model) { model.state = "completed"; }).get(),
      Error);
  EXPECT_EQ(state("order-7"), "incoming");
}

TEST_F(ServedFlow, MovesALiveCallToTheAddressOfAnEvent) {
  (void)heard(kFlow);
  transport->answer(200, R"({"sid":"CA00000000000000000000000000000001","status":"in-progress"})");
  EXPECT_TRUE(handle->redirectAnd("CA00000000000000000000000000000001", "CA1", ticket::left).get());
  EXPECT_THAT(transport->sent().at(0).body,
              HasSubstr("https%3A%2F%2Fivr.example.com%2Fvoice%2Fflow%3Fevent%3Dleft%26call_id%3D"
                        "CA1"));
  EXPECT_THROW((void)handle->redirectAnd("CA1", "CA1", ticket::closed).get(), Error);
}

TEST_F(ServedFlow, MovesCallsFromItsCallbacks) {
  (void)heard(kFlow);
  transport->answer(200, R"({"sid":"CA00000000000000000000000000000002","status":"in-progress"})");
  hooks->afterVoicemail = [](Ticket&, const Transition&, const Turn& turn) -> Later<Done> {
    return turn.redirectAnd("CA00000000000000000000000000000002", ticket::left)
        .then([](const CallUpdate&) { return Done{}; });
  };
  (void)heard(at("wants_voicemail"));
  EXPECT_THAT(transport->sent().at(0).body, HasSubstr("event%3Dleft%26call_id%3DCA1"));
}

TEST_F(ServedFlow, TakesAnEventOfARedirect) {
  (void)heard(kFlow);
  (void)heard(at("answered", "CA1", "agent"), "CA2");
  EXPECT_THAT(heard("/voice/flow?event=left&call_id=CA1"), HasSubstr("Good bye"));
}

TEST_F(ServedFlow, CannotBeUsedBeforeItIsMounted) {
  Ivr other{openConfig()};
  const auto early = other.add(ticket::flowOf(), tickets());
  EXPECT_THROW((void)early.find("CA1").get(), Error);
}

TEST_F(ServedFlow, CannotBeUsedAfterItsApplicationHasEnded) {
  (void)heard(kFlow);
  const FlowHandle<Ticket> late = *handle;
  ivr.reset();
  EXPECT_THROW((void)late.find("CA1").get(), Error);
}

// ---- Versions.

TEST_F(ServedFlow, GoesOnInAStateThatWasRenamed) {
  (void)heard(kFlow);
  auto flow = ticket::flowOf(hooks);
  std::string text = models->read("flow.Ticket.CA1").get();
  text.replace(text.find("\"waiting\""), 9, "\"on_hold\"");
  const auto held = models->tryOpen("flow.Ticket.CA1", "test", 1s).get();
  ASSERT_TRUE(models
                  ->close({.session = "flow.Ticket.CA1",
                           .lease = held->lease,
                           .data = text,
                           .dataLifetime = 1h})
                  .get());
  EXPECT_THAT(heard(at("wants_voicemail")), HasSubstr("an error has occurred"));
  EXPECT_THAT(log.text(), AllOf(HasSubstr("on_hold"), HasSubstr("renamed")));
  flow.renamed("on_hold", ticket::waiting);
  Ivr newer{[&] {
    Config config = openConfig();
    config.timers = time.timers();
    return config;
  }()};
  (void)newer.add(flow, tickets());
  EXPECT_THAT(answerOf(newer, request(at("wants_voicemail"))).body.text(),
              HasSubstr("After the tone"));
}

TEST_F(ServedFlow, CarriesModelsOfAnOlderVersionOver) {
  (void)heard(kFlow);
  Ivr newer{openConfig()};
  (void)newer.add(ticket::flowOf(hooks),
                  tickets({.version = 2, .carryOver = [](int from, nlohmann::json& model) {
                             EXPECT_EQ(from, 1);
                             model["from"] = "carried over";
                           }}));
  EXPECT_THAT(answerOf(newer, request(at("wants_voicemail"))).body.text(),
              HasSubstr("After the tone, carried over"));
  EXPECT_THAT(heard(at("recorded")), HasSubstr("an error has occurred")) << "the older program";
  EXPECT_THAT(log.text(), HasSubstr("version 2 of a later program"));
}

TEST_F(ServedFlow, DoesNotGuessWhatBecameOfAnOlderVersion) {
  (void)heard(kFlow);
  Ivr newer{openConfig()};
  (void)newer.add(ticket::flowOf(hooks), tickets({.version = 2}));
  EXPECT_THAT(answerOf(newer, request(at("wants_voicemail"))).body.text(),
              HasSubstr("an error has occurred"));
}

TEST(FlowStore, RefusesOptionsThatMeanNothing) {
  const auto open = [](flow::StoreOptions options) {
    return FlowStore<Ticket>{session::memorySessionStore(), std::move(options)};
  };
  EXPECT_THROW(open({.name = "two words"}), Error);
  EXPECT_THROW(open({.lifetime = 0ms}), Error);
  EXPECT_THROW(open({.retention = -1ms}), Error);
  EXPECT_THROW(FlowStore<Ticket>{std::shared_ptr<session::SessionStore>{}}, Error);
  EXPECT_THROW(FlowStore<Ticket>{"mysql:tickets"}, Error);
}

// ---- Tools.

struct DevelopedFlow : Served {
  DevelopedFlow() { start(); }
  void configure(Config& config) override {
    config.mode = Config::Mode::development;
    config.publicUrl = "http://127.0.0.1:8080";
  }
};

TEST_F(DevelopedFlow, TellsTheStatesOfItsSteps) {
  const Response first = answerOf(*ivr, request(kFlow));
  EXPECT_EQ(header(first, "X-Ivr-State"), "incoming, waiting");
  EXPECT_EQ(header(answerOf(*ivr, request(at("called"))), "X-Ivr-State"), "waiting");
  EXPECT_EQ(header(answerOf(*ivr, request(at("wants_voicemail"))), "X-Ivr-State"),
            "waiting, voicemail");
}

TEST_F(DevelopedFlow, FindsNothingToMendInTheAnswersToStatusCallbacks) {
  (void)heard(kFlow);
  EXPECT_THAT(status(kFlow + "/status", "completed"), HasSubstr("<Response></Response>"));
  EXPECT_THAT(log.text(), Not(HasSubstr("rule=empty-response")));
}

TEST_F(DevelopedFlow, ListsItsStates) {
  EXPECT_THAT(answerOf(*ivr, get("/.ivr/states")).body.text(),
              AllOf(HasSubstr(R"({"kind":"flow","name":"incoming","uri":""})"),
                    HasSubstr(R"("name":"completed")"), Not(HasSubstr("Ticket"))));
}

// ---- On every store.

enum class Where { memory, sqlite, redis };

struct StoredFlow : support::NeedsPrograms, ::testing::WithParamInterface<Where> {
  void SetUp() override {
    if (GetParam() == Where::redis) require(support::redisIsInstalled(), "no redis-server here");
    if (IsSkipped() || HasFatalFailure()) return;
    if (GetParam() == Where::redis) redis.emplace();
  }

  /// One more process, as it were: only in memory, the stores must be one.
  std::unique_ptr<Ivr> application(std::optional<FlowHandle<Ticket>>& handle) {
    Config config = openConfig();
    config.executor = nullptr;  // threads
    config.log = log.log();
    config.deadlines.answer = 60s;
    auto made = std::make_unique<Ivr>(config);
    handle.emplace(made->add(ticket::flowOf(hooks), FlowStore<Ticket>{open()}));
    made->mount();
    return made;
  }
  std::shared_ptr<session::SessionStore> open() {
    switch (GetParam()) {
      case Where::memory: return memory;
      case Where::sqlite:
        return session::sqliteSessionStore((folder.path() / "tickets.db").string());
      case Where::redis: return session::redisSessionStore({.port = redis->port()});
    }
    return nullptr;
  }
  static std::string heard(Ivr& ivr, std::string target, const std::string& call = "CA1") {
    return ivr.handle(post(std::move(target), {{"CallSid", call}, {"From", "+1"}}))
        .get()
        .body.text();
  }

  support::TempFolder folder;
  CapturedLog log;
  const std::shared_ptr<session::SessionStore> memory = session::memorySessionStore();
  std::optional<support::RedisServer> redis;
  const std::shared_ptr<ticket::Hooks> hooks = std::make_shared<ticket::Hooks>();
};

INSTANTIATE_TEST_SUITE_P(, StoredFlow,
                         ::testing::Values(Where::memory, Where::sqlite, Where::redis),
                         [](const auto& of) {
                           switch (of.param) {
                             case Where::memory: return "Memory";
                             case Where::sqlite: return "Sqlite";
                             case Where::redis: return "Redis";
                           }
                           return "";
                         });

TEST_P(StoredFlow, IsServedByTwoApplicationsAsByOne) {
  std::optional<FlowHandle<Ticket>> handle;
  std::optional<FlowHandle<Ticket>> otherHandle;
  const auto first = application(handle);
  const auto second = application(otherHandle);
  EXPECT_THAT(heard(*first, kFlow), HasSubstr("Press any key"));
  EXPECT_THAT(heard(*second, Served::at("wants_voicemail")), HasSubstr("After the tone"));
  EXPECT_TRUE(eventually([&] { return handle->find("CA1").get()->notes.size() == 2; }));
  EXPECT_THAT(handle->find("CA1").get()->notes, ElementsAre("after wants_voicemail", "second"));
  EXPECT_THAT(heard(*first, Served::at("recorded")), HasSubstr("Good bye"));
  EXPECT_EQ(otherHandle->find("CA1").get()->state, "completed");
}

TEST_P(StoredFlow, LosesNoEventOfManyAtOnce) {
  std::optional<FlowHandle<Ticket>> handle;
  std::optional<FlowHandle<Ticket>> otherHandle;
  const auto first = application(handle);
  const auto second = application(otherHandle);
  (void)heard(*first, kFlow);
  constexpr int kThreads = 4;
  constexpr int kTimes = 10;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      Ivr& ivr = thread % 2 == 0 ? *first : *second;
      for (int i = 0; i < kTimes; ++i) {
        EXPECT_THAT(heard(ivr, Served::at("called")), HasSubstr("Press any key"));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(handle->find("CA1").get()->calls, 1 + kThreads * kTimes);
}

TEST_P(StoredFlow, LetsNoStepWaitForAnotherSessionAndNoCallbackForAnotherModel) {
  std::optional<FlowHandle<Ticket>> handle;
  const auto ivr = application(handle);
  (void)heard(*ivr, kFlow);
  hooks->beforeVoicemail = [](Ticket&, const Transition&, const Turn& turn) {
    return turn.call().calls().changeSession("CA9", [](Session&) {}).then([](Done) {
      return true;
    });
  };
  EXPECT_THAT(heard(*ivr, Served::at("wants_voicemail")), HasSubstr("an error has occurred"));
  EXPECT_THAT(log.text(), HasSubstr("let it go on with detach"));
  EXPECT_EQ(handle->find("CA1").get()->state, "waiting");
  hooks->beforeVoicemail = [&handle](Ticket&, const Transition&, const Turn& turn) -> Later<bool> {
    turn.call().detach(turn.call().calls().changeSession("CA9", [](Session&) {}));
    turn.call().detach(handle->begin("other", {.from = "detached"}));
    return true;
  };
  hooks->afterVoicemail = [&handle](Ticket&, const Transition&, const Turn&) {
    return handle->change("other", [](Ticket&) {}).then([](bool) { return Done{}; });
  };
  EXPECT_THAT(heard(*ivr, Served::at("wants_voicemail")), HasSubstr("After the tone"));
  EXPECT_TRUE(eventually([&] { return handle->find("other").get().has_value(); }));
  EXPECT_TRUE(
      eventually([&] { return log.text().find("voicemail/success/1") != std::string::npos; }));
}

TEST_P(StoredFlow, TakesOverWhatAnotherHasLeftUndone) {
  if (GetParam() == Where::memory) return;  // in which no other process leaves anything
  const auto store = open();
  const std::string record =
      R"({"version":1,"model":{"state":"voicemail","from":"+1","calls":1,"notes":[]},"due":[)"
      R"({"id":"dead.1","flow":"Ticket","callback":"voicemail/success/1","event":"wants_voicemail",)"
      R"("from":"waiting","to":"voicemail","outcome":"changed","by":"dead"},)"
      R"({"id":"dead.2","flow":"Ticket","callback":"gone/success/1","event":"wants_voicemail",)"
      R"("from":"waiting","to":"voicemail","outcome":"changed","by":"dead"},)"
      R"({"id":"dead.3","flow":"Another","callback":"x/success/1","event":"x",)"
      R"("from":"x","to":"x","outcome":"changed","by":"dead"}]})";
  const auto held = store->tryOpen("flow.Ticket.CA1", "test", 10s).get();
  ASSERT_TRUE(store
                  ->close({.session = "flow.Ticket.CA1",
                           .lease = held->lease,
                           .data = record,
                           .dataLifetime = 1h,
                           .hasWork = true})
                  .get());
  std::optional<FlowHandle<Ticket>> handle;
  const auto ivr = application(handle);
  EXPECT_TRUE(eventually([&] { return !handle->find("CA1").get()->notes.empty(); }));
  EXPECT_THAT(handle->find("CA1").get()->notes, ElementsAre("after wants_voicemail"));
  EXPECT_TRUE(
      eventually([&] { return log.text().find("the flow has it no more") != std::string::npos; }));
  EXPECT_THAT(log.text(),
              AllOf(HasSubstr("flow callback name=Ticket id=CA1 callback=voicemail/success/1"),
                    HasSubstr("outcome=\"runs again\" begun_by=dead")));
  EXPECT_THAT(store->withWork(10).get(), ElementsAre("flow.Ticket.CA1")) << "of another flow";
}

}  // namespace
