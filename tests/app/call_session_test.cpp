// What a call remembers between its steps, and that its steps run one at a time.

#include "support/held_calls.hpp"
#include "support/temp_folder.hpp"

#include <atomic>
#include <gmock/gmock.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace orders {

struct Order {
  std::string pizza;
  int count = 1;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Order, pizza, count)

}  // namespace orders

namespace {

using namespace ivr;
using namespace ivr::support;
using namespace std::chrono_literals;
using orders::Order;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// A machine whose states the tests write.
struct Machine {
  explicit Machine(const TestTime& time, std::shared_ptr<session::SessionStore> store = nullptr)
      : ivr(configured(time, std::move(store))) {}

  Config configured(const TestTime& time, std::shared_ptr<session::SessionStore> store) const {
    Config config = openConfig();
    config.clock = time.clock();
    config.timers = time.timers();
    config.sessions = std::move(store);
    config.log = log.log();
    return config;
  }
  /// A state at `/name` that says the result of `text` for the call.
  void say(const std::string& name, std::function<std::string(Call&)> text) {
    ivr.add<ScriptedEnd>(
        Does{.name = name, .uri = '/' + name, .twimlFor = [text = std::move(text)](Call& call) {
               return says(text(call));
             }});
  }
  PendingResponse ask(const std::string& target, const Form& form = {{"CallSid", "CA1"}}) {
    return PendingResponse{ivr.handle(post(target, form))};
  }
  std::string heard(const std::string& target, const Form& form = {{"CallSid", "CA1"}}) {
    return ask(target, form).text();
  }

