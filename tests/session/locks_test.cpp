// Leases of sessions, and locks by name on top of them.

#include "ivr/core/thread_pool.hpp"
#include "session/fake_clocks.hpp"
#include "session/redis_server.hpp"
#include "session/session_locks.hpp"
#include "session/store_locks.hpp"
#include "support/eventually.hpp"
#include "support/failure.hpp"
#include "support/fake_timers.hpp"
#include "support/temp_folder.hpp"
#include "support/test_executor.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <future>
#include <gmock/gmock.h>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::session;
using namespace std::chrono_literals;
using support::eventually;
using support::failureOf;
using support::FakeTimers;
using testing::AllOf;
using testing::HasSubstr;

/// One process of several that share a store.
struct Machine {
  explicit Machine(std::shared_ptr<SessionStore> shared,
                   std::shared_ptr<Executor> executor = std::make_shared<support::TestExecutor>(),
                   std::shared_ptr<Timers> time = nullptr)
      : store(std::move(shared)),
        tasks(std::make_shared<Tasks>(std::move(executor))),
        timers(time ? std::move(time) : steadyTimers()),
        sessions(std::make_shared<SessionLocks>(store, tasks, timers, logNowhere())),
        locks(std::make_shared<StoreLocks>(sessions)) {}
  ~Machine() { tasks->close(); }

  std::shared_ptr<SessionStore> store;
  std::shared_ptr<Tasks> tasks;
  std::shared_ptr<Timers> timers;
  std::shared_ptr<SessionLocks> sessions;
  Locks locks;
};

struct Taken {
  std::optional<Settled<SessionLeasePointer>> outcome = {};
  [[nodiscard]] bool isThere() const { return outcome.has_value(); }
  [[nodiscard]] SessionLeasePointer lease() const { return std::get<0>(outcome.value()); }
  [[nodiscard]] std::string error() const { return textOf(std::get<1>(outcome.value())); }
};

std::shared_ptr<Taken> take(Machine& machine, SessionClaim claim) {
  auto taken = std::make_shared<Taken>();
  machine.sessions->take(std::move(claim), [taken](Settled<SessionLeasePointer> outcome) {
    taken->outcome = std::move(outcome);
  });
  return taken;
}

void commit(const Taken& taken, std::optional<std::string_view> data = {}) {
  (void)taken.lease()->commit({.data = data, .dataLifetime = 1h}).get();
}

// --- Leases ---

struct Leases : testing::Test {
  std::shared_ptr<FakeTimers> timers = std::make_shared<FakeTimers>();
  std::shared_ptr<SessionStore> store = memorySessionStore();
  Machine machine{store, std::make_shared<support::TestExecutor>(), timers};
  Machine other{store, std::make_shared<support::TestExecutor>(), timers};
};

TEST_F(Leases, IsOneAtATimeInTheirOrder) {
  const auto first = take(machine, {.name = "CA1", .step = "1"});
  const auto second = take(machine, {.name = "CA1", .step = "2"});
  const auto third = take(machine, {.name = "CA1", .step = "3"});
  EXPECT_TRUE(first->isThere());
  EXPECT_FALSE(second->isThere());
  commit(*first, "one");
  EXPECT_EQ(second->lease()->opened().data, "one");
  EXPECT_FALSE(third->isThere());
  commit(*second);
  EXPECT_TRUE(third->isThere());
}

TEST_F(Leases, ThatIsDroppedSavesNothingAndLetsTheNextOneIn) {
  auto first = take(machine, {.name = "CA1", .step = "1"});
  const auto second = take(machine, {.name = "CA1", .step = "2"});
  first->outcome.reset();
  EXPECT_EQ(second->lease()->opened().data, "");
}

TEST_F(Leases, ExcludesOtherMachines) {
  const auto first = take(machine, {.name = "CA1", .step = "1"});
  const auto second = take(other, {.name = "CA1", .step = "2"});
  timers->advance(8s);  // longer than a lease that is not renewed
  EXPECT_FALSE(second->isThere());
  commit(*first, "one");
  timers->advance(1s);
  EXPECT_EQ(second->lease()->opened().data, "one");
}

