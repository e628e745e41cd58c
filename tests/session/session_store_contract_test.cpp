// What every store promises, tested on all of them.

#include "ivr/core/error.hpp"
#include "ivr/session/session_store.hpp"
#include "session/child.hpp"
#include "session/fake_clocks.hpp"
#include "session/redis_server.hpp"
#include "session/session_steps.hpp"
#include "session/waiting_store.hpp"
#include "support/command.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <gmock/gmock.h>
#include <initializer_list>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::session;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using support::eventually;
using support::kLong;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::Values;

const std::string kSession = "CA00000000000000000000000000000001";
const std::string kOther = "CA00000000000000000000000000000002";
const std::string kStep = "step";

/// A kind of store, how time passes for it, and how to open another one in the same place.
class Place {
 public:
  Place() = default;
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  virtual ~Place() = default;

  [[nodiscard]] std::shared_ptr<support::WaitingStore> store() {
    return std::make_shared<support::WaitingStore>(open());
  }

  /// As `openSessionStore` takes it; empty if no other process can share the store.
  [[nodiscard]] virtual std::string name() const = 0;

  /// For what must run out during the test.
  [[nodiscard]] virtual milliseconds aWhile() const { return 10s; }

  /// Returns when this much time has passed.
  virtual void pass(milliseconds time) = 0;

  /// Somebody sets the clock of the machine on which the store is used.
  void setClock(milliseconds by) { clocks_.setWall(by); }

 protected:
  [[nodiscard]] virtual std::shared_ptr<SessionStore> open() = 0;

  support::FakeClocks clocks_;
};

class MemoryPlace final : public Place {
 public:
  std::string name() const override { return {}; }
  void pass(milliseconds time) override { clocks_.pass(time); }

 private:
  std::shared_ptr<SessionStore> open() override { return store_; }

  std::shared_ptr<SessionStore> store_ = memorySessionStore(clocks_.steady());
};

class SqlitePlace final : public Place {
 public:
  std::string name() const override { return "sqlite:" + file_; }
  void pass(milliseconds time) override { clocks_.pass(time); }

 private:
  std::shared_ptr<SessionStore> open() override {
    return sqliteSessionStore(file_, clocks_.disk());
  }

  support::TempFolder folder_;
  const std::string file_ = (folder_.path() / "sessions.db").string();
};

class RedisPlace final : public Place {
 public:
  std::string name() const override { return server_.url(); }
  milliseconds aWhile() const override { return 300ms; }

  /// By the server's clock: waits until a session that is taken now for `time` can be taken again.
  void pass(milliseconds time) override {
    const auto store = this->store();
    const std::string marker = "marker " + std::to_string(++markers_);
    ASSERT_TRUE(store->tryOpen(marker, kStep, time));
    ASSERT_TRUE(eventually([&] { return store->tryOpen(marker, kStep, kLong).has_value(); }));
  }

 private:
  std::shared_ptr<SessionStore> open() override {
    return redisSessionStore({.port = server_.port()});
  }

  support::RedisServer server_;
  int markers_ = 0;
};

enum class StoreKind { memory, sqlite, redis };

std::unique_ptr<Place> placeFor(StoreKind kind) {
  switch (kind) {
    case StoreKind::memory: return std::make_unique<MemoryPlace>();
    case StoreKind::sqlite: return std::make_unique<SqlitePlace>();
    case StoreKind::redis: return std::make_unique<RedisPlace>();
  }
  return nullptr;
}

std::string nameOf(const testing::TestParamInfo<StoreKind>& info) {
  switch (info.param) {
    case StoreKind::memory: return "Memory";
    case StoreKind::sqlite: return "Sqlite";
    case StoreKind::redis: return "Redis";
  }
  return {};
}

class Store : public support::NeedsPrograms, public testing::WithParamInterface<StoreKind> {
 protected:
  void SetUp() override {
    if (GetParam() == StoreKind::redis)
      require(support::redisIsInstalled(), "no redis-server here");
    if (IsSkipped() || HasFatalFailure()) return;
    place = placeFor(GetParam());
    store = place->store();
  }

  /// Takes a session that is free.
  OpenSession open(std::string_view session = kSession, std::string_view step = kStep,
                   milliseconds lease = kLong) {
    auto taken = store->tryOpen(session, step, lease);
    EXPECT_TRUE(taken) << "somebody holds the session";
    return taken.value_or(OpenSession{});
  }

