// Callbacks before and after an event: which run, in which order, and what they can do.

#include "ivr/flow/flow.hpp"

#include <algorithm>
#include <concepts>
#include <functional>
#include <gmock/gmock.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using flow::Fired;
using flow::Outcome;
using testing::ElementsAre;
using testing::IsEmpty;

struct Ticket {
  std::string state = {};
  std::vector<std::string> notes = {};
  bool mayEnter = true;
  bool throwsBefore = false;
};

constexpr flow::State open{"open"}, cancelled{"cancelled"};
constexpr Event end{"end", kApplication}, hangsUp{"hangs_up", kApplication};

auto note(std::string words) {
  return [words = std::move(words)](Ticket& ticket) { ticket.notes.push_back(words); };
}

/// All of call_center's kinds on the state `cancelled`, which `end` leads to, from itself too.
Flow<Ticket> noted() {
  Flow<Ticket> flow{&Ticket::state, open};
  flow.state(open).silent().on(end).to(cancelled).on(hangsUp).to(open);
  flow.state(cancelled)
      .silent()
      .before(note("before_always"))
      .before(Only::onChange, note("before_always_uniq"))
      .before([](Ticket& t) {
        if (t.throwsBefore) throw std::runtime_error{"before"};
        return t.mayEnter;
      })
      .after(note("after_always"))
      .after(When::success, note("after_success"))
      .after(When::failure, note("after_failure"))
      .after(Only::onChange, note("after_always_uniq"))
      .after(When::success, Only::onChange, note("after_success_uniq"))
      .after(When::failure, Only::onChange, note("after_failure_uniq"))
      .on(end)
      .to(cancelled);
  return flow;
}

std::vector<std::string> notesOf(const Flow<Ticket>& flow, Ticket ticket, Event event) {
  (void)flow.run(ticket, event).get();
  return ticket.notes;
}

TEST(FlowCallbacks, OfAChangeRunBeforeItAndAfterItInTheOrderOfTheDefinition) {
  EXPECT_THAT(notesOf(noted(), {.state = "open"}, end),
              ElementsAre("before_always", "before_always_uniq", "after_always", "after_success",
                          "after_always_uniq", "after_success_uniq"));
}

TEST(FlowCallbacks, OfALoopLeaveOutThoseOfChanges) {
  EXPECT_THAT(notesOf(noted(), {.state = "cancelled"}, end),
              ElementsAre("before_always", "after_always", "after_success"));
}

TEST(FlowCallbacks, OfARefusedEventAreThoseAfterItOfTheStateThatTheModelIsIn) {
  EXPECT_THAT(notesOf(noted(), {.state = "cancelled"}, hangsUp),
              ElementsAre("after_always", "after_failure"));
}

TEST(FlowCallbacks, OfAHaltedEventAreThoseAfterItOfTheStateThatItWouldHaveEntered) {
  Ticket ticket{.state = "open", .mayEnter = false};
  const Fired fired = noted().run(ticket, end).get();
  EXPECT_EQ(fired.outcome, Outcome::halted);
  EXPECT_EQ(fired.to, "cancelled");
  EXPECT_EQ(ticket.state, "open");
  EXPECT_THAT(ticket.notes,
              ElementsAre("before_always", "before_always_uniq", "after_always", "after_failure",
                          "after_always_uniq", "after_failure_uniq"));
}

TEST(FlowCallbacks, CountAsInCallCentersOwnTest) {
  const Flow<Ticket> flow = noted();
  Ticket ticket{.state = "open"};
  for (int times = 0; times < 3; ++times) (void)flow.run(ticket, end).get();
  (void)flow.run(ticket, hangsUp).get();
  const auto count = [&](std::string_view words) {
    return std::count(ticket.notes.begin(), ticket.notes.end(), words);
  };
  EXPECT_EQ(count("before_always"), 3);
  EXPECT_EQ(count("before_always_uniq"), 1);
  EXPECT_EQ(count("after_always"), 4);
  EXPECT_EQ(count("after_success"), 3);
  EXPECT_EQ(count("after_failure"), 1);
  EXPECT_EQ(count("after_always_uniq"), 1);
  EXPECT_EQ(count("after_success_uniq"), 1);
  EXPECT_EQ(count("after_failure_uniq"), 0);
}

TEST(FlowCallbacks, TellRefusedFromHalted) {
  Flow<Ticket> flow{&Ticket::state, open};
  flow.state(open)
      .silent()
      .before([](const Ticket& t) { return t.mayEnter; })
      .after(When::refused, note("refused"))
      .after(When::halted, note("halted"))
      .on(end)
      .to(open)
      .on(hangsUp)
      .otherwiseRefused();
  EXPECT_THAT(notesOf(flow, {.state = "open"}, hangsUp), ElementsAre("refused"));
  EXPECT_THAT(notesOf(flow, {.state = "open", .mayEnter = false}, end), ElementsAre("halted"));
}

