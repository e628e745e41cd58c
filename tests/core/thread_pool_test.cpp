#include "ivr/core/thread_pool.hpp"

#include "support/eventually.hpp"
#include "support/failure.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <gmock/gmock.h>
#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using support::eventually;
using support::failureOf;
using testing::ElementsAre;

template <class T>
std::optional<ErrorKind> kindOfFailure(Later<T> later) {
  try {
    std::move(later).get();
  } catch (const Error& error) {
    return error.kind();
  }
  return std::nullopt;
}

/// Threads of an executor that are busy until the test frees them.
class Busy {
 public:
  Busy(ThreadPool& executor, std::size_t threads) {
    std::latch begun{static_cast<std::ptrdiff_t>(threads)};
    for (std::size_t i = 0; i < threads; ++i) {
      if (!executor.tryRun("", [&begun, freed = freed_] {
            begun.count_down();
            freed.wait();
          })) {
        ADD_FAILURE() << "task " << i + 1 << " for " << threads << " threads was refused";
        begun.count_down();
      }
    }
    begun.wait();
  }
  ~Busy() { free(); }
  void free() {
    if (!std::exchange(isFreed_, true)) free_.set_value();
  }

 private:
  bool isFreed_ = false;
  std::promise<void> free_;
  std::shared_future<void> freed_ = free_.get_future().share();
};

/// Waits until a thread is free again.
void waitFor(ThreadPool& executor) {
  EXPECT_EQ(executor.run([] { return 1; }).get(), 1);
}

TEST(ThreadPool, RunsWorkOnAThreadOfItsOwn) {
  ThreadPool executor;
  EXPECT_NE(executor.run([] { return std::this_thread::get_id(); }).get(),
            std::this_thread::get_id());
}

TEST(ThreadPool, GivesWhatWorkReturns) {
  ThreadPool executor;
  EXPECT_EQ(executor.run([] { return std::string{"done"}; }).get(), "done");
}

TEST(ThreadPool, TakesMoveOnlyWorkAndValues) {
  ThreadPool executor;
  auto later =
      executor.run([number = std::make_unique<int>(7)]() mutable { return std::move(number); });
  EXPECT_EQ(*std::move(later).get(), 7);
}

TEST(ThreadPool, WhatWorkThrowsIsTheOutcome) {
  ThreadPool executor;
  EXPECT_EQ(failureOf(executor.run([]() -> int { throw std::runtime_error{"broken"}; })), "broken");
  EXPECT_EQ(executor.run([] { return 1; }).get(), 1);  // the thread lives on
}

TEST(ThreadPool, FlattensALaterThatIsThere) {
  ThreadPool executor;
  Later<int> later = executor.run([] { return Later<int>{3}; });
  EXPECT_EQ(std::move(later).get(), 3);
}

TEST(ThreadPool, FlattensALaterThatComesAfterTheWork) {
  ThreadPool executor{{.maxThreads = 1}};
  std::promise<Answer<int>> asked;
  Later<int> later = executor.run(
      [&] { return Later<int>{[&](const Answer<int>& answer) { asked.set_value(answer); }}; });
  const Answer<int> answer = asked.get_future().get();
  waitFor(executor);  // no thread waits for the answer
  EXPECT_FALSE(later.isSettled());
  answer(4);
  EXPECT_EQ(std::move(later).get(), 4);
}

TEST(ThreadPool, FlattensALaterThatFails) {
  ThreadPool executor;
  EXPECT_EQ(failureOf(executor.run([] {
              return Later<int>::failed(std::make_exception_ptr(std::runtime_error{"broken"}));
            })),
            "broken");
}

TEST(ThreadPool, WorkIsDestroyedBeforeItsOutcomeIsHeard) {
  ThreadPool executor;
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = held;
  auto isThere = executor.run([held = std::move(held)] { return *held; }).then([&](int) {
    return !watched.expired();
  });
  EXPECT_FALSE(std::move(isThere).get());
}

TEST(ThreadPool, BeginsTasksInTheirOrder) {
  ThreadPool executor{{.maxThreads = 1}};
  Busy busy{executor, 1};
  std::vector<int> order;
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(executor.tryRun("", [&order, i] { order.push_back(i); }));
  }
  busy.free();
  waitFor(executor);
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4));
}