  [[nodiscard]] bool isHeld(std::string_view session = kSession) {
    const auto taken = store->tryOpen(session, "look", kLong);
    if (!taken) return true;
    EXPECT_TRUE(store->close({.session = session, .lease = taken->lease}));
    return false;
  }

  /// A whole step that leaves data.
  void save(std::string_view data, std::string_view session = kSession,
            milliseconds lifetime = kLong) {
    EXPECT_TRUE(store->close({.session = session,
                              .lease = open(session).lease,
                              .data = data,
                              .dataLifetime = lifetime}));
  }

  /// A whole step that leaves data, and says whether it is work.
  void mark(std::string_view data, bool hasWork, std::string_view session = kSession,
            milliseconds lifetime = kLong) {
    EXPECT_TRUE(store->close({.session = session,
                              .lease = open(session).lease,
                              .data = data,
                              .dataLifetime = lifetime,
                              .hasWork = hasWork}));
  }

  /// A whole step that leaves an answer.
  void answer(std::string_view step, std::string_view text, std::string_view session = kSession,
              milliseconds lifetime = kLong) {
    EXPECT_TRUE(store->close({.session = session,
                              .lease = open(session, step).lease,
                              .step = step,
                              .answer = text,
                              .answerLifetime = lifetime}));
  }

  /// What a step that changes nothing finds.
  OpenSession look(std::string_view step = kStep, std::string_view session = kSession) {
    OpenSession found = open(session, step);
    EXPECT_TRUE(store->close({.session = session, .lease = found.lease}));
    return found;
  }

  std::unique_ptr<Place> place;
  std::shared_ptr<support::WaitingStore> store;
};

using SessionStoreContract = Store;

INSTANTIATE_TEST_SUITE_P(, SessionStoreContract,
                         Values(StoreKind::memory, StoreKind::sqlite, StoreKind::redis), nameOf);

std::string allBytes() {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
  return bytes;
}

template <class F>
std::optional<ErrorKind> errorOf(F function) {
  try {
    function();
  } catch (const Error& error) {
    return error.kind();
  }
  return std::nullopt;
}

// ---- data ----

TEST_P(SessionStoreContract, UnknownSessionIsEmpty) {
  EXPECT_EQ(store->read(kSession), "");
  const OpenSession found = open();
  EXPECT_EQ(found.data, "");
  EXPECT_EQ(found.answer, std::nullopt);
  EXPECT_NE(found.lease, 0);
}

TEST_P(SessionStoreContract, DataIsFoundAsItWasSaved) {
  save("{\"order\":1}");
  EXPECT_EQ(store->read(kSession), "{\"order\":1}");
  EXPECT_EQ(look().data, "{\"order\":1}");
}

TEST_P(SessionStoreContract, DataMayHoldEveryByte) {
  save(allBytes());
  EXPECT_EQ(store->read(kSession), allBytes());
  EXPECT_EQ(look().data, allBytes());
}

TEST_P(SessionStoreContract, DataAndAnswerMayBeAMebibyte) {
  const std::string data(1 << 20, 'd');
  const std::string text(1 << 20, 'a');
  EXPECT_TRUE(store->close({.session = kSession,
                            .lease = open().lease,
                            .data = data,
                            .dataLifetime = kLong,
                            .step = kStep,
                            .answer = text,
                            .answerLifetime = kLong}));
  EXPECT_TRUE(store->read(kSession) == data);
  const OpenSession found = look();
  EXPECT_TRUE(found.data == data);
  EXPECT_TRUE(found.answer == text);
}

TEST_P(SessionStoreContract, MoreThanAMebibyteIsAMistake) {
  const std::string tooMuch((1 << 20) + 1, 'x');
  const std::uint64_t lease = open().lease;
  EXPECT_EQ(
      errorOf([&] { (void)store->close({.session = kSession, .lease = lease, .data = tooMuch}); }),
      ErrorKind::usage);
  EXPECT_EQ(
      errorOf([&] {
        (void)store->close({.session = kSession, .lease = lease, .step = kStep, .answer = tooMuch});
      }),
      ErrorKind::usage);
}

TEST_P(SessionStoreContract, LaterDataReplacesAllOfTheEarlier) {
  save("a long text");
  save("short");
  EXPECT_EQ(store->read(kSession), "short");
}

