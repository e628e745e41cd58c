#include "ivr/core/later.hpp"

#include "support/failure.hpp"

#include <atomic>
#include <gmock/gmock.h>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using support::failureOf;
using testing::HasSubstr;
using Number = std::unique_ptr<int>;

/// A `Later` and the last copy of its `Answer`, to settle or to drop.
template <class T>
struct Held {
  std::optional<Answer<T>> answer;
  Later<T> later{[this](Answer<T> given) { answer = std::move(given); }};
};

std::exception_ptr broken(const char* text = "broken") {
  return std::make_exception_ptr(std::runtime_error{text});
}

TEST(Later, IsAMoveOnlyValue) {
  EXPECT_FALSE(std::is_copy_constructible_v<Later<int>>);
  EXPECT_FALSE(std::is_copy_assignable_v<Later<int>>);
  EXPECT_TRUE(std::is_nothrow_move_constructible_v<Later<int>>);
}

TEST(Later, ValueThatIsThereIsSettled) {
  const Later<int> later = 1;
  EXPECT_TRUE(later.isSettled());
}

TEST(Later, IsMadeFromWhateverConvertsToTheValue) {
  Later<std::string> later = "text";
  EXPECT_EQ(std::move(later).get(), "text");
}

TEST(Later, HoldsAMoveOnlyValue) {
  Later<Number> later = std::make_unique<int>(7);
  EXPECT_EQ(*std::move(later).get(), 7);
}

TEST(Later, FailedOneIsSettled) { EXPECT_TRUE(Later<int>::failed(broken()).isSettled()); }

TEST(Later, GetThrowsTheExceptionItself) {
  EXPECT_THROW(Later<int>::failed(broken()).get(), std::runtime_error);
}

TEST(Later, StartIsCalledAtOnce) {
  bool called = false;
  const Later<int> later{[&](const Answer<int>&) { called = true; }};
  EXPECT_TRUE(called);
}

TEST(Later, AnswerInsideStartSettlesIt) {
  Later<int> later{[](const Answer<int>& answer) { answer(3); }};
  EXPECT_TRUE(later.isSettled());
  EXPECT_EQ(std::move(later).get(), 3);
}

TEST(Later, IsNotSettledBeforeTheAnswer) {
  const Held<int> held;
  EXPECT_FALSE(held.later.isSettled());
}

TEST(Later, IsSettledByTheAnswer) {
  Held<int> held;
  (*held.answer)(5);
  EXPECT_TRUE(held.later.isSettled());
  EXPECT_EQ(std::move(held.later).get(), 5);
}

TEST(Later, WhatStartThrowsIsTheOutcome) {
  Later<int> later{[](const Answer<int>&) { throw std::runtime_error{"no line"}; }};
  EXPECT_EQ(failureOf(std::move(later)), "no line");
}

TEST(Later, WhatStartThrowsAfterItsAnswerIsIgnored) {
  Later<int> later{[](const Answer<int>& answer) {
    answer(1);
    throw std::runtime_error{"too late"};
  }};
  EXPECT_EQ(std::move(later).get(), 1);
}

TEST(Later, StartWithoutCapturesIsNotMistakenForAValue) {
  Later<bool> later{[](const Answer<bool>& answer) { answer(false); }};
  EXPECT_FALSE(std::move(later).get());
}

TEST(Later, MovedOneIsStillAnswered) {
  Held<int> held;
  Later<int> moved = std::move(held.later);
  (*held.answer)(4);
  EXPECT_EQ(std::move(moved).get(), 4);
}

TEST(Answer, FirstValueWins) {
  Held<int> held;
  (*held.answer)(1);
  (*held.answer)(2);
  EXPECT_EQ(std::move(held.later).get(), 1);
}

TEST(Answer, ValueBeforeAFailureWins) {
  Held<int> held;
  (*held.answer)(1);
  held.answer->fail(broken());
  EXPECT_EQ(std::move(held.later).get(), 1);
}

TEST(Answer, FailureBeforeAValueWins) {
  Held<int> held;
  held.answer->fail(broken());
  (*held.answer)(1);
  EXPECT_EQ(failureOf(std::move(held.later)), "broken");
}