TEST(FlowCallbacks, GetTheTransition) {
  Flow<Ticket> flow{&Ticket::state, open};
  flow.state(open).silent().on(end).to(cancelled);
  const auto tell = [](Ticket& ticket, const Transition& of, const Turn& turn) {
    ticket.notes.push_back(std::string{of.event} + ' ' + std::string{of.from} + ' ' +
                           std::string{of.to} + ' ' + std::string{textOf(of.outcome)} + ' ' +
                           turn.id() + " in " + ticket.state);
  };
  flow.state(cancelled).silent().before(tell).after(tell);
  Ticket ticket{.state = "open"};
  (void)flow.run(ticket, end, Turn{{.id = "7"}}).get();
  EXPECT_THAT(ticket.notes, ElementsAre("end open cancelled changed 7 in open",
                                        "end open cancelled changed 7 in cancelled"));
}

TEST(FlowCallbacks, AStateWithoutAnyIsEntered) {
  Flow<Ticket> flow{&Ticket::state, open};
  flow.state(open).silent().on(end).to(cancelled);
  Ticket ticket{.state = "open"};
  EXPECT_THAT(flow.fire(ticket, end).get().due, IsEmpty());
  EXPECT_TRUE(ticket.state == cancelled);
}

TEST(FlowCallbacks, WhatOneBeforeThrowsIsTheOutcomeAndTheStateIsAsBefore) {
  Ticket ticket{.state = "open", .throwsBefore = true};
  const Flow<Ticket> flow = noted();
  EXPECT_THROW((void)flow.run(ticket, end).get(), std::runtime_error);
  EXPECT_EQ(ticket.state, "open");
  EXPECT_THAT(ticket.notes, ElementsAre("before_always", "before_always_uniq"));
}

TEST(FlowCallbacks, ThatWriteTheStateThemselvesAndHaltLeaveItAsItWas) {
  Flow<Ticket> flow{&Ticket::state, open};
  flow.state(open).silent().on(end).to(cancelled);
  flow.state(cancelled).silent().before([](Ticket& ticket) {
    ticket.state = "somewhere";
    return false;
  });
  Ticket ticket{.state = "open"};
  (void)flow.run(ticket, end).get();
  EXPECT_EQ(ticket.state, "open");
}

TEST(FlowCallbacks, WhatOneAfterThrowsIsTheOutcomeTheStateStaysChangedAndTheOthersRun) {
  Flow<Ticket> flow{&Ticket::state, open};
  flow.state(open).silent().on(end).to(cancelled);
  flow.state(cancelled)
      .silent()
      .after(note("one"))
      .after([] { throw std::runtime_error{"two"}; })
      .after([] { throw std::logic_error{"three"}; })
      .after(note("four"));
  Ticket ticket{.state = "open"};
  EXPECT_THROW((void)flow.run(ticket, end).get(), std::runtime_error);
  EXPECT_TRUE(ticket.state == cancelled);
  EXPECT_THAT(ticket.notes, ElementsAre("one", "four"));
}

// --- Deferred (33-36, B1) ---

TEST(FlowCallbacks, AfterAnEventAreNamedByFireAndRunByNobodyElse) {
  const Flow<Ticket> flow = noted();
  Ticket ticket{.state = "open"};
  const Fired fired = flow.fire(ticket, end).get();
  EXPECT_TRUE(ticket.state == cancelled);
  EXPECT_THAT(ticket.notes, ElementsAre("before_always", "before_always_uniq"));
  std::vector<std::string> names;
  for (const flow::Due due : fired.due) names.push_back(flow.definition().nameOf(due));
  EXPECT_THAT(names, ElementsAre("cancelled/always/1", "cancelled/success/1",
                                 "cancelled/always-on-change/1", "cancelled/success-on-change/1"));
}

TEST(FlowCallbacks, RunFromTheirNamesWithTheTransitionThatWasAndEachOnce) {
  const Flow<Ticket> flow = noted();
  Ticket ticket{.state = "open"};
  const Fired fired = flow.fire(ticket, end).get();
  std::vector<std::string> stored;
  for (const flow::Due due : fired.due) stored.push_back(flow.definition().nameOf(due));
  const Flow<Ticket> later = noted();  // in another process
  ticket.notes.clear();
  for (const std::string& name : stored) {
    later.runDue(ticket, later.definition().dueNamed(name).value(), fired).get();
  }
  EXPECT_THAT(ticket.notes, ElementsAre("after_always", "after_success", "after_always_uniq",
                                        "after_success_uniq"));
}