TEST_P(SessionStoreContract, StepThatChangesNothingLeavesTheDataAsItIs) {
  save("data");
  EXPECT_TRUE(store->close({.session = kSession, .lease = open().lease}));
  EXPECT_EQ(store->read(kSession), "data");
}

TEST_P(SessionStoreContract, EmptyDataForgetsTheSession) {
  save("data");
  save("");
  EXPECT_EQ(store->read(kSession), "");
  EXPECT_EQ(look().data, "");
}

TEST_P(SessionStoreContract, DataIsFoundByWhoeverReadsWhileTheSessionIsHeld) {
  save("data");
  const OpenSession held = open();
  EXPECT_EQ(store->read(kSession), "data");
}

TEST_P(SessionStoreContract, SessionsAreStrangersToOneAnother) {
  save("one", kSession);
  save("two", kOther);
  const OpenSession held = open(kSession);
  EXPECT_EQ(look(kStep, kOther).data, "two");
  save("", kOther);
  EXPECT_EQ(store->read(kSession), "one");
}

TEST_P(SessionStoreContract, DataIsForgottenAfterItsLifetime) {
  save("data", kSession, place->aWhile());
  save("data", kOther, kLong);
  place->pass(place->aWhile());
  EXPECT_EQ(store->read(kSession), "");
  EXPECT_EQ(look().data, "");
  EXPECT_EQ(store->read(kOther), "data");
}

TEST_P(SessionStoreContract, LifetimeBeginsAnewWithEachChange) {
  save("data", kSession, place->aWhile());
  save("data", kSession, kLong);
  place->pass(place->aWhile());
  EXPECT_EQ(store->read(kSession), "data");
}

TEST_P(SessionStoreContract, LifetimeCanBeMadeShorter) {
  save("data", kSession, kLong);
  save("data", kSession, place->aWhile());
  place->pass(place->aWhile());
  EXPECT_EQ(store->read(kSession), "");
}

TEST_P(SessionStoreContract, DataWithoutALifetimeIsForgottenAtOnce) {
  save("before");
  save("data", kSession, 0ms);
  EXPECT_EQ(store->read(kSession), "");
  save("before");
  save("data", kSession, milliseconds::min());
  EXPECT_EQ(store->read(kSession), "");
}

TEST_P(SessionStoreContract, LongestLifetimeAndLeaseDoNotOverflow) {
  EXPECT_TRUE(store->close({.session = kSession,
                            .lease = open(kSession, kStep, milliseconds::max()).lease,
                            .data = "data",
                            .dataLifetime = milliseconds::max(),
                            .step = kStep,
                            .answer = "answer",
                            .answerLifetime = milliseconds::max()}));
  EXPECT_EQ(store->read(kSession), "data");
  EXPECT_EQ(look().answer, "answer");
}

// ---- work ----

TEST_P(SessionStoreContract, NobodyHasWorkUnlessSomebodySaysSo) {
  save("data");
  answer(kStep, "answer", kOther);
  EXPECT_THAT(store->withWork(), IsEmpty());
}

TEST_P(SessionStoreContract, SessionHasWorkUntilSomebodySaysThatItIsDone) {
  mark("data", true);
  EXPECT_THAT(store->withWork(), ElementsAre(kSession));
  mark("data", false);
  EXPECT_THAT(store->withWork(), IsEmpty());
}

TEST_P(SessionStoreContract, WorkIsSeenWhileTheSessionIsHeld) {
  mark("data", true);
  const OpenSession held = open();
  EXPECT_THAT(store->withWork(), ElementsAre(kSession));
}

TEST_P(SessionStoreContract, WorkStaysAsItIsWhenNothingIsSaidAboutIt) {
  mark("data", true);
  save("more data", kSession, kLong);
  EXPECT_TRUE(store->close({.session = kSession, .lease = open().lease}));
  EXPECT_THAT(store->withWork(), ElementsAre(kSession));
}

TEST_P(SessionStoreContract, WorkCanBeMarkedAndDoneWithoutTheData) {
  save("data");
  EXPECT_TRUE(store->close({.session = kSession, .lease = open().lease, .hasWork = true}));
  EXPECT_THAT(store->withWork(), ElementsAre(kSession));
  EXPECT_TRUE(store->close({.session = kSession, .lease = open().lease, .hasWork = false}));
  EXPECT_THAT(store->withWork(), IsEmpty());
  EXPECT_EQ(store->read(kSession), "data");
}

