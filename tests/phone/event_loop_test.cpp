#include "ivr/phone/event_loop.hpp"

#include "ivr/core/error.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using Stop = EventLoop::Stop;

const Executor::Lane kBlocking{"blocking", Executor::Pace::blocking};
constexpr auto kNever = [] { return false; };

TEST(EventLoop, EventsRunWhenTheyAreDue) {
  EventLoop loop;
  std::vector<Moment> times;
  loop.after(5s, [&] { times.push_back(loop.now()); });
  loop.after(2s, [&] { times.push_back(loop.now()); });
  EXPECT_EQ(loop.run(kNever, 1h), Stop::idle);
  EXPECT_THAT(times, ElementsAre(2s, 5s));
}

TEST(EventLoop, EventsOfOneInstantRunInTheOrderInWhichTheyWereMade) {
  EventLoop loop;
  std::vector<int> order;
  loop.after(1s, [&] {
    order.push_back(1);
    loop.post([&] { order.push_back(4); });
    loop.after(0s, [&] { order.push_back(5); });
  });
  loop.after(1s, [&] { order.push_back(2); });
  loop.after(500ms, [&] { loop.after(500ms, [&] { order.push_back(3); }); });
  (void)loop.run(kNever, 1h);
  EXPECT_THAT(order, ElementsAre(1, 2, 3, 4, 5));
}

TEST(EventLoop, NothingRunsInsideTheCallThatMakesIt) {
  EventLoop loop;
  bool hasRun = false;
  loop.post([&] { hasRun = true; });
  EXPECT_FALSE(hasRun);
  loop.after(-5s, [&] { EXPECT_TRUE(hasRun); });
  EXPECT_EQ(loop.run(kNever, 0s), Stop::idle);
  EXPECT_TRUE(hasRun);
}

TEST(EventLoop, AnEventThatIsCancelledDoesNotRun) {
  EventLoop loop;
  const auto id = loop.after(1s, [] { FAIL(); });
  EXPECT_NE(id, 0U);
  loop.cancel(id);
  loop.cancel(id);
  loop.cancel(0);
  EXPECT_EQ(loop.run(kNever, 1h), Stop::idle);
}

TEST(EventLoop, StopsAtItsLimit) {
  EventLoop loop;
  loop.after(10s, [] {});
  EXPECT_EQ(loop.run(kNever, 4s), Stop::limit);
  EXPECT_EQ(loop.now(), 4s);
  EXPECT_EQ(loop.run(kNever, 6s), Stop::idle);
  EXPECT_EQ(loop.now(), 10s);
}

TEST(EventLoop, StopsWhenItIsDone) {
  EventLoop loop;
  int count = 0;
  for (int i = 0; i < 5; ++i) loop.after(std::chrono::seconds{i}, [&] { ++count; });
  EXPECT_EQ(loop.run([&] { return count == 3; }, 1h), Stop::done);
  EXPECT_EQ(loop.now(), 2s);
}

TEST(EventLoop, KnowsWhetherAnEventRuns) {
  EventLoop loop;
  EXPECT_FALSE(loop.isInEvent());
  loop.after(1s, [&] {
    EXPECT_TRUE(loop.isInEvent());
    EXPECT_EQ(loop.due(), 1s);
  });
  (void)loop.run(kNever, 1h);
  EXPECT_FALSE(loop.isInEvent());
}

TEST(EventLoop, GoesOnAfterAnEventThatThrows) {
  EventLoop loop;
  bool hasRun = false;
  loop.post([] { throw std::runtime_error{"a mistake"}; });
  loop.post([&] { hasRun = true; });
  EXPECT_THROW((void)loop.run(kNever, 1h), std::runtime_error);
  EXPECT_FALSE(loop.isInEvent());
  EXPECT_EQ(loop.run(kNever, 1h), Stop::idle);
  EXPECT_TRUE(hasRun);
}

TEST(EventLoop, TimeStandsStillWhileSomethingWorks) {
  EventLoop loop;
  std::thread thread;
  loop.post([&] {
    thread = std::thread{[&loop, work = std::make_shared<EventLoop::Work>(loop.work("it"))] {
      loop.post([&loop] { EXPECT_EQ(loop.now(), 0s); });
    }};
  });
  loop.after(1s, [] {});
  EXPECT_EQ(loop.run(kNever, 1h), Stop::idle);
  thread.join();
}

