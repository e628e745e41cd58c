#include "core/tasks.hpp"

#include "ivr/core/thread_pool.hpp"
#include "support/eventually.hpp"
#include "support/failure.hpp"
#include "support/test_executor.hpp"

#include <atomic>
#include <future>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace {

using namespace ivr;
using support::eventually;
using support::failureOf;

/// Tasks on threads that end with their owner.
class Threaded {
 public:
  Threaded() = default;
  Threaded(const Threaded&) = delete;
  Threaded& operator=(const Threaded&) = delete;
  ~Threaded() { tasks_->close(); }
  Tasks* operator->() const noexcept { return tasks_.get(); }
  [[nodiscard]] const std::shared_ptr<Tasks>& shared() const noexcept { return tasks_; }

 private:
  std::shared_ptr<Tasks> tasks_ = std::make_shared<Tasks>(std::make_shared<ThreadPool>());
};

std::shared_ptr<Tasks> immediate() {
  return std::make_shared<Tasks>(std::make_shared<support::TestExecutor>());
}

TEST(Tasks, RunWorkAndGiveWhatItReturns) {
  const Threaded tasks;
  EXPECT_EQ(tasks->run("lane", [] { return 7; }).get(), 7);
  EXPECT_EQ(failureOf(tasks->run("lane", []() -> int { throw std::runtime_error{"broken"}; })),
            "broken");
}

TEST(Tasks, OfAnApplicationThatHasEndedAreRefused) {
  const auto tasks = immediate();
  tasks->close();
  bool ran = false;
  EXPECT_FALSE(tasks->tryRun("lane", [&] { ran = true; }));
  EXPECT_EQ(failureOf(tasks->run("lane", [&] { ran = true; })), "the application has ended");
  EXPECT_FALSE(ran);
}

TEST(Tasks, ThatHaveBegunAreWaitedForAtTheEnd) {
  const Threaded tasks;
  std::promise<void> begun;
  std::promise<void> mayEnd;
  std::atomic<bool> isOver = false;
  Later<Done> later = tasks->run("lane", [&] {
    begun.set_value();
    mayEnd.get_future().wait();
    isOver = true;
  });
  begun.get_future().wait();
  std::thread closer{[&] {
    tasks->close();
    EXPECT_TRUE(isOver);
  }};
  EXPECT_TRUE(eventually([&] { return tasks->enter() ? false : true; }));
  mayEnd.set_value();
  closer.join();
  std::move(later).get();
}

TEST(Tasks, ThatHaveNotBegunFailAtTheEnd) {
  const auto tasks =
      std::make_shared<Tasks>(std::make_shared<ThreadPool>(ThreadPoolLimits{.maxThreads = 1}));
  std::promise<void> begun;
  std::promise<void> mayEnd;
  EXPECT_TRUE(tasks->tryRun("lane", [&] {
    begun.set_value();
    mayEnd.get_future().wait();
  }));
  begun.get_future().wait();
  bool ran = false;
  Later<Done> later = tasks->run("lane", [&] { ran = true; });
  std::thread closer{[&] { tasks->close(); }};
  EXPECT_TRUE(eventually([&] { return tasks->enter() ? false : true; }));
  mayEnd.set_value();
  closer.join();
  EXPECT_EQ(failureOf(std::move(later)), "the application has ended");
  EXPECT_FALSE(ran);
}

TEST(Tasks, CountWhatWaitsAndWhatRuns) {
  const Threaded tasks;
  EXPECT_EQ(tasks->underWay(), 0U);
  std::promise<void> mayEnd;
  EXPECT_TRUE(tasks->tryRun("lane", [&] { mayEnd.get_future().wait(); }));
  EXPECT_EQ(tasks->underWay(), 1U);
  mayEnd.set_value();
  EXPECT_TRUE(eventually([&] { return tasks->underWay() == 0; }));
}

TEST(Tasks, BringAnAnswerFromAnyThreadToOneOfTheirs) {
  const Threaded tasks;
  std::optional<Answer<int>> answer;
  std::promise<std::thread::id> heard;
  tasks->bring("lane", Later<int>{[&](const Answer<int>& given) { answer = given; }})
      .receive([&](const Settled<int>&) { heard.set_value(std::this_thread::get_id()); });
  (*answer)(1);
  EXPECT_NE(heard.get_future().get(), std::this_thread::get_id());
}

TEST(Tasks, BringWhatIsThereAtOnce) {
  EXPECT_TRUE(Threaded {} -> bring("lane", Later<int>{1}).isSettled());
}

TEST(Tasks, BringAnAnswerAfterTheEndAsAnError) {
  const auto tasks = immediate();
  std::optional<Answer<int>> answer;
  Later<int> brought =
      tasks->bring("lane", Later<int>{[&](const Answer<int>& given) { answer = given; }});
  tasks->close();
  (*answer)(1);
  EXPECT_EQ(failureOf(std::move(brought)), "the application has ended");
}

TEST(Tasks, MayBeLetGoOfByATask) {
  for (int round = 0; round < 50; ++round) {
    const Threaded tasks;
    std::promise<void> isOver;
    EXPECT_TRUE(tasks->tryRun("lane", [keep = tasks.shared(), &isOver] { isOver.set_value(); }));
    isOver.get_future().wait();
  }
}

}  // namespace