TEST_P(SessionStoreContract, WorkIsForgottenWithTheData) {
  mark("data", true);
  save("");
  EXPECT_THAT(store->withWork(), IsEmpty());
  save("new data");
  EXPECT_THAT(store->withWork(), IsEmpty()) << "the mark was that of the data before";
}

TEST_P(SessionStoreContract, WorkRunsOutWithTheData) {
  mark("data", true, kSession, place->aWhile());
  mark("data", true, kOther, kLong);
  place->pass(place->aWhile());
  EXPECT_THAT(store->withWork(), ElementsAre(kOther));
  save("new data");
  EXPECT_THAT(store->withWork(), ElementsAre(kOther)) << "the mark was that of the data before";
}

TEST_P(SessionStoreContract, WorkLivesAsLongAsTheDataThatFollows) {
  mark("data", true, kSession, place->aWhile());
  save("data", kSession, kLong);
  place->pass(place->aWhile());
  EXPECT_THAT(store->withWork(), ElementsAre(kSession));
}

TEST_P(SessionStoreContract, SessionWithoutDataHasNoWork) {
  EXPECT_TRUE(store->close({.session = kSession, .lease = open().lease, .hasWork = true}));
  EXPECT_TRUE(
      store->close({.session = kSession, .lease = open().lease, .data = "", .hasWork = true}));
  EXPECT_THAT(store->withWork(), IsEmpty());
}

TEST_P(SessionStoreContract, WhoHasLostTheLeaseMarksNothing) {
  mark("data", true);
  const OpenSession late = open(kSession, kStep, place->aWhile());
  place->pass(place->aWhile());
  EXPECT_FALSE(store->close({.session = kSession, .lease = late.lease, .hasWork = false}));
  EXPECT_THAT(store->withWork(), ElementsAre(kSession));
}

TEST_P(SessionStoreContract, AtMostSoManyHaveWorkAsAreAskedForAndTheOldestComeFirst) {
  std::vector<std::string> names;
  for (int i = 0; i < 20; ++i) {
    names.push_back("a session: " + std::to_string(i) + " {}%");
    mark("data", true, names.back());
  }
  EXPECT_THAT(store->withWork(7), ElementsAreArray(names.begin(), names.begin() + 7));
  for (int i = 0; i < 10; ++i) mark("data", false, names[static_cast<std::size_t>(i)]);
  EXPECT_THAT(store->withWork(7), ElementsAreArray(names.begin() + 10, names.begin() + 17));
  EXPECT_THAT(store->withWork(0), IsEmpty());
}

TEST_P(SessionStoreContract, WorkIsSeenByASecondStoreInTheSamePlace) {
  const auto second = place->store();
  mark("data", true);
  EXPECT_THAT(second->withWork(), ElementsAre(kSession));
  mark("data", false);
  EXPECT_THAT(second->withWork(), IsEmpty());
}

// ---- leases ----

TEST_P(SessionStoreContract, SessionThatIsHeldIsRefused) {
  const OpenSession held = open();
  EXPECT_EQ(store->tryOpen(kSession, kStep, kLong), std::nullopt);
  EXPECT_EQ(store->tryOpen(kSession, "another step", kLong), std::nullopt);
}

TEST_P(SessionStoreContract, SessionThatWasGivenBackCanBeTakenAgain) {
  const OpenSession first = open();
  EXPECT_TRUE(store->close({.session = kSession, .lease = first.lease}));
  const OpenSession second = open();
  EXPECT_NE(second.lease, first.lease);
}

TEST_P(SessionStoreContract, LeaseClosesOnlyOnce) {
  const OpenSession held = open();
  EXPECT_TRUE(store->close({.session = kSession, .lease = held.lease}));
  EXPECT_FALSE(store->close({.session = kSession, .lease = held.lease}));
  EXPECT_FALSE(store->renew(kSession, held.lease, kLong));
}

TEST_P(SessionStoreContract, LeaseOfAnotherSessionIsWorthNothing) {
  const OpenSession other = open(kOther);
  EXPECT_FALSE(store->renew(kSession, other.lease, kLong));
  EXPECT_FALSE(store->close(
      {.session = kSession, .lease = other.lease, .data = "data", .dataLifetime = kLong}));
  EXPECT_EQ(store->read(kSession), "");
}