TEST_F(Leases, IsWaitedForAsLongAsPatienceLasts) {
  const auto first = take(machine, {.name = "CA1", .step = "1", .lane = "Slow"});
  const auto second = take(machine, {.name = "CA1", .step = "2", .patience = 3s});
  const auto third = take(machine, {.name = "CA1", .step = "3"});
  timers->advance(2900ms);
  EXPECT_FALSE(second->isThere());
  timers->advance(100ms);
  EXPECT_THAT(second->error(), AllOf(HasSubstr("CA1"), HasSubstr("Slow"), HasSubstr("3000 ms")));
  commit(*first);
  EXPECT_TRUE(third->isThere()) << "who gave up has left the line";
}

TEST_F(Leases, OfAnotherMachineIsWaitedForAsLongAsPatienceLasts) {
  const auto first = take(machine, {.name = "CA1", .step = "1"});
  const auto second = take(other, {.name = "CA1", .step = "2", .patience = 3s});
  timers->advance(4s);
  EXPECT_THAT(second->error(), HasSubstr("another process"));
}

TEST_F(Leases, IsRefusedWhenTooManyWait) {
  const auto first = take(machine, {.name = "CA1", .step = "1"});
  std::vector<std::shared_ptr<Taken>> others;
  for (int i = 0; i < 64; ++i) others.push_back(take(machine, {.name = "CA1", .step = "2"}));
  EXPECT_THAT(take(machine, {.name = "CA1", .step = "3"})->error(), HasSubstr("too many"));
}

TEST_F(Leases, SaysWhatWaitsForIt) {
  const auto first = take(machine, {.name = "CA1", .step = "1"});
  EXPECT_EQ(machine.sessions->take({.name = "CA1", .step = "2"}, [](const auto&) {}),
            first->lease()->id());
  EXPECT_EQ(machine.sessions->take({.name = "CA2", .step = "2"}, [](const auto&) {}), 0U);
}

TEST_F(Leases, ThatWasLostSavesNothingAndSaysSo) {
  bool isTold = false;
  const auto first = take(machine, {.name = "CA1", .step = "1"});
  first->lease()->onLost([&] { isTold = true; });
  // As if this machine had been stopped: the lease ran out, and another has the session.
  ASSERT_TRUE(store->close({.session = "CA1", .lease = first->lease()->opened().lease}).get());
  const auto open = store->tryOpen("CA1", "2", 1h).get();
  ASSERT_TRUE(open);
  timers->advance(2s);
  EXPECT_TRUE(isTold);
  EXPECT_TRUE(first->lease()->isLost());
  EXPECT_THROW(commit(*first, "one"), Error);
  EXPECT_EQ(store->read("CA1").get(), "");
}

// --- Leases while somebody sets the clock ---

/// The store, and by how many minutes.
struct LeasesWhenTheClockIsSet
    : testing::TestWithParam<std::tuple<std::string, std::chrono::minutes>> {
  void setClock() { clocks.setWall(std::get<1>(GetParam())); }
  void pass(std::chrono::milliseconds time) {
    for (; time > 0ms; time -= 100ms) {
      clocks.pass(100ms);
      timers->advance(100ms);
    }
  }

  support::TempFolder folder;
  support::FakeClocks clocks;
  std::shared_ptr<FakeTimers> timers = std::make_shared<FakeTimers>();
  std::shared_ptr<SessionStore> store =
      std::get<0>(GetParam()) == "memory"
          ? memorySessionStore(clocks.steady())
          : sqliteSessionStore((folder.path() / "s.db").string(), clocks.disk());
  Machine machine{store, std::make_shared<support::TestExecutor>(), timers};
  Machine other{store, std::make_shared<support::TestExecutor>(), timers};
};

TEST_P(LeasesWhenTheClockIsSet, AreKeptByStepsUnderWayWhichSaveWhatTheyDid) {
  const auto first = take(machine, {.name = "CA1", .step = "1"});
  const auto second = take(other, {.name = "CA1", .step = "2"});
  setClock();
  pass(8s);
  EXPECT_FALSE(first->lease()->isLost());
  EXPECT_FALSE(second->isThere());
  EXPECT_NO_THROW(commit(*first, "one"));
  pass(200ms);
  ASSERT_TRUE(second->isThere());
  EXPECT_EQ(second->lease()->opened().data, "one");
}