TEST(Answer, SecondAnswerDoesNotReachTheReceiver) {
  Held<int> held;
  int calls = 0;
  std::move(held.later).receive([&](const Settled<int>&) { ++calls; });
  (*held.answer)(1);
  (*held.answer)(2);
  EXPECT_EQ(calls, 1);
}

TEST(Answer, FailsWithAnExceptionAsItsOwnType) {
  Held<int> held;
  held.answer->fail(std::out_of_range{"far"});
  EXPECT_THROW(std::move(held.later).get(), std::out_of_range);
}

TEST(Answer, CopySettlesTheSameLater) {
  Held<int> held;
  const Answer<int> copy = *held.answer;
  copy(9);
  EXPECT_EQ(std::move(held.later).get(), 9);
}

TEST(Answer, MayBeCalledWhenNobodyWaitsAnyMore) {
  std::optional<Answer<std::string>> answer;
  {
    const Later<std::string> later{[&](Answer<std::string> given) { answer = std::move(given); }};
  }
  EXPECT_NO_THROW((*answer)("to nobody"));
}

TEST(Later, DroppedAnswerIsAnErrorNotAHang) {
  Held<int> held;
  held.answer.reset();
  ASSERT_TRUE(held.later.isSettled());
  try {
    std::move(held.later).get();
    FAIL() << "it has a value that nobody gave";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("dropped"));
  }
}

TEST(Later, StartThatIgnoresItsAnswerIsAnErrorNotAHang) {
  Later<int> later{[](const Answer<int>&) {}};
  EXPECT_THROW(std::move(later).get(), Error);
}

TEST(Later, OneCopyOfTheAnswerIsEnoughToWait) {
  Held<int> held;
  std::optional<Answer<int>> copy = held.answer;
  held.answer.reset();
  EXPECT_FALSE(held.later.isSettled());
}

TEST(Later, AnswerDroppedAfterItWasGivenChangesNothing) {
  Held<int> held;
  (*held.answer)(2);
  held.answer.reset();
  EXPECT_EQ(std::move(held.later).get(), 2);
}

TEST(Later, AnswerDroppedByAnotherThreadReachesTheReceiver) {
  Held<int> held;
  std::thread dropper{
      [answer = std::exchange(held.answer, std::nullopt)]() mutable { answer.reset(); }};
  EXPECT_THROW(std::move(held.later).get(), Error);
  dropper.join();
}

TEST(Then, MakesAnotherValue) {
  auto later = Later<int>{20}.then([](int value) { return std::to_string(value + 1); });
  EXPECT_EQ(std::move(later).get(), "21");
}

TEST(Then, RunsInlineWhenTheValueIsThere) {
  std::thread::id where;
  const auto later = Later<int>{1}.then([&](int) {
    where = std::this_thread::get_id();
    return 0;
  });
  EXPECT_EQ(where, std::this_thread::get_id());
}

TEST(Then, DoesNotRunBeforeTheAnswer) {
  Held<int> held;
  bool ran = false;
  const auto later = std::move(held.later).then([&](int) { return ran = true; });
  EXPECT_FALSE(ran);
}

TEST(Then, RunsOnTheThreadThatAnswers) {
  Held<int> held;
  auto later = std::move(held.later).then([](int) { return std::this_thread::get_id(); });
  std::thread::id answering;
  std::thread answerer{[&] {
    answering = std::this_thread::get_id();
    (*held.answer)(1);
  }};
  answerer.join();
  EXPECT_EQ(std::move(later).get(), answering);
}

TEST(Then, FlattensALaterThatIsSettled) {
  auto later =
      Later<int>{1}.then([](int value) { return Later<std::string>{std::to_string(value)}; });
  static_assert(std::is_same_v<decltype(later), Later<std::string>>);
  EXPECT_EQ(std::move(later).get(), "1");
}

TEST(Then, FlattensALaterThatWaits) {
  Held<int> outer;
  Held<int> inner;
  auto later = std::move(outer.later).then([&](int) { return std::move(inner.later); });
  (*outer.answer)(1);
  EXPECT_FALSE(later.isSettled());
  (*inner.answer)(2);
  EXPECT_EQ(std::move(later).get(), 2);
}