TEST_P(SessionStoreContract, NoLeaseIsZero) {
  EXPECT_FALSE(store->renew(kSession, 0, kLong));
  EXPECT_FALSE(store->close({.session = kSession, .lease = 0}));
  const OpenSession held = open();
  EXPECT_FALSE(store->renew(kSession, 0, kLong));
  EXPECT_FALSE(store->close({.session = kSession, .lease = 0}));
}

TEST_P(SessionStoreContract, LeaseNeverComesTwiceEvenIfTheSessionIsForgotten) {
  std::set<std::uint64_t> leases;
  constexpr std::size_t kTimes = 100;
  for (std::size_t i = 0; i < kTimes; ++i) {
    const OpenSession held = open();
    leases.insert(held.lease);
    EXPECT_TRUE(store->close({.session = kSession, .lease = held.lease, .data = ""}));
  }
  EXPECT_EQ(leases.size(), kTimes);
}

TEST_P(SessionStoreContract, LeaseThatHasRunOutIsPassedOver) {
  save("data");
  const OpenSession dead = open(kSession, kStep, place->aWhile());
  place->pass(place->aWhile());
  const OpenSession next = open();
  EXPECT_EQ(next.data, "data");
  EXPECT_NE(next.lease, dead.lease);
}

TEST_P(SessionStoreContract, WhoComesBackAfterTheLeaseHasRunOutSavesNothing) {
  save("before");
  const OpenSession late = open(kSession, kStep, place->aWhile());
  place->pass(place->aWhile());
  EXPECT_FALSE(store->renew(kSession, late.lease, kLong));
  EXPECT_FALSE(store->close({.session = kSession,
                             .lease = late.lease,
                             .data = "late",
                             .dataLifetime = kLong,
                             .step = kStep,
                             .answer = "late",
                             .answerLifetime = kLong}));
  EXPECT_EQ(store->read(kSession), "before");
  EXPECT_EQ(look().answer, std::nullopt);
}

TEST_P(SessionStoreContract, WhoComesBackLateDoesNotDisturbTheNext) {
  const OpenSession late = open(kSession, kStep, place->aWhile());
  place->pass(place->aWhile());
  const OpenSession next = open();
  EXPECT_FALSE(store->renew(kSession, late.lease, 1ms));
  EXPECT_FALSE(store->close(
      {.session = kSession, .lease = late.lease, .data = "late", .dataLifetime = kLong}));
  EXPECT_TRUE(isHeld());
  EXPECT_TRUE(store->close(
      {.session = kSession, .lease = next.lease, .data = "next", .dataLifetime = kLong}));
  EXPECT_EQ(store->read(kSession), "next");
}

TEST_P(SessionStoreContract, RenewedLeaseHoldsLonger) {
  const OpenSession held = open(kSession, kStep, place->aWhile());
  EXPECT_TRUE(store->renew(kSession, held.lease, kLong));
  place->pass(place->aWhile());
  EXPECT_TRUE(isHeld());
  EXPECT_TRUE(store->close({.session = kSession, .lease = held.lease}));
}

TEST_P(SessionStoreContract, RenewedLeaseRunsOutFromTheMomentOfRenewal) {
  const OpenSession held = open(kSession, kStep, kLong);
  EXPECT_TRUE(store->renew(kSession, held.lease, place->aWhile()));
  place->pass(place->aWhile());
  EXPECT_FALSE(isHeld());
}

TEST_P(SessionStoreContract, LeaseThatIsOverBeforeItBeginsIsAMistake) {
  EXPECT_EQ(errorOf([&] { (void)store->tryOpen(kSession, kStep, 0ms); }), ErrorKind::usage);
  EXPECT_EQ(errorOf([&] { (void)store->tryOpen(kSession, kStep, -1ms); }), ErrorKind::usage);
  const OpenSession held = open();
  EXPECT_EQ(errorOf([&] { (void)store->renew(kSession, held.lease, 0ms); }), ErrorKind::usage);
}

// ---- clocks that are set ----

