#include "ivr/core/timers.hpp"

#include "ivr/core/later.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <gmock/gmock.h>
#include <latch>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using namespace std::chrono_literals;
using testing::ElementsAre;

/// Keeps the timers' thread busy until the test frees it, so that tasks become due together.
class BusyTimers {
 public:
  explicit BusyTimers(Timers& timers) {
    std::latch begun{1};
    timers.after(0ms, [&begun, freed = freed_] {
      begun.count_down();
      freed.wait();
    });
    begun.wait();
  }
  ~BusyTimers() { free(); }
  void free() {
    if (!std::exchange(isFreed_, true)) free_.set_value();
  }

 private:
  bool isFreed_ = false;
  std::promise<void> free_;
  std::shared_future<void> freed_ = free_.get_future().share();
};

/// Returns once a task set now, with this delay, has run.
void waitFor(Timers& timers, std::chrono::milliseconds delay = 0ms) {
  std::promise<void> ran;
  timers.after(delay, [&] { ran.set_value(); });
  ran.get_future().wait();
}

TEST(SteadyTimers, RunATaskWhenItsDelayHasPassedAndNotBefore) {
  const auto timers = steadyTimers();
  const auto begin = std::chrono::steady_clock::now();
  waitFor(*timers, 20ms);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
}

TEST(SteadyTimers, RunATaskOnce) {
  const auto timers = steadyTimers();
  int times = 0;
  timers->after(1ms, [&] { ++times; });
  waitFor(*timers, 5ms);
  waitFor(*timers);
  EXPECT_EQ(times, 1);
}

TEST(SteadyTimers, RunTasksInTheOrderInWhichTheyAreDue) {
  const auto timers = steadyTimers();
  BusyTimers busy{*timers};
  std::vector<int> order;
  timers->after(9ms, [&] { order.push_back(9); });
  timers->after(3ms, [&] { order.push_back(3); });
  timers->after(6ms, [&] { order.push_back(6); });
  timers->after(0ms, [&] { order.push_back(0); });
  busy.free();
  waitFor(*timers, 12ms);
  EXPECT_THAT(order, ElementsAre(0, 3, 6, 9));
}

TEST(SteadyTimers, RunTasksOfOneDelayInTheOrderOfSetting) {
  const auto timers = steadyTimers();
  BusyTimers busy{*timers};
  std::vector<int> order;
  for (int i = 0; i < 4; ++i) timers->after(2ms, [&order, i] { order.push_back(i); });
  busy.free();
  waitFor(*timers, 4ms);
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3));
}

TEST(SteadyTimers, TaskThatIsDueSoonerThanTheOthersDoesNotWaitForThem) {
  const auto timers = steadyTimers();
  bool ran = false;
  timers->after(1h, [&] { ran = true; });
  waitFor(*timers, 1ms);
  EXPECT_FALSE(ran);
}

TEST(SteadyTimers, NeverRunATaskInsideAfter) {
  const auto timers = steadyTimers();
  for (const auto delay : {0ms, -5ms}) {
    std::promise<std::thread::id> ran;
    timers->after(delay, [&] { ran.set_value(std::this_thread::get_id()); });
    EXPECT_NE(ran.get_future().get(), std::this_thread::get_id());
  }
}

TEST(SteadyTimers, NeverRunATaskInsideTheTaskThatSetsIt) {
  const auto timers = steadyTimers();
  std::vector<std::string> order;
  std::promise<void> ran;
  timers->after(0ms, [&] {
    timers->after(0ms, [&] {
      order.emplace_back("inner");
      ran.set_value();
    });
    order.emplace_back("outer");
  });
  ran.get_future().wait();
  EXPECT_THAT(order, ElementsAre("outer", "inner"));
}

TEST(SteadyTimers, GiveEachTaskAnIdThatIsNotZero) {
  const auto timers = steadyTimers();
  std::set<Timers::Id> ids;
  for (int i = 0; i < 100; ++i) ids.insert(timers->after(1h, [] {}));
  EXPECT_EQ(ids.size(), 100U);
  EXPECT_FALSE(ids.contains(0));
}

TEST(SteadyTimers, TaskThatIsCancelledDoesNotRunAndIsDestroyedAtOnce) {
  const auto timers = steadyTimers();
  BusyTimers busy{*timers};
  bool ran = false;
  const auto held = std::make_shared<int>(1);
  const Timers::Id id = timers->after(0ms, [&ran, held] { ran = true; });
  EXPECT_EQ(held.use_count(), 2);
  timers->cancel(id);
  EXPECT_EQ(held.use_count(), 1);
  busy.free();
  waitFor(*timers);
  EXPECT_FALSE(ran);
}

TEST(SteadyTimers, CancelsOnlyTheTaskThatIsNamed) {
  const auto timers = steadyTimers();
  BusyTimers busy{*timers};
  std::vector<int> order;
  timers->after(0ms, [&] { order.push_back(1); });
  const Timers::Id second = timers->after(0ms, [&] { order.push_back(2); });
  timers->after(0ms, [&] { order.push_back(3); });
  timers->cancel(second);
  timers->cancel(second);
  timers->cancel(0);
  timers->cancel(second + 1000);
  busy.free();
  waitFor(*timers);
  EXPECT_THAT(order, ElementsAre(1, 3));
}