TEST(ThreadPool, RunsAsManyAtATimeAsItHasThreads) {
  ThreadPool executor{{.maxThreads = 3}};
  Busy busy{executor, 3};  // would wait for ever with two threads
  std::atomic<bool> fourthBegan = false;
  Later<int> fourth = executor.run([&] {
    fourthBegan = true;
    return 4;
  });
  EXPECT_FALSE(fourthBegan);
  busy.free();
  EXPECT_EQ(std::move(fourth).get(), 4);
}

TEST(ThreadPool, RefusesWhatIsTooManyAndTakesMoreLater) {
  ThreadPool executor{{.maxThreads = 2, .maxWaiting = 3}};
  Busy busy{executor, 2};
  std::vector<Later<int>> waiting;
  for (int i = 0; i < 3; ++i) waiting.push_back(executor.run([i] { return i; }));
  bool ran = false;
  EXPECT_FALSE(executor.tryRun("", [&] { ran = true; }));
  Later<int> refused = executor.run([&] {
    ran = true;
    return 1;
  });
  EXPECT_TRUE(refused.isSettled());
  EXPECT_EQ(kindOfFailure(std::move(refused)), ErrorKind::unavailable);
  busy.free();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(std::move(waiting[static_cast<std::size_t>(i)]).get(), i);
  waitFor(executor);
  EXPECT_FALSE(ran);
}

TEST(ThreadPool, TakesATaskForEachThreadWhenNoneMayWait) {
  for (int round = 0; round < 50; ++round) {
    ThreadPool executor{{.maxThreads = 4, .maxWaiting = 0}};
    Busy busy{executor, 4};  // fails if a task is refused
    EXPECT_FALSE(executor.tryRun("", [] {}));
  }
}

TEST(ThreadPool, NeedsAThread) { EXPECT_THROW((ThreadPool{{.maxThreads = 0}}), Error); }

TEST(ThreadPool, TasksMayGiveItTasks) {
  ThreadPool executor{{.maxThreads = 1}};
  Later<int> later =
      executor.run([&] { return executor.run([&] { return executor.run([] { return 3; }); }); });
  EXPECT_EQ(std::move(later).get(), 3);
}

TEST(ThreadPool, WhatFollowsMayGiveItTasks) {
  ThreadPool executor{{.maxThreads = 1, .maxWaiting = 1}};
  Later<int> later = executor.run([] { return 1; }).then([&](int one) {
    return executor.run([one] { return one + 1; });
  });
  EXPECT_EQ(std::move(later).get(), 2);
}