TEST_P(SessionStoreContract, ClockThatIsSetEndsNoLeaseAndForgetsNoAnswer) {
  for (const milliseconds jump : std::initializer_list<milliseconds>{1min, -1min, -5h, 5h}) {
    SCOPED_TRACE(jump.count());
    const OpenSession held = open(kSession, kStep, 10s);
    place->setClock(jump);
    EXPECT_TRUE(isHeld());
    EXPECT_TRUE(store->renew(kSession, held.lease, 10s));
    const std::string data = std::to_string(jump.count());
    EXPECT_TRUE(store->close({.session = kSession,
                              .lease = held.lease,
                              .data = data,
                              .dataLifetime = 4h,
                              .step = kStep,
                              .answer = data,
                              .answerLifetime = 2min}));
    const OpenSession found = look();
    EXPECT_EQ(found.data, data);
    EXPECT_EQ(found.answer, data);
  }
}

TEST_P(SessionStoreContract, ClockThatIsSetBackLocksNoSession) {
  for (const milliseconds jump : std::initializer_list<milliseconds>{-1min, -5h}) {
    (void)open(kSession, kStep, place->aWhile());  // by somebody who dies
    place->setClock(jump);
    place->pass(place->aWhile());
    EXPECT_FALSE(isHeld());
  }
}

TEST_P(SessionStoreContract, ClockThatIsSetByAMinuteForgetsNoSession) {
  save("data", kSession, 4h);
  answer(kStep, "answer", kSession, 2min);
  for (const milliseconds jump : std::initializer_list<milliseconds>{1min, -1min, -1min}) {
    place->setClock(jump);
    EXPECT_EQ(store->read(kSession), "data");
    EXPECT_EQ(look().answer, "answer");
  }
}

// ---- answers ----

TEST_P(SessionStoreContract, AnswerIsFoundByTheSameStepOnly) {
  answer("first", "<Response/>");
  EXPECT_EQ(look("first").answer, "<Response/>");
  EXPECT_EQ(look("second").answer, std::nullopt);
  EXPECT_EQ(look("first", kOther).answer, std::nullopt);
}

TEST_P(SessionStoreContract, EachStepKeepsItsAnswer) {
  answer("first", "one");
  answer("second", "two");
  EXPECT_EQ(look("first").answer, "one");
  EXPECT_EQ(look("second").answer, "two");
}

TEST_P(SessionStoreContract, LastFewAnswersOfASessionAreKept) {
  for (int i = 1; i <= 3 * static_cast<int>(kMaxAnswers); ++i) {
    answer("step " + std::to_string(i), std::to_string(i));
    answer("step " + std::to_string(i), "again " + std::to_string(i));
    for (int kept = 1; kept <= i; ++kept) {
      const bool isKept = kept > i - static_cast<int>(kMaxAnswers);
      EXPECT_EQ(look("step " + std::to_string(kept)).answer,
                isKept ? std::optional{"again " + std::to_string(kept)} : std::nullopt)
          << "of " << i;
    }
  }
}

TEST_P(SessionStoreContract, LaterAnswerReplacesTheEarlier) {
  answer("first", "one");
  answer("first", "two");
  EXPECT_EQ(look("first").answer, "two");
}

TEST_P(SessionStoreContract, AnswerMayHoldEveryByteOrNone) {
  answer("all", allBytes());
  answer("none", "");
  EXPECT_EQ(look("all").answer, allBytes());
  EXPECT_EQ(look("none").answer, "");
}

TEST_P(SessionStoreContract, AnswerAndDataAreSavedTogether) {
  EXPECT_TRUE(store->close({.session = kSession,
                            .lease = open().lease,
                            .data = "data",
                            .dataLifetime = kLong,
                            .step = kStep,
                            .answer = "answer",
                            .answerLifetime = kLong}));
  const OpenSession found = look();
  EXPECT_EQ(found.data, "data");
  EXPECT_EQ(found.answer, "answer");
}

TEST_P(SessionStoreContract, WhoFindsAnAnswerHoldsTheSession) {
  answer(kStep, "answer");
  EXPECT_EQ(open().answer, "answer");
  EXPECT_TRUE(isHeld());
}

TEST_P(SessionStoreContract, AnswerOutlivesDataThatIsForgotten) {
  save("data");
  answer(kStep, "answer");
  save("");
  EXPECT_EQ(look().answer, "answer");
}

TEST_P(SessionStoreContract, AnswerIsForgottenAfterItsLifetime) {
  answer("first", "one", kSession, place->aWhile());
  answer("second", "two", kSession, kLong);
  save("data");
  place->pass(place->aWhile());
  EXPECT_EQ(look("first").answer, std::nullopt);
  EXPECT_EQ(look("second").answer, "two");
  EXPECT_EQ(look("second").data, "data");
}