TEST(FlowCallbacks, OfNamesThatTheFlowDoesNotHaveAreNotThere) {
  const Flow<Ticket> flow = noted();
  EXPECT_EQ(flow.definition().dueNamed("cancelled/success/9"), std::nullopt);
  EXPECT_EQ(flow.definition().dueNamed("cancelled/before/1"), std::nullopt);
  EXPECT_EQ(flow.definition().dueNamed(""), std::nullopt);
}

TEST(FlowCallbacks, DeferredOrNotTheStateAndTheOutcomeAreTheSame) {
  const Flow<Ticket> flow = noted();
  for (const std::string state : {"open", "cancelled"}) {
    for (const bool mayEnter : {true, false}) {
      Ticket one{.state = state, .mayEnter = mayEnter};
      Ticket two = one;
      EXPECT_EQ(static_cast<const Transition&>(flow.fire(one, end).get()),
                static_cast<const Transition&>(flow.run(two, end).get()));
      EXPECT_EQ(one.state, two.state);
    }
  }
}

// --- Answers that come later ---

struct Waiting {
  std::string state = {};
  std::vector<std::string> notes = {};
};

/// A flow all of whose answers are given by the test.
class FlowLater : public testing::Test {
 protected:
  FlowLater() {
    flow_.state(open)
        .silent()
        .on(end)
        .when([this](const Waiting&) { return wait<bool>(); })
        .to(open)
        .on(end)
        .unless([this](const Waiting&) { return wait<bool>(); })
        .to(cancelled);
    flow_.state(cancelled)
        .silent()
        .before([this](Waiting&) { return wait<Done>(); })
        .before([this](Waiting&) { return wait<bool>(); })
        .after([this](Waiting&) { return wait<Done>(); })
        .after([](Waiting& model) { model.notes.emplace_back("after"); });
  }

  template <class T>
  Later<T> wait() {
    return Later<T>{[this](Answer<T> answer) {
      answers_.push_back([answer](bool yes) {
        if constexpr (std::same_as<T, bool>) {
          answer(yes);
        } else {
          answer(Done{});
        }
      });
    }};
  }
  void answer(bool yes) {
    const auto given = std::move(answers_.back());
    answers_.pop_back();
    given(yes);
  }

  std::vector<std::function<void(bool)>> answers_;
  Flow<Waiting> flow_{&Waiting::state, open};
  Waiting model_{.state = "open"};
};

TEST_F(FlowLater, GuardsAndCallbacksMayAnswerLater) {
  auto fired = flow_.run(model_, end);
  answer(false);  // the guard of the first line
  answer(false);  // of the second, which is an unless
  answer(true);   // a callback before
  EXPECT_EQ(model_.state, "open");
  answer(true);  // another
  EXPECT_EQ(model_.state, "cancelled");
  EXPECT_FALSE(fired.isSettled());
  answer(true);  // a callback after
  EXPECT_THAT(model_.notes, ElementsAre("after"));
  EXPECT_EQ(std::move(fired).get().outcome, Outcome::changed);
}

TEST_F(FlowLater, AHaltMayComeLater) {
  auto fired = flow_.fire(model_, end);
  answer(false);
  answer(false);
  answer(true);
  answer(false);
  EXPECT_EQ(std::move(fired).get().outcome, Outcome::halted);
  EXPECT_EQ(model_.state, "open");
}

TEST_F(FlowLater, ARefusalMayComeLater) {
  auto fired = flow_.fire(model_, end);
  answer(false);
  answer(true);
  EXPECT_EQ(std::move(fired).get().outcome, Outcome::refused);
}

TEST_F(FlowLater, AnAnswerThatIsDroppedIsAnErrorAndTheStateIsAsBefore) {
  auto fired = flow_.fire(model_, end);
  answers_.clear();
  EXPECT_THROW((void)std::move(fired).get(), Error);
  EXPECT_EQ(model_.state, "open");
}

TEST_F(FlowLater, WhatFitsIsSaidLaterToo) {
  auto fits = flow_.can(model_, end);
  answer(true);
  EXPECT_TRUE(std::move(fits).get());
}

TEST(FlowManyAnswers, ThatAreThereAtOnceTakeNoStack) {
  Flow<Waiting> flow{&Waiting::state, open};
  auto state = flow.state(open).silent();
  constexpr int kLines = 50000;
  for (int line = 0; line < kLines; ++line) {
    state.on(end)
        .when([](const Waiting&) -> Later<bool> {
          return Later<bool>{[](const Answer<bool>& answer) { answer(false); }};
        })
        .to(open);
  }
  state.on(end).to(cancelled);
  Waiting model{.state = "open"};
  EXPECT_EQ(flow.run(model, end).get().to, "cancelled");
}

}  // namespace