TEST(ThreadPool, TakesTasksOfManyThreadsAtOnce) {
  constexpr int kThreads = 8;
  constexpr int kTasks = 500;
  std::atomic<int> sum = 0;
  {
    ThreadPool executor{{.maxThreads = 4, .maxWaiting = kThreads * kTasks}};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&] {
        for (int i = 0; i < kTasks; ++i) sum += executor.run([] { return 1; }).get();
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(sum, kThreads * kTasks);
}

TEST(ThreadPool, RunsOrRefusesEveryTaskAndLosesNone) {
  std::atomic<int> ran = 0;
  std::atomic<int> refused = 0;
  ThreadPool executor{{.maxThreads = 2, .maxWaiting = 5}};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        if (!executor.tryRun("", [&] { ++ran; })) ++refused;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(eventually([&] { return ran + refused == 4000; }));
  EXPECT_GT(ran, 0);
}

TEST(ThreadPool, ItsEndWaitsForWhatHasBegun) {
  std::promise<void> endHasBegun;
  std::atomic<bool> ended = false;
  auto executor = std::make_unique<ThreadPool>(ThreadPoolLimits{.maxThreads = 1});
  std::latch begun{1};
  Later<int> later = executor->run([&] {
    begun.count_down();
    endHasBegun.get_future().wait();
    ended = true;
    return 5;
  });
  begun.wait();
  executor->run([] { return 1; }).receive([&](const Settled<int>&) { endHasBegun.set_value(); });
  executor.reset();
  EXPECT_TRUE(ended);
  EXPECT_EQ(std::move(later).get(), 5);
}

TEST(ThreadPool, ItsEndFailsWhatHasNotBegun) {
  std::promise<void> mayEnd;
  auto executor = std::make_unique<ThreadPool>(ThreadPoolLimits{.maxThreads = 1});
  std::latch begun{1};
  EXPECT_TRUE(executor->tryRun("", [&] {
    begun.count_down();
    mayEnd.get_future().wait();
  }));
  begun.wait();
  bool ran = false;
  std::promise<std::string> heard;
  executor
      ->run([&] {
        ran = true;
        return 1;
      })
      .receive([&](const Settled<int>& outcome) {
        heard.set_value(outcome.index() == 0 ? "" : textOf(std::get<1>(outcome)));
      });
  std::thread destroyer{[&] { executor.reset(); }};
  EXPECT_NE(heard.get_future().get(), "");  // while the other task still runs
  mayEnd.set_value();
  destroyer.join();
  EXPECT_FALSE(ran);
}

TEST(ThreadPool, WhoHearsOfItsEndIsRefused) {
  std::promise<void> mayEnd;
  auto executor = std::make_unique<ThreadPool>(ThreadPoolLimits{.maxThreads = 1});
  ThreadPool* const ending = executor.get();
  std::latch begun{1};
  EXPECT_TRUE(executor->tryRun("", [&] {
    begun.count_down();
    mayEnd.get_future().wait();
  }));
  begun.wait();
  std::promise<bool> taken;
  executor->run([] { return 1; }).receive([&](const Settled<int>&) {
    taken.set_value(ending->tryRun("", [] {}));
    mayEnd.set_value();
  });
  executor.reset();
  EXPECT_FALSE(taken.get_future().get());
}

TEST(ThreadPool, TaskThatBeganMayStillBeRefusedWorkAtTheEnd) {
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> settled = 0;
    {
      ThreadPool executor{{.maxThreads = 2}};
      for (int i = 0; i < 10; ++i) {
        executor.run([&] { return executor.run([] { return 1; }); })
            .receive([&](const Settled<int>&) { ++settled; });
      }
    }
    EXPECT_EQ(settled, 10);  // with a value or an error, but all of them
  }
}

// --- Lanes ---

/// Tasks of a lane that block until the test frees them.
class Blocked {
 public:
  Blocked(ThreadPool& pool, Executor::Lane lane, int tasks) {
    for (int i = 0; i < tasks; ++i) {
      EXPECT_TRUE(pool.tryRun(lane, [begun = begun_, freed = freed_] {
        ++*begun;
        freed.wait();
      }));
    }
  }
  ~Blocked() { free_.set_value(); }
  [[nodiscard]] int begun() const { return *begun_; }

 private:
  std::shared_ptr<std::atomic<int>> begun_ = std::make_shared<std::atomic<int>>(0);
  std::promise<void> free_;
  std::shared_future<void> freed_ = free_.get_future().share();
};

TEST(ThreadPool, TasksOfALaneThatBlocksDoNotKeepOthersWaiting) {
  ThreadPool pool{{.maxThreads = 16}};
  const Blocked blocked{pool, "slow", 200};
  EXPECT_EQ(pool.run("quick", [] { return 1; }).get(), 1);
  EXPECT_TRUE(eventually([&] { return blocked.begun() > 2; })) << "as soon as it is seen to block";
}

TEST(ThreadPool, ALaneHasAtMostAsManyThreadsAsItLeavesFree) {
  ThreadPool pool{{.maxThreads = 16}};
  const Blocked first{pool, {"first", Executor::Pace::blocking}, 100};
  EXPECT_EQ(first.begun() <= 9, true);
  EXPECT_TRUE(eventually([&] { return first.begun() == 9; }));  // 7 are left
  const Blocked second{pool, {"second", Executor::Pace::blocking}, 100};
  EXPECT_TRUE(eventually([&] { return second.begun() == 4; }));  // 3 are left
  EXPECT_EQ(pool.run("quick", [] { return 1; }).get(), 1);
  EXPECT_EQ(first.begun(), 9);
  EXPECT_EQ(second.begun(), 4);
  EXPECT_LE(pool.threads(), 16U);
}

TEST(ThreadPool, TasksThatAreExpectedToBlockHaveAThreadEachAtOnce) {
  ThreadPool pool;
  std::latch together{20};  // would wait for ever with fewer threads
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(
        pool.tryRun({"slow", Executor::Pace::blocking}, [&] { together.arrive_and_wait(); }));
  }
  together.wait();
}