  CapturedLog log;
  Ivr ivr;
};

/// Changes and shows an order and a language.
void addTo(Machine& machine) {
  machine.say("order", [](Call& call) {
    auto& order = call.session<Order>();
    order.pizza = call.digits() == "1" ? "Margherita" : "Funghi";
    ++order.count;
    call.session().set("language", "de");
    return std::string{"ordered"};
  });
  machine.say("show", [](Call& call) {
    const auto& order = call.session<Order>();
    return order.pizza + " x" + std::to_string(order.count) + " in " +
           call.session().find("language").value_or("no language");
  });
  machine.say("fail", [](Call& call) -> std::string {
    call.session<Order>().pizza = "burnt";
    call.session().erase("language");
    throw std::runtime_error{"oven"};
  });
}

struct CallSession : ::testing::Test {
  CallSession() { addTo(machine); }
  TestTime time;
  std::shared_ptr<session::SessionStore> store = session::memorySessionStore(time.steadyClock());
  Machine machine{time, store};
};

TEST_F(CallSession, RemembersStructsAndTextsFromStepToStep) {
  machine.heard("/order", {{"CallSid", "CA1"}, {"Digits", "1"}});
  EXPECT_THAT(machine.heard("/show"), HasSubstr("Margherita x2 in de"));
}

TEST_F(CallSession, BelongsToItsCallAlone) {
  machine.heard("/order");
  EXPECT_THAT(machine.heard("/show", {{"CallSid", "CA2"}}), HasSubstr(" x1 in no language"));
}

TEST_F(CallSession, IsFoundByEveryMachineThatSharesTheStore) {
  Machine other{time, store};
  addTo(other);
  machine.heard("/order");
  EXPECT_THAT(other.heard("/show"), HasSubstr("Funghi x2 in de"));
}

TEST_F(CallSession, KeepsNoTraceOfAStepThatFailed) {
  machine.heard("/order");
  EXPECT_THAT(machine.heard("/fail"), HasSubstr("an error has occurred"));
  EXPECT_THAT(machine.heard("/show"), HasSubstr("Funghi x2 in de"));
}

TEST_F(CallSession, OfARequestWithoutACallIsThereForOneStep) {
  machine.heard("/order", {});
  EXPECT_THAT(machine.heard("/show", {}), HasSubstr(" x1 in no language"));
}

TEST_F(CallSession, IsForgottenFourHoursAfterTheLastStep) {
  machine.heard("/order");
  time.advance(3h);
  EXPECT_THAT(machine.heard("/show"), HasSubstr("Funghi"));
  time.advance(3h);
  EXPECT_THAT(machine.heard("/show"), HasSubstr("Funghi")) << "a step that only reads keeps it";
  time.advance(4h + 1min);
  EXPECT_THAT(machine.heard("/show"), Not(HasSubstr("Funghi")));
}

TEST_F(CallSession, ThatDoesNotFitItsStructIsAFailureOfTheStep) {
  ASSERT_TRUE(store
                  ->close({.session = "CA1",
                           .lease = store->tryOpen("CA1", "x", 5s).get()->lease,
                           .data = R"({"orders::Order":{"count":"many"}})",
                           .dataLifetime = 1h,
                           .step = "x"})
                  .get());
  EXPECT_THAT(machine.heard("/show"), HasSubstr("an error has occurred"));
  EXPECT_THAT(machine.log.text(), HasSubstr("orders::Order"));
}

TEST_F(CallSession, OfADialledCallSeesThatOfTheCallThatDialled) {
  Machine fresh{time, store};
  addTo(fresh);
  fresh.say("whisper", [](Call& call) {
    const std::string text =
        std::string{call.parentSid()} + " wants " + call.parentSession().as<Order>().pizza;
    call.parentSession().as<Order>().pizza = "changed in a copy";
    return text;
  });
  fresh.heard("/order");
  const Form child{{"CallSid", "CA2"}, {"ParentCallSid", "CA1"}};
  EXPECT_THAT(fresh.heard("/whisper", child), HasSubstr("CA1 wants Funghi"));
  EXPECT_THAT(fresh.heard("/show"), HasSubstr("Funghi"));
  EXPECT_THAT(fresh.heard("/whisper"), HasSubstr(" wants <"));
}

TEST_F(CallSession, ASidThatCannotBeOneIsABadRequest) {
  EXPECT_EQ(machine.ask("/show", {{"CallSid", std::string(65, 'A')}}).get().status, 400);
  const Form child{{"CallSid", "CA1"}, {"ParentCallSid", std::string(100'000, 'A')}};
  EXPECT_EQ(machine.ask("/show", child).get().status, 400);
}

// --- From outside ---

TEST_F(CallSession, CanBeChangedFromOutside) {
  machine.heard("/order");
  machine.ivr.calls().changeSession<Order>("CA1", [](Order& order) { order.count = 7; }).get();
  EXPECT_THAT(machine.heard("/show"), HasSubstr("Funghi x7 in de"));
}

TEST_F(CallSession, AChangeThatThrowsSavesNothingAndTellsWhy) {
  machine.heard("/order");
  EXPECT_THROW(machine.ivr.calls()
                   .changeSession("CA1",
                                  [](Session& session) {
                                    session.set("language", "fr");
                                    throw std::runtime_error{"changed my mind"};
                                  })
                   .get(),
               std::runtime_error);
  EXPECT_THAT(machine.heard("/show"), HasSubstr("in de"));
}

// --- One at a time ---

struct OneAtATime : ::testing::Test {
  /// `/slow` adds a letter when the test says so, `/quick` at once, and `/all` shows them.
  static void addTo(Machine& machine, std::vector<Answer<Twiml>>& answers) {
    machine.ivr.add<ScriptedEnd>(Does{
        .name = "slow", .uri = "/slow", .twimlFor = [&answers](Call& call) {
          return Later<Twiml>{[&](const Answer<Twiml>& answer) { answers.push_back(answer); }}.then(
              [&session = call.session()](Twiml twiml) {
                session.set("letters", session.find("letters").value_or("") + "s");
                return twiml;
              });
        }});
    machine.say("quick", [](Call& call) {
      call.session().set("letters", call.session().find("letters").value_or("") + "q");
      return std::string{"quick"};
    });
    machine.say("all", [](Call& call) { return call.session().find("letters").value_or("none"); });
  }

  TestTime time;
  std::shared_ptr<session::SessionStore> store = session::memorySessionStore(time.steadyClock());
  std::vector<Answer<Twiml>> answers;
};

TEST_F(OneAtATime, StepsOfACallWaitForOneAnother) {
  Machine machine{time, store};
  addTo(machine, answers);
  const PendingResponse first = machine.ask("/slow");
  const PendingResponse second = machine.ask("/quick");
  const PendingResponse third = machine.ask("/all");
  EXPECT_FALSE(second.isThere());
  answers.at(0)(says("slow"));
  EXPECT_THAT(third.text(), HasSubstr("sq"));
}

TEST_F(OneAtATime, StepsOfACallWaitForOneAnotherAtSeveralMachines) {
  Machine one{time, store};
  Machine other{time, store};
  addTo(one, answers);
  addTo(other, answers);
  const PendingResponse first = one.ask("/slow");
  const PendingResponse second = other.ask("/quick");
  time.advance(8s);  // longer than a lease: the first step's is renewed
  EXPECT_FALSE(second.isThere());
  answers.at(0)(says("slow"));
  time.advance(1s);
  EXPECT_TRUE(second.isThere());
  EXPECT_THAT(one.heard("/all"), HasSubstr("sq"));
}

TEST_F(OneAtATime, AChangeFromOutsideWaitsForTheStep) {
  Machine machine{time, store};
  addTo(machine, answers);
  const PendingResponse first = machine.ask("/slow");
  bool isChanged = false;
  machine.ivr.calls()
      .changeSession("CA1",
                     [](Session& session) {
                       session.set("letters", session.find("letters").value_or("") + "c");
                     })
      .receive([&](const Settled<Done>& outcome) { isChanged = outcome.index() == 0; });
  EXPECT_FALSE(isChanged);
  answers.at(0)(says("slow"));
  EXPECT_TRUE(isChanged);
  EXPECT_THAT(machine.heard("/all"), HasSubstr("sc"));
}

TEST_F(OneAtATime, AStepThatLostItsLeaseSavesNothingAndIsNoSuccess) {
  TestTime asleep;  // this machine's timers stand still, so no lease is renewed
  Config config = openConfig();
  config.timers = asleep.timers();
  config.sessions = store;
  Ivr ivr{config};
  ivr.add<ScriptedEnd>(Does{.name = "slow", .uri = "/slow", .twimlFor = [&](Call& call) {
                              call.session().set("letters", "lost");
                              return Later<Twiml>{
                                  [&](const Answer<Twiml>& answer) { answers.push_back(answer); }};
                            }});
  Machine other{time, store};
  std::vector<Answer<Twiml>> unused;
  addTo(other, unused);

  const PendingResponse first{ivr.handle(post("/slow", {{"CallSid", "CA1"}}))};
  time.advance(6s);
  EXPECT_THAT(other.heard("/quick"), HasSubstr("quick"));
  answers.at(0)(says("slow"));
  EXPECT_THAT(first.text(), HasSubstr("an error has occurred"));
  EXPECT_THAT(other.heard("/all"), HasSubstr(">q<"));
}

TEST_F(OneAtATime, TooManyStepsOfOneCallAreRefused) {
  Machine machine{time, store};
  addTo(machine, answers);
  const PendingResponse first = machine.ask("/slow");
  std::vector<PendingResponse> rest;
  for (int i = 0; i < 65; ++i) rest.push_back(machine.ask("/quick"));
  EXPECT_FALSE(rest.front().isThere());
  EXPECT_THAT(rest.back().text(), HasSubstr("an error has occurred"));
  answers.at(0)(says("slow"));
  EXPECT_THAT(rest.at(63).text(), HasSubstr("quick"));
  EXPECT_THAT(machine.heard("/all"), HasSubstr(">s" + std::string(64, 'q') + "<"));
}

// --- Nothing is lost ---

/// Counts in the session of one call, by many threads at once.
void countTogether(const std::vector<Ivr*>& machines, int threads, int steps) {
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i) {
    all.emplace_back([&machines, i, steps] {
      Ivr& ivr = *machines[static_cast<std::size_t>(i) % machines.size()];
      for (int step = 0; step < steps; ++step) {
        EXPECT_EQ(answerOf(ivr, post("/count", {{"CallSid", "CA1"}})).status, 200);
      }
    });
  }
  for (std::thread& thread : all) thread.join();
}

std::unique_ptr<Ivr> counter(std::shared_ptr<session::SessionStore> store) {
  Config config = openConfig();
  config.sessions = std::move(store);
  auto ivr = std::make_unique<Ivr>(config);
  ivr->add<ScriptedEnd>(Does{.name = "Count", .uri = "/count", .twimlFor = [](Call& call) {
                               auto& order = call.session<Order>();
                               ++order.count;
                               return says(std::to_string(order.count));
                             }});
  ivr->mount();
  return ivr;
}

TEST(SessionCount, IsExactWithEightThreadsInMemory) {
  const auto ivr = counter(nullptr);
  countTogether({ivr.get()}, 8, 250);
  EXPECT_THAT(answerOf(*ivr, post("/count", {{"CallSid", "CA1"}})).body.text(),
              HasSubstr(">2002<"));
}

TEST(SessionCount, IsExactWithEightThreadsAndTwoApplicationsOnOneFile) {
  const TempFolder folder;
  const std::string file = (folder.path() / "sessions.sqlite").string();
  const auto one = counter(session::sqliteSessionStore(file));
  const auto other = counter(session::sqliteSessionStore(file));
  countTogether({one.get(), other.get()}, 8, 25);
  EXPECT_THAT(answerOf(*one, post("/count", {{"CallSid", "CA1"}})).body.text(), HasSubstr(">202<"));
}

}  // namespace