TEST_P(SessionStoreContract, AnswerWithoutALifetimeIsForgottenAtOnce) {
  answer(kStep, "before");
  answer(kStep, "answer", kSession, 0ms);
  EXPECT_EQ(look().answer, std::nullopt);
}

TEST_P(SessionStoreContract, AnswerOutlivesDataThatRanOut) {
  save("data", kSession, place->aWhile());
  answer(kStep, "answer");
  place->pass(place->aWhile());
  const OpenSession found = look();
  EXPECT_EQ(found.data, "");
  EXPECT_EQ(found.answer, "answer");
}

// ---- names ----

TEST_P(SessionStoreContract, NamesMayHoldEveryByte) {
  using namespace std::string_literals;
  const std::vector<std::string> names{"'; DROP TABLE sessions; --",
                                       "\"quoted\"",
                                       "a\0b"s,
                                       "a\0"s,
                                       "a",
                                       "\0"s,
                                       "line\r\n$3\r\nend",
                                       "{brace}",
                                       "}{",
                                       "{}",
                                       "*",
                                       "?",
                                       "%00",
                                       "a:lease",
                                       "a:data",
                                       "a:answer:b",
                                       "\xff\xfe",
                                       allBytes().substr(0, 128),
                                       allBytes().substr(128)};
  for (const std::string& name : names) save("data of " + name, name);
  for (const std::string& name : names) answer(name, "answer of " + name, name);
  for (const std::string& name : names) {
    EXPECT_EQ(store->read(name), "data of " + name) << testing::PrintToString(name);
    EXPECT_EQ(look(name, name).answer, "answer of " + name) << testing::PrintToString(name);
  }
}

TEST_P(SessionStoreContract, NamesMayHave128Bytes) {
  const std::string longest(128, 'n');
  save("data", longest);
  answer(longest, "answer", longest);
  EXPECT_EQ(look(longest, longest).data, "data");
  EXPECT_EQ(look(longest, longest).answer, "answer");
}

TEST_P(SessionStoreContract, EmptyAndLongerNamesAreMistakes) {
  for (const std::string& name : {std::string{}, std::string(129, 'n')}) {
    EXPECT_EQ(errorOf([&] { (void)store->tryOpen(name, kStep, kLong); }), ErrorKind::usage);
    EXPECT_EQ(errorOf([&] { (void)store->tryOpen(kSession, name, kLong); }), ErrorKind::usage);
    EXPECT_EQ(errorOf([&] { (void)store->renew(name, 1, kLong); }), ErrorKind::usage);
    EXPECT_EQ(errorOf([&] { (void)store->close({.session = name, .lease = 1}); }),
              ErrorKind::usage);
    EXPECT_EQ(errorOf([&] { (void)store->read(name); }), ErrorKind::usage);
    EXPECT_EQ(errorOf([&] {
                (void)store->close({.session = kSession, .lease = 1, .step = name, .answer = ""});
              }),
              ErrorKind::usage);
  }
  EXPECT_FALSE(isHeld()) << "a mistake has taken the session";
}

// ---- several at once ----

TEST_P(SessionStoreContract, NoUpdateOfEightThreadsIsLost) {
  constexpr int kThreads = 8;
  constexpr int kTimes = 100;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] { support::increment(store->store(), kSession, kTimes); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store->read(kSession), std::to_string(kThreads * kTimes));
}

TEST_P(SessionStoreContract, OneOfEightThreadsTakesASession) {
  constexpr int kThreads = 8;
  for (int round = 0; round < 50; ++round) {
    const std::string session = "session " + std::to_string(round);
    std::atomic<int> taken = 0;
    std::atomic<int> ready = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (++ready; ready < kThreads;) std::this_thread::yield();
        if (store->tryOpen(session, kStep, kLong)) ++taken;
      });
    }
    for (std::thread& thread : threads) thread.join();
    ASSERT_EQ(taken, 1);
  }
}