TEST_P(LeasesWhenTheClockIsSet, OfTheDeadLockNoCall) {
  ASSERT_TRUE(store->tryOpen("CA1", "1", 5s).get());
  setClock();
  const auto next = take(machine, {.name = "CA1", .step = "2"});
  pass(4s);
  EXPECT_FALSE(next->isThere());
  pass(1100ms);
  EXPECT_TRUE(next->isThere());
}

INSTANTIATE_TEST_SUITE_P(, LeasesWhenTheClockIsSet,
                         testing::Combine(testing::Values("memory", "sqlite"),
                                          testing::Values(1min, -1min, 300min, -300min)),
                         [](const auto& set) {
                           const auto minutes = std::get<1>(set.param).count();
                           return std::get<0>(set.param) + (minutes < 0 ? "_back_" : "_forth_") +
                                  std::to_string(std::abs(minutes));
                         });

// --- Locks by name: the same with every store ---

/// A store that machines share, each through its own object.
struct SharedStore {
  std::function<std::shared_ptr<SessionStore>()> open;
  std::shared_ptr<void> kept = {};
};

struct LocksOf : testing::TestWithParam<std::string> {
  LocksOf() {
    if (GetParam() == "memory") {
      const auto one = memorySessionStore();
      shared.open = [one] { return one; };
    } else if (GetParam() == "sqlite") {
      const auto folder = std::make_shared<support::TempFolder>();
      shared = {
          .open = [file = (folder->path() / "s.db").string()] { return sqliteSessionStore(file); },
          .kept = folder};
    } else if (support::redisIsInstalled()) {
      const auto server = std::make_shared<support::RedisServer>();
      shared = {.open = [url = server->url()] { return openSessionStore(url); }, .kept = server};
    }
  }
  void SetUp() override {
    if (!shared.open) {
      if (std::getenv("CI") != nullptr) FAIL() << "there is no redis-server";
      GTEST_SKIP() << "there is no redis-server";
    }
  }
  std::unique_ptr<Machine> machine() {
    return std::make_unique<Machine>(shared.open(), std::make_shared<ThreadPool>());
  }
  SharedStore shared;
};

TEST_P(LocksOf, AreHeldByOneAtATimeOnAllMachines) {
  const auto one = machine();
  const auto two = machine();
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::vector<Later<Done>> work;
  for (int i = 0; i < 20; ++i) {
    Machine& own = i % 2 == 0 ? *one : *two;
    work.push_back(own.locks.run("dispatch", [&] {
      most = std::max(most.load(), ++inside);
      std::this_thread::yield();
      --inside;
    }));
  }
  for (Later<Done>& each : work) std::move(each).get();
  EXPECT_EQ(most, 1);
}

TEST_P(LocksOf, GiveEveryHolderALargerNumberThanThoseBefore) {
  const auto one = machine();
  const auto two = machine();
  std::vector<std::uint64_t> numbers;
  for (int i = 0; i < 10; ++i) {
    Machine& own = i % 2 == 0 ? *one : *two;
    numbers.push_back(
        own.locks.run("dispatch", [](const Lock& lock) { return lock.fencingNumber(); }).get());
  }
  EXPECT_TRUE(std::ranges::is_sorted(numbers, std::less_equal{}));
  EXPECT_GT(numbers.front(), 0U);
}

TEST_P(LocksOf, DifferentNamesDoNotWaitForOneAnother) {
  const auto own = machine();
  const int both =
      own->locks.run("a", [&] { return own->locks.run("b", [] { return 2; }).get() + 1; }).get();
  EXPECT_EQ(both, 3);
}

TEST_P(LocksOf, AreTakenAgainByTheirHolderInVainAtOnce) {
  const auto own = machine();
  EXPECT_THAT(
      failureOf(own->locks.run("a", [&] { return own->locks.run("a", [] { return 1; }).get(); })),
      HasSubstr("wait for ever"));
  EXPECT_THAT(failureOf(own->locks.run("a", [&] { return own->locks.run("a", [] { return 1; }); })),
              HasSubstr("wait for ever"));
  EXPECT_EQ(own->locks.run("a", [] { return 1; }).get(), 1) << "it was given back";
}