TEST(Then, FlattensALaterThatWaitsAfterAValueThatIsThere) {
  Held<int> inner;
  auto later = Later<int>{1}.then([&](int) { return std::move(inner.later); });
  (*inner.answer)(2);
  EXPECT_EQ(std::move(later).get(), 2);
}

TEST(Then, PassesOnTheFailureOfAnInnerLater) {
  Held<int> inner;
  auto later = Later<int>{1}.then([&](int) { return std::move(inner.later); });
  inner.answer->fail(broken("inner"));
  EXPECT_EQ(failureOf(std::move(later)), "inner");
}

TEST(Then, IsSkippedByAFailureThatIsThere) {
  bool ran = false;
  auto later = Later<int>::failed(broken()).then([&](int) { return ran = true; });
  EXPECT_EQ(failureOf(std::move(later)), "broken");
  EXPECT_FALSE(ran);
}

TEST(Then, IsSkippedByAFailureThatComesLater) {
  Held<int> held;
  int ran = 0;
  auto later =
      std::move(held.later).then([&](int) { return ++ran; }).then([&](int) { return ++ran; });
  held.answer->fail(broken());
  EXPECT_EQ(failureOf(std::move(later)), "broken");
  EXPECT_EQ(ran, 0);
}

TEST(Then, WhatItThrowsInlineIsTheOutcome) {
  auto later = Later<int>{1}.then([](int) -> int { throw std::runtime_error{"thrown"}; });
  EXPECT_EQ(failureOf(std::move(later)), "thrown");
}

TEST(Then, WhatItThrowsWhenAnsweredIsTheOutcomeAndNotTheAnswerersTrouble) {
  Held<int> held;
  auto later = std::move(held.later).then([](int) -> int { throw std::runtime_error{"thrown"}; });
  EXPECT_NO_THROW((*held.answer)(1));
  EXPECT_EQ(failureOf(std::move(later)), "thrown");
}

TEST(Then, PassesOnADroppedAnswer) {
  Held<int> held;
  auto later = std::move(held.later).then([](int value) { return value; });
  held.answer.reset();
  EXPECT_THROW(std::move(later).get(), Error);
}

TEST(Then, MovesAMoveOnlyValueAlong) {
  Held<Number> held;
  auto later = std::move(held.later).then([](Number number) {
    ++*number;
    return number;
  });
  (*held.answer)(std::make_unique<int>(1));
  EXPECT_EQ(*std::move(later).get(), 2);
}

TEST(Then, KeepsAMoveOnlyFunction) {
  Held<int> held;
  auto later = std::move(held.later).then([extra = std::make_unique<int>(10)](int value) {
    return value + *extra;
  });
  (*held.answer)(1);
  EXPECT_EQ(std::move(later).get(), 11);
}

TEST(Then, LeavesTheOrderOfALongChain) {
  Held<std::string> held;
  Later<std::string> later = std::move(held.later);
  for (const char c : std::string{"bcdef"}) {
    later = std::move(later).then([c](const std::string& text) { return text + c; });
  }
  (*held.answer)("a");
  EXPECT_EQ(std::move(later).get(), "abcdef");
}

TEST(Otherwise, LeavesAValueAlone) {
  bool ran = false;
  auto later = Later<int>{1}.recover([&](const std::exception_ptr&) {
    ran = true;
    return 2;
  });
  EXPECT_EQ(std::move(later).get(), 1);
  EXPECT_FALSE(ran);
}

TEST(Otherwise, LeavesAValueAloneThatComesLater) {
  Held<int> held;
  auto later = std::move(held.later).recover([](const std::exception_ptr&) { return 2; });
  (*held.answer)(1);
  EXPECT_EQ(std::move(later).get(), 1);
}

TEST(Otherwise, MakesAValueOfAFailure) {
  auto later = Later<std::string>::failed(broken()).recover(
      [](const std::exception_ptr& error) { return textOf(error) + ", mended"; });
  EXPECT_EQ(std::move(later).get(), "broken, mended");
}

TEST(Otherwise, MakesAValueOfAFailureThatComesLater) {
  Held<std::string> held;
  auto later = std::move(held.later).recover([](const std::exception_ptr& error) {
    return textOf(error) + ", mended";
  });
  held.answer->fail(broken());
  EXPECT_EQ(std::move(later).get(), "broken, mended");
}