TEST(SteadyTimers, TaskThatHasEndedCanBeCancelledInVain) {
  const auto timers = steadyTimers();
  std::promise<void> ran;
  const Timers::Id id = timers->after(0ms, [&] { ran.set_value(); });
  ran.get_future().wait();
  timers->cancel(id);
  waitFor(*timers);
}

TEST(SteadyTimers, TaskMayCancelOthersAndItself) {
  const auto timers = steadyTimers();
  BusyTimers busy{*timers};
  bool ran = false;
  std::promise<Timers::Id> own;
  Timers::Id other = 0;
  const Timers::Id id = timers->after(0ms, [&] {
    timers->cancel(other);
    timers->cancel(own.get_future().get());
  });
  other = timers->after(1ms, [&] { ran = true; });
  own.set_value(id);
  busy.free();
  waitFor(*timers, 3ms);
  EXPECT_FALSE(ran);
}

TEST(SteadyTimers, WhatATaskHoldsIsDestroyedWhenItHasRun) {
  const auto timers = steadyTimers();
  const auto held = std::make_shared<int>(1);
  timers->after(0ms, [held] {});
  waitFor(*timers, 1ms);
  EXPECT_EQ(held.use_count(), 1);
}

TEST(SteadyTimers, WhatACancelledTaskHoldsMaySetTimersWhenItDies) {
  const auto timers = steadyTimers();
  std::promise<void> ran;
  struct Last {
    Timers& timers;
    std::promise<void>& ran;
    Last(Timers& t, std::promise<void>& r) : timers(t), ran(r) {}
    Last(const Last&) = delete;
    Last& operator=(const Last&) = delete;
    ~Last() {
      timers.after(0ms, [&promise = ran] { promise.set_value(); });
    }
  };
  timers->cancel(timers->after(1h, [last = std::make_shared<Last>(*timers, ran)] {}));
  ran.get_future().wait();
}

TEST(SteadyTimers, TakeTasksOfManyThreadsAtOnce) {
  const auto timers = steadyTimers();
  std::atomic<int> ran = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 200; ++i) {
        const Timers::Id id = timers->after(std::chrono::milliseconds{i % 3}, [&] { ++ran; });
        if (thread % 2 == 0) timers->cancel(id);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  waitFor(*timers, 3ms);
  EXPECT_GE(ran, 4 * 200);  // those of the odd threads, and any cancelled too late
  EXPECT_LE(ran, 8 * 200);
}

TEST(SteadyTimers, TheirEndDropsWhatWaits) {
  auto timers = steadyTimers();
  const auto held = std::make_shared<int>(1);
  bool ran = false;
  timers->after(1h, [&ran, held] { ran = true; });
  timers->after(2h, [held] {});
  timers.reset();
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_FALSE(ran);
}

TEST(SteadyTimers, TheirEndWaitsForATaskThatHasBegun) {
  auto timers = steadyTimers();
  std::latch begun{1};
  std::promise<void> never;
  std::atomic<bool> ended = false;
  timers->after(0ms, [&] {
    begun.count_down();
    never.get_future().wait_for(20ms);
    ended = true;
  });
  begun.wait();
  timers.reset();
  EXPECT_TRUE(ended);
}

TEST(SteadyTimers, WhoeverWaitsForATaskThatIsDroppedHearsOfIt) {
  auto timers = steadyTimers();
  Later<int> later{[&](const Answer<int>& answer) { timers->after(1h, [answer] { answer(1); }); }};
  timers.reset();
  EXPECT_TRUE(later.isSettled());
  EXPECT_THROW(std::move(later).get(), Error);
}

TEST(SteadyTimers, WhatIsDroppedAtTheirEndMaySetAndCancelTimers) {
  auto timers = steadyTimers();
  Timers* const ending = timers.get();
  std::string heard;
  const Timers::Id other = timers->after(2h, [] {});
  Later<int> later{[&](const Answer<int>& answer) { timers->after(1h, [answer] { answer(1); }); }};
  bool ran = false;
  std::move(later).receive([&](const Settled<int>&) {
    ending->cancel(other);
    ending->cancel(ending->after(0ms, [&] { ran = true; }));
    ending->after(0ms, [&] { ran = true; });
    heard = "the end";
  });
  timers.reset();
  EXPECT_EQ(heard, "the end");
  EXPECT_FALSE(ran);
}

TEST(SteadyTimers, LongestDelayIsNotOver) {
  const auto timers = steadyTimers();
  bool ran = false;
  timers->after(std::chrono::milliseconds::max(), [&] { ran = true; });
  waitFor(*timers, 1ms);
  EXPECT_FALSE(ran);
}

TEST(SteadyTimers, ATaskMayDropTheLastHandle) {
  std::promise<void> dropped;
  auto timers = std::make_shared<std::shared_ptr<Timers>>(steadyTimers());
  (*timers)->after(1ms, [timers, &dropped] {
    timers->reset();
    dropped.set_value();
  });
  EXPECT_EQ(dropped.get_future().wait_for(10s), std::future_status::ready);
}

}  // namespace