TEST_P(SessionStoreContract, EightThreadsWithSessionsOfTheirOwnDoNotMeet) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, session = "session " + std::to_string(i)] {
      for (int step = 1; step <= 50; ++step) {
        const auto held = store->tryOpen(session, kStep, kLong);
        ASSERT_TRUE(held);
        ASSERT_EQ(support::numberIn(held->data), step - 1);
        ASSERT_TRUE(store->close({.session = session,
                                  .lease = held->lease,
                                  .data = std::to_string(step),
                                  .dataLifetime = kLong}));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_P(SessionStoreContract, NoUpdateOfTwoProcessesIsLost) {
  if (place->name().empty()) return;  // in the memory of one process
  constexpr int kThreads = 4;
  constexpr int kTimes = 100;
  const std::vector<std::string> command{
      IVR_SESSION_WRITER,       "increment",           place->name(), kSession,
      std::to_string(kThreads), std::to_string(kTimes)};
  support::Child first{command};
  support::Child second{command};
  EXPECT_EQ(first.wait(), 0);
  EXPECT_EQ(second.wait(), 0);
  // By the machine's clock, like the programs.
  EXPECT_EQ(openSessionStore(place->name())->read(kSession).get(),
            std::to_string(2 * kThreads * kTimes));
}

TEST_P(SessionStoreContract, SecondStoreInTheSamePlaceSeesWhatTheFirstDoes) {
  const auto second = place->store();
  save("data");
  answer(kStep, "answer");
  EXPECT_EQ(second->read(kSession), "data");
  const OpenSession held = open();
  EXPECT_EQ(second->tryOpen(kSession, kStep, kLong), std::nullopt);
  EXPECT_TRUE(store->close({.session = kSession, .lease = held.lease}));
  const auto taken = second->tryOpen(kSession, kStep, kLong);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->answer, "answer");
  EXPECT_TRUE(isHeld());
}

// ---- by a clock that the test controls ----

using SessionStoreByTheClock = Store;

INSTANTIATE_TEST_SUITE_P(, SessionStoreByTheClock, Values(StoreKind::memory, StoreKind::sqlite),
                         nameOf);

TEST_P(SessionStoreByTheClock, LeaseHoldsUntilItsEndAndNotLonger) {
  const OpenSession held = open(kSession, kStep, 10s);
  place->pass(10s - 1ms);
  EXPECT_TRUE(isHeld());
  place->pass(1ms);
  EXPECT_FALSE(isHeld());
  EXPECT_FALSE(store->renew(kSession, held.lease, 10s));
}

TEST_P(SessionStoreByTheClock, WhatIsKeptIsKeptUntilItsEndAndNotLonger) {
  save("data", kSession, 10s);
  answer(kStep, "answer", kSession, 10s);
  place->pass(10s - 1ms);
  EXPECT_EQ(store->read(kSession), "data");
  EXPECT_EQ(look().answer, "answer");
  place->pass(1ms);
  EXPECT_EQ(store->read(kSession), "");
  EXPECT_EQ(look().answer, std::nullopt);
}

/// Saves so many sessions that are never requested again, each of a kilobyte with an answer of the
/// same size, some of them held by a process that died; then lets them run out.
class Generations : public Store {
 protected:
  void pass(int sessions) {
    const std::string kilobyte(1024, 'x');
    for (int i = 0; i < sessions; ++i) {
      const std::string session = "session " + std::to_string(++last_);
      const OpenSession held = open(session);
      ASSERT_TRUE(store->close({.session = session,
                                .lease = held.lease,
                                .data = kilobyte,
                                .dataLifetime = 10s,
                                .step = kStep,
                                .answer = kilobyte,
                                .answerLifetime = 10s}));
      if (i % 10 == 0) (void)open(session, kStep, 10s);
    }
    place->pass(10s);
  }

 private:
  int last_ = 0;
};

INSTANTIATE_TEST_SUITE_P(, Generations, Values(StoreKind::memory, StoreKind::sqlite), nameOf);

TEST_P(Generations, OfSessionsThatRanOutDoNotPileUp) {
  if (support::kIsSanitized) GTEST_SKIP() << "sanitizers keep what is freed";
  constexpr int kSessions = 2000;
  const auto used = [&] {
    return GetParam() == StoreKind::memory
               ? support::residentBytes()
               : static_cast<std::ptrdiff_t>(std::filesystem::file_size(place->name().substr(7)));
  };
  for (int i = 0; i < 5; ++i) pass(kSessions);
  const std::ptrdiff_t before = used();
  for (int i = 0; i < 20; ++i) pass(kSessions);
  constexpr std::ptrdiff_t kOneGeneration = kSessions * std::ptrdiff_t{2048};
  EXPECT_LT(used() - before, kOneGeneration);
}

}  // namespace