TEST(Otherwise, FlattensALater) {
  Held<int> mended;
  auto later = Later<int>::failed(broken()).recover(
      [&](const std::exception_ptr&) { return std::move(mended.later); });
  EXPECT_FALSE(later.isSettled());
  (*mended.answer)(3);
  EXPECT_EQ(std::move(later).get(), 3);
}

TEST(Otherwise, FlattensALaterAfterAFailureThatComesLater) {
  Held<int> held;
  Held<int> mended;
  auto later = std::move(held.later).recover([&](const std::exception_ptr&) {
    return std::move(mended.later);
  });
  held.answer->fail(broken());
  (*mended.answer)(3);
  EXPECT_EQ(std::move(later).get(), 3);
}

TEST(Otherwise, MayTakeNothing) {
  EXPECT_EQ(Later<int>::failed(broken()).recover([] { return 1; }).get(), 1);
}

TEST(Otherwise, MayThrowAnotherException) {
  auto later = Later<int>::failed(broken()).recover(
      [](const std::exception_ptr&) -> int { throw std::out_of_range{"worse"}; });
  EXPECT_THROW(std::move(later).get(), std::out_of_range);
}

TEST(Otherwise, MayThrowAnotherExceptionLater) {
  Held<int> held;
  auto later = std::move(held.later).recover([](const std::exception_ptr&) -> int {
    throw std::out_of_range{"worse"};
  });
  EXPECT_NO_THROW(held.answer->fail(broken()));
  EXPECT_THROW(std::move(later).get(), std::out_of_range);
}

TEST(Otherwise, HearsWhatAnEarlierThenThrew) {
  auto later = Later<int>{1}
                   .then([](int) -> std::string { throw std::runtime_error{"thrown"}; })
                   .recover([](const std::exception_ptr& error) { return textOf(error); });
  EXPECT_EQ(std::move(later).get(), "thrown");
}

TEST(Receive, IsCalledInlineWithAValueThatIsThere) {
  int received = 0;
  Later<int>{6}.receive([&](const Settled<int>& outcome) { received = std::get<0>(outcome); });
  EXPECT_EQ(received, 6);
}

TEST(Receive, IsCalledInlineWithAFailureThatIsThere) {
  std::string received;
  Later<int>::failed(broken()).receive(
      [&](const Settled<int>& outcome) { received = textOf(std::get<1>(outcome)); });
  EXPECT_EQ(received, "broken");
}

TEST(Receive, IsCalledInlineWhenTheAnswerCameBefore) {
  Held<int> held;
  (*held.answer)(8);
  int received = 0;
  std::move(held.later).receive([&](const Settled<int>& outcome) {
    received = std::get<0>(outcome);
  });
  EXPECT_EQ(received, 8);
}

TEST(Receive, IsCalledByTheAnswer) {
  Held<int> held;
  std::optional<int> received;
  std::move(held.later).receive([&](const Settled<int>& outcome) {
    received = std::get<0>(outcome);
  });
  EXPECT_EQ(received, std::nullopt);
  (*held.answer)(8);
  EXPECT_EQ(received, 8);
}

TEST(Receive, IsCalledWithoutALockHeld) {
  Held<int> held;
  int calls = 0;
  std::move(held.later).receive([&](const Settled<int>&) {
    ++calls;
    (*held.answer)(2);  // would wait for itself for ever
  });
  (*held.answer)(1);
  EXPECT_EQ(calls, 1);
}

TEST(Receive, TakesAMoveOnlyReceiverAndValue) {
  Held<Number> held;
  int sum = 0;
  std::move(held.later).receive([&sum, extra = std::make_unique<int>(1)](Settled<Number> outcome) {
    sum = *std::get<0>(outcome) + *extra;
  });
  (*held.answer)(std::make_unique<int>(2));
  EXPECT_EQ(sum, 3);
}

TEST(Get, WaitsForAnotherThread) {
  Held<std::string> held;
  std::thread answerer{[answer = *held.answer] { answer("from afar"); }};
  held.answer.reset();
  EXPECT_EQ(std::move(held.later).get(), "from afar");
  answerer.join();
}