TEST(ThreadPool, QuickTasksShareAFewThreads) {
  ThreadPool pool;
  std::vector<Later<int>> tasks;
  for (int i = 0; i < 1000; ++i) tasks.push_back(pool.run("quick", [] { return 1; }));
  for (Later<int>& task : tasks) EXPECT_EQ(std::move(task).get(), 1);
  EXPECT_LE(pool.threads(), std::max(2U, std::thread::hardware_concurrency()) + 1);
}

TEST(ThreadPool, HasNoThreadBeforeItIsNeeded) { EXPECT_EQ(ThreadPool{}.threads(), 0U); }

// --- Loans ---

TEST(ThreadLoan, QuickTasksOfALentThreadRunOnIt) {
  ThreadPool pool;
  const auto loan = pool.lend([] {});
  std::vector<std::thread::id> ran;
  loan->open();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(pool.tryRun("lane", [&] { ran.push_back(std::this_thread::get_id()); }));
  }
  loan->close();
  EXPECT_TRUE(ran.empty()) << "not before the thread says so";
  EXPECT_TRUE(loan->run());
  EXPECT_THAT(ran, testing::Each(std::this_thread::get_id()));
  EXPECT_EQ(ran.size(), 3U);
}

TEST(ThreadLoan, WhatItsTasksBeginRunsOnItToo) {
  ThreadPool pool;
  const auto loan = pool.lend([] {});
  std::thread::id ran;
  loan->open();
  EXPECT_TRUE(pool.tryRun("lane", [&] {
    EXPECT_TRUE(pool.tryRun("other", [&] { ran = std::this_thread::get_id(); }));
  }));
  loan->close();
  EXPECT_TRUE(loan->run());
  EXPECT_EQ(ran, std::this_thread::get_id());
}

TEST(ThreadLoan, WhenItIsClosedTasksHaveThreadsOfThePool) {
  ThreadPool pool;
  const auto loan = pool.lend([] {});
  EXPECT_NE(pool.run("lane", [] { return std::this_thread::get_id(); }).get(),
            std::this_thread::get_id());
}

TEST(ThreadLoan, TasksThatAreExpectedToBlockNeverRunOnIt) {
  ThreadPool pool;
  const auto loan = pool.lend([] {});
  loan->open();
  auto where =
      pool.run({"slow", Executor::Pace::blocking}, [] { return std::this_thread::get_id(); });
  loan->close();
  EXPECT_NE(std::move(where).get(), std::this_thread::get_id());
}

TEST(ThreadLoan, ATaskThatBlocksHasTheThreadReplacedAndTheOthersTakenOver) {
  ThreadPool pool;
  std::promise<void> isReplaced;
  const auto loan = pool.lend([&] { isReplaced.set_value(); });
  std::thread::id second;
  std::promise<void> secondRan;
  loan->open();
  EXPECT_TRUE(pool.tryRun("slow", [&] {
    isReplaced.get_future().wait();  // otherwise it would wait for ever, and so would this test
    secondRan.get_future().wait();
  }));
  EXPECT_TRUE(pool.tryRun("quick", [&] {
    second = std::this_thread::get_id();
    secondRan.set_value();
  }));
  loan->close();
  EXPECT_FALSE(loan->run());
  EXPECT_NE(second, std::this_thread::get_id());
}

TEST(ThreadLoan, ALaneThatWasSeenToBlockIsKeptFromIt) {
  ThreadPool pool;
  std::promise<void> isReplaced;
  const auto loan = pool.lend([&] { isReplaced.set_value(); });
  loan->open();
  EXPECT_TRUE(pool.tryRun("slow", [&] { isReplaced.get_future().wait(); }));
  loan->close();
  EXPECT_FALSE(loan->run());
  loan->open();
  auto where = pool.run("slow", [] { return std::this_thread::get_id(); });
  loan->close();
  EXPECT_NE(std::move(where).get(), std::this_thread::get_id());
}

TEST(ThreadLoan, MayOutliveThePool) {
  std::unique_ptr<ThreadLoan> loan;
  bool ran = false;
  {
    ThreadPool pool;
    loan = pool.lend([] {});
    loan->open();
    EXPECT_TRUE(pool.tryRun("lane", [&] { ran = true; }));
  }
  EXPECT_TRUE(loan->run());
  EXPECT_TRUE(ran) << "it was taken, and so it runs";
}

}  // namespace
