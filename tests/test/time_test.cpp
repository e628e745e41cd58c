// Time stands still while the application works.

#include "ivr/test/test.hpp"
#include "pizza_line.hpp"
#include "support/fake_timers.hpp"

#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::test;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// A state that waits for `work` before it says something; the caller would be asked to hold after
/// ten seconds.
Line::Application waitsFor(std::function<Later<std::string>(Call&)> work) {
  return [work = std::move(work)](Ivr& ivr) {
    pizza::at(ivr, "/incoming-call", [work](Call& call) {
      return work(call).then([](const std::string& text) { return Twiml{Say{text}, Hangup{}}; });
    });
  };
}

TEST(StandingTime, BackgroundWorkTakesNone) {
  std::promise<void> goes;
  Line line{waitsFor([&](Call& call) {
    return call.inBackground([&] {
      goes.get_future().wait();
      return std::string{"Done."};
    });
  })};
  std::thread other{[&] { goes.set_value(); }};
  const Phone caller = line.call("/incoming-call");
  other.join();
  EXPECT_THAT(caller, AllOf(HasHeard("done"), HungUp(), Not(HasHeard("one moment"))));
}

TEST(StandingTime, WorkThatNeverEndsIsAFailureThatNamesIt) {
  std::promise<void> goes;
  Line line{waitsFor([&](Call& call) {
              return call.inBackground([&] {
                goes.get_future().wait();
                return std::string{"Done."};
              });
            }),
            {.workLimit = 20ms}};
  EXPECT_NONFATAL_FAILURE((void)line.call("/incoming-call"),
                          "time has stood still for 20 ms, because this is not done: ");
  goes.set_value();
}

TEST(StandingTime, AStateMayBlockForWhatTheLineBrings) {
  std::optional<Line> line;
  line.emplace(waitsFor([&](Call& call) -> Later<std::string> {
    return "You are " + line->ivr().rest().fetchCall(call.sid()).get().from;
  }));
  EXPECT_THAT(line->call("/incoming-call", {.from = "client:ann"}), HasHeard("you are client:ann"));
}

TEST(StandingTime, AStateThatBlocksForEverIsAFailureThatNamesIt) {
  std::promise<std::string> comes;
  Line line{waitsFor([&](Call&) { return comes.get_future().get(); }), {.workLimit = 20ms}};
  EXPECT_NONFATAL_FAILURE((void)line.call("/incoming-call"), "not done: the task \"/incoming-call");
  comes.set_value("Done.");
}

TEST(StandingTime, OtherCallsGoOnWhileAStateBlocks) {
  std::promise<void> comes;
  Line line{[&](Ivr& ivr) {
    pizza::at(ivr, "/blocks", [&](Call&) {
      comes.get_future().wait();
      return Twiml{Say{"Done."}};
    });
    pizza::at(ivr, "/brings", [&](Call&) {
      comes.set_value();
      return Twiml{Say{"Brought."}};
    });
  }};
  line.provider().setNumber("+491", {.voiceUrl = "https://ivr.example.com/blocks"});
  const std::string blocked = line.provider().call({.to = "+491"});
  EXPECT_THAT(line.call("/brings"), HasHeard("brought"));
  line.wait(10s);
  EXPECT_TRUE(line.provider().find(blocked)->answered);
}

TEST(StandingTime, WhatTheTestHoldsIsWaitedFor) {
  std::optional<Answer<std::string>> answer;
  std::mutex mutex;
  std::optional<phone::EventLoop::Work> held;
  std::optional<Line> line;
  line.emplace(waitsFor([&](Call&) {
    held = line->hold("the customers");
    return Later<std::string>{[&](const Answer<std::string>& given) {
      std::thread{[given, &held, &mutex] {  // a callback of somebody else's
        const std::lock_guard lock{mutex};
        given("Known.");
        held.reset();
      }}
          .detach();
    }};
  }));
  const Phone caller = line->call("/incoming-call");
  const std::lock_guard lock{mutex};
  EXPECT_THAT(caller, AllOf(HasHeard("known"), Not(HasHeard("one moment"))));
}

TEST(StandingTime, WhatTheTestHoldsForEverIsAFailureThatNamesIt) {
  Line line{pizza::addTo, {.workLimit = 20ms}};
  Phone caller = line.call("/incoming-call");
  auto held = line.hold("the customers");
  EXPECT_NONFATAL_FAILURE(caller.silence(), "not done: the customers");
  held = {};
  caller.silence();
  EXPECT_THAT(caller, Hears("press one"));
}

TEST(StandingTime, AnAnswerFromOutsideThatDoesNotComeTakesTime) {
  std::optional<Answer<std::string>> answer;
  Line line{waitsFor([&](Call&) {
    return Later<std::string>{[&](const Answer<std::string>& given) { answer = given; }};
  })};
  Phone caller = line.call("/incoming-call", {.listens = 12s});
  EXPECT_THAT(caller, HasHeard("one moment")) << "after the deadline of an answer";
  (*answer)("Known at last.");
  caller.wait(10s);
  EXPECT_THAT(caller, AllOf(Hears("known at last"), HungUp()));
}

/// A store that answers later, on another thread.
class LateStore final : public session::SessionStore {
 public:
  ~LateStore() override {
    for (std::thread& thread : threads_) thread.join();
  }

  Later<std::optional<session::OpenSession>> tryOpen(std::string_view session,
                                                     std::string_view step,
                                                     std::chrono::milliseconds lease) override {
    return late(store_->tryOpen(session, step, lease));
  }
  Later<bool> renew(std::string_view session, std::uint64_t lease,
                    std::chrono::milliseconds duration) override {
    return late(store_->renew(session, lease, duration));
  }
  Later<bool> close(const session::SessionChange& change) override {
    return late(store_->close(change));
  }
  Later<std::string> read(std::string_view session) override { return late(store_->read(session)); }
  Later<std::vector<std::string>> withWork(std::size_t limit) override {
    return late(store_->withWork(limit));
  }
  Later<std::uint64_t> nextFence() override { return late(store_->nextFence()); }
  [[nodiscard]] session::StoreScope scope() const noexcept override { return store_->scope(); }

 private:
  template <class T>
  Later<T> late(Later<T> later) {
    T value = std::move(later).get();
    return Later<T>{[&](const Answer<T>& answer) {
      threads_.emplace_back([answer, value = std::move(value)]() mutable {
        std::this_thread::yield();
        answer(std::move(value));
      });
    }};
  }

  std::shared_ptr<session::SessionStore> store_ = session::memorySessionStore();
  std::vector<std::thread> threads_;
};

TEST(StandingTime, ASessionStoreThatAnswersLateTakesNone) {
  Line line{pizza::addTo,
            {.config = [](Config& c) { c.sessions = std::make_shared<LateStore>(); }}};
  Phone caller = line.call("/incoming-call");
  caller.press("1").say("Salami");
  EXPECT_EQ(caller.session<pizza::Order>().pizza, "Salami");
  caller.press("2");
  EXPECT_THAT(caller, AllOf(Hears("two pizzas"), Not(HasHeard("one moment"))));
}

TEST(StandingTime, DeadlinesAreThoseOfTheLine) {
  std::optional<Answer<std::string>> unanswered;
  Line line{waitsFor([&](Call& call) {
    Later<std::string> never{[&](const Answer<std::string>& given) { unanswered = given; }};
    return call.withTimeout(3s, std::move(never)).recover([](const std::exception_ptr&) {
      return std::string{"Too late."};
    });
  })};
  EXPECT_THAT(line.call("/incoming-call"), HasHeard("too late"));
  EXPECT_GE(line.now(), 3s);
}

}  // namespace