TEST(Get, ThrowsWhatAnotherThreadFailedWith) {
  Held<int> held;
  std::thread answerer{[answer = *held.answer] { answer.fail(broken("afar")); }};
  EXPECT_EQ(failureOf(std::move(held.later)), "afar");
  answerer.join();
}

TEST(Answer, OfManyThreadsAtOnceExactlyOneIsHeard) {
  Held<int> held;
  std::atomic<int> calls = 0;
  std::move(held.later).receive([&](const Settled<int>&) { ++calls; });
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([answer = *held.answer, i] { answer(i); });
  }
  held.answer.reset();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(calls, 1);
}

TEST(Answer, IsNeverLostWhenItMeetsTheReceiver) {
  constexpr int kRounds = 500;
  int received = 0;
  for (int round = 0; round < kRounds; ++round) {
    Held<int> held;
    std::thread answerer{[answer = std::exchange(held.answer, std::nullopt)] { (*answer)(1); }};
    received += std::move(held.later).then([](int value) { return value; }).get();
    answerer.join();
  }
  EXPECT_EQ(received, kRounds);
}

// --- Functions that return nothing ---

TEST(Later, AFunctionThatReturnsNothingMakesDone) {
  int seen = 0;
  Later<Done> done = Later<int>{3}.then([&](int value) { seen = value; });
  std::move(done).get();
  EXPECT_EQ(seen, 3);
}

TEST(Later, AFunctionThatReturnsNothingLaterMakesDone) {
  Held<int> held;
  int seen = 0;
  Later<Done> done = std::move(held.later).then([&](int value) { seen = value; });
  EXPECT_FALSE(done.isSettled());
  (*held.answer)(4);
  EXPECT_TRUE(done.isSettled());
  EXPECT_EQ(seen, 4);
}

TEST(Later, ThatOnlyEndsIsFollowedByAFunctionWithoutParameters) {
  EXPECT_EQ(Later<Done>{Done{}}.then([] { return 5; }).get(), 5);
  EXPECT_EQ(Later<Done>{Done{}}.then([](Done) { return 6; }).get(), 6);
}

TEST(Later, ThatOnlyEndsRecoversWithAFunctionThatReturnsNothing) {
  bool recovered = false;
  Later<Done>::failed(broken()).recover([&](const std::exception_ptr&) { recovered = true; }).get();
  EXPECT_TRUE(recovered);
}

// --- Waiting in vain ---

/// Settles only once the holder of `id` has released it.
Later<int> behind(detail::Holding::Id id) {
  static std::vector<Answer<int>> kept;
  return Later<int>{[](const Answer<int>& answer) { kept.push_back(answer); }}.waitingFor(id);
}

TEST(Holding, WaitingForWhatComesAfterItIsAnErrorAtOnce) {
  const detail::Holding holding{71};
  EXPECT_THAT(failureOf(behind(71)), HasSubstr("wait for ever"));
}

TEST(Holding, IsSeenThroughWhatFollows) {
  const detail::Holding holding{72};
  EXPECT_THAT(failureOf(behind(72)
                            .then([](int value) { return value + 1; })
                            .recover([](const std::exception_ptr&) { return 0; })
                            .then([](int) {})),
              HasSubstr("wait for ever"));
}

TEST(Holding, IsSeenAroundOthers) {
  const detail::Holding outer{73};
  const detail::Holding inner{74};
  EXPECT_TRUE(behind(73).waitsForHere());
  EXPECT_TRUE(behind(74).waitsForHere());
}

TEST(Holding, OfAnotherThreadIsNone) {
  const detail::Holding holding{75};
  bool isSeen = true;
  std::thread{[&] { isSeen = behind(75).waitsForHere(); }}.join();
  EXPECT_FALSE(isSeen);
}

TEST(Holding, EndsWithItsScope) {
  { const detail::Holding holding{76}; }
  EXPECT_FALSE(behind(76).waitsForHere());
}

TEST(Holding, DoesNotMatterForWhatIsThere) {
  const detail::Holding holding{77};
  EXPECT_EQ(Later<int>{1}.waitingFor(77).get(), 1);
}

}  // namespace