TEST_P(LocksOf, AreGivenBackByWorkThatThrows) {
  const auto own = machine();
  EXPECT_EQ(failureOf(own->locks.run("a", []() -> int { throw std::runtime_error{"broken"}; })),
            "broken");
  EXPECT_EQ(own->locks.run("a", [] { return 1; }).get(), 1);
}

TEST_P(LocksOf, AreHeldUntilWhatTheWorkReturnsHasSettled) {
  const auto own = machine();
  std::promise<Answer<int>> begun;
  Later<int> first = own->locks.run(
      "a", [&] { return Later<int>{[&](const Answer<int>& answer) { begun.set_value(answer); }}; });
  const Answer<int> answer = begun.get_future().get();
  std::atomic<bool> secondRan = false;
  Later<Done> second = own->locks.run("a", [&] { secondRan = true; });
  EXPECT_FALSE(secondRan);
  answer(1);
  std::move(second).get();
  EXPECT_EQ(std::move(first).get(), 1);
}

TEST_P(LocksOf, AreWaitedForAsLongAsPatienceLasts) {
  const auto one = machine();
  const auto two = machine();
  std::promise<void> begun;
  std::promise<void> mayEnd;
  Later<Done> holder = one->locks.run("a", [&] {
    begun.set_value();
    mayEnd.get_future().wait();
  });
  begun.get_future().wait();
  EXPECT_THAT(failureOf(one->locks.run(
                  "a", [] {}, 50ms)),
              HasSubstr("lock.a"));
  EXPECT_THAT(failureOf(two->locks.run(
                  "a", [] {}, 50ms)),
              HasSubstr("another process"));
  mayEnd.set_value();
  std::move(holder).get();
}

TEST_P(LocksOf, NeedANameThatStoresTake) {
  const auto own = machine();
  EXPECT_THAT(failureOf(own->locks.run("", [] {})), HasSubstr("1 to 100"));
  EXPECT_THAT(failureOf(own->locks.run(std::string(101, 'x'), [] {})), HasSubstr("101 bytes"));
  EXPECT_EQ(own->locks.run(std::string(100, '\xff'), [] { return 1; }).get(), 1);
}

TEST_P(LocksOf, SayWhomTheyExclude) {
  const StoreScope scope = machine()->locks.scope();
  EXPECT_EQ(scope, GetParam() == "memory"   ? StoreScope::process
                   : GetParam() == "sqlite" ? StoreScope::machine
                                            : StoreScope::everyMachine);
}

TEST_P(LocksOf, FailWhenTheApplicationHasEnded) {
  auto own = machine();
  const Locks kept = own->locks;
  own.reset();
  EXPECT_THAT(failureOf(kept.run("a", [] {})), HasSubstr("has ended"));
}

INSTANTIATE_TEST_SUITE_P(EachStore, LocksOf, testing::Values("memory", "sqlite", "redis"),
                         [](const auto& store) { return store.param; });

TEST(Lock, ThatIsLostSaysSoToItsHolder) {
  const auto store = memorySessionStore();
  const auto timers = std::make_shared<FakeTimers>();
  Machine machine{store, std::make_shared<ThreadPool>(), timers};
  std::promise<std::uint64_t> begun;
  std::promise<void> lost;
  std::promise<bool> isHeld;
  Later<Done> work = machine.locks.run("a", [&](const Lock& lock) {
    lock.onLost([&] { lost.set_value(); });
    EXPECT_TRUE(lock.isHeld());
    begun.set_value(lock.fencingNumber());
    lost.get_future().wait();
    isHeld.set_value(lock.isHeld());
  });
  const std::uint64_t number = begun.get_future().get();
  // Another process takes it, as if this one had been stopped for five seconds.
  ASSERT_TRUE(eventually([&] {
    for (std::uint64_t lease = 1; lease < 100; ++lease) {
      if (store->close({.session = "lock.a", .lease = lease}).get()) return true;
    }
    return false;
  }));
  ASSERT_TRUE(store->tryOpen("lock.a", "lock", 1h).get());
  EXPECT_GT(store->nextFence().get(), number);
  timers->advance(2s);
  EXPECT_FALSE(isHeld.get_future().get());
  std::move(work).get();
}

}  // namespace