TEST(EventLoop, NamesTheWorkThatDoesNotEnd) {
  EventLoop loop{{.workLimit = 20ms}};
  const auto work = loop.work("the request of /voice");
  loop.after(1s, [] {});
  try {
    (void)loop.run(kNever, 1h);
    FAIL() << "it must not go on";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::timeout);
    EXPECT_THAT(error.what(), HasSubstr("the request of /voice"));
  }
}

TEST(EventLoop, AsksForOtherWork) {
  EventLoop loop{{.workLimit = 20ms}};
  int asked = 0;
  loop.setOtherWork([&]() -> std::optional<std::string> {
    return ++asked < 3 ? std::optional<std::string>{"the store"} : std::nullopt;
  });
  loop.after(1s, [] {});
  EXPECT_EQ(loop.run(kNever, 1h), Stop::idle);
  EXPECT_GE(asked, 3);
  loop.setOtherWork([] { return std::optional<std::string>{"the store"}; });
  loop.after(1s, [] {});
  EXPECT_THROW((void)loop.run(kNever, 1h), Error);
}

TEST(EventLoop, ItsClockTellsTheTimeOfDayOfTheSimulation) {
  const auto start = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};
  EventLoop loop{{.start = start}};
  const Clock clock = loop.clock();
  loop.after(90s, [&] { EXPECT_EQ(clock(), start + 90s); });
  EXPECT_EQ(clock(), start);
  (void)loop.run(kNever, 1h);
}

TEST(EventLoop, ItsTimersAreEvents) {
  EventLoop loop;
  const auto timers = loop.timers();
  std::vector<int> order;
  timers->after(2s, [&] { order.push_back(2); });
  loop.after(1s, [&] { order.push_back(1); });
  timers->cancel(timers->after(3s, [&] { order.push_back(3); }));
  (void)loop.run(kNever, 1h);
  EXPECT_THAT(order, ElementsAre(1, 2));
}

TEST(EventLoop, ItsExecutorRunsQuickTasksAsEvents) {
  EventLoop loop;
  const auto executor = loop.executor();
  bool isInEvent = false;
  EXPECT_TRUE(executor->tryRun("quick", [&] { isInEvent = loop.isInEvent(); }));
  (void)loop.run(kNever, 1h);
  EXPECT_TRUE(isInEvent);
}

TEST(EventLoop, TimeStandsStillForBlockingTasks) {
  EventLoop loop;
  const auto executor = loop.executor();
  std::vector<Moment> times;
  EXPECT_TRUE(executor->tryRun(kBlocking, [&] {
    EXPECT_FALSE(loop.isInEvent());
    loop.post([&] { times.push_back(loop.now()); });
  }));
  loop.after(1s, [&] { times.push_back(loop.now()); });
  (void)loop.run(kNever, 1h);
  EXPECT_THAT(times, ElementsAre(0s, 1s));
}

TEST(EventLoop, BlockingTasksRunOneAfterTheOther) {
  EventLoop loop;
  const auto executor = loop.executor();
  std::vector<int> order;
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(executor->tryRun(kBlocking, [&order, i] { order.push_back(i); }));
  }
  (void)loop.run(kNever, 1h);
  ASSERT_EQ(order.size(), 100U);
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST(EventLoop, RealTimePasses) {
  EventLoop loop{{.time = TimeKind::real}};
  Moment ran{};
  loop.after(20ms, [&] { ran = loop.now(); });
  EXPECT_EQ(loop.run(kNever, 10s), Stop::idle);
  EXPECT_GE(ran, 20ms);
}

TEST(EventLoop, WhatItSharesOutlivesIt) {
  auto loop = std::make_unique<EventLoop>();
  const auto timers = loop->timers();
  const auto executor = loop->executor();
  const auto clock = loop->clock();
  auto work = loop->work("it");
  loop->after(1s, [] { FAIL(); });
  loop.reset();
  timers->cancel(timers->after(1s, [] { FAIL(); }));
  EXPECT_FALSE(executor->tryRun("quick", [] { FAIL(); }));
  EXPECT_FALSE(executor->tryRun(kBlocking, [] { FAIL(); }));
  EXPECT_EQ(clock(), clock());
}

}  // namespace
