#include "session/session_table.hpp"

#include <gmock/gmock.h>
#include <optional>
#include <string>

namespace {

using namespace ivr::session;

constexpr Moment kNow{.lease = 100, .lifetime = 1000};
constexpr Moment kLater{.lease = 200, .lifetime = 2000};

KeptAnswer answerOf(std::string step, std::int64_t end = 1500) {
  return {.step = step, .answer = "answer of " + step, .end = end, .row = 0, .saved = 0};
}

TEST(KeptSession, FindsWhatHasNotRunOut) {
  KeptSession session;
  session.setData("data", 1500, 1, kNow);
  session.setAnswer(answerOf("step"), kNow);
  EXPECT_EQ(openedOf(session, "step", kNow).data, "data");
  EXPECT_EQ(openedOf(session, "step", kNow).answer, "answer of step");
  EXPECT_EQ(openedOf(session, "other", kNow).answer, std::nullopt);
  EXPECT_EQ(openedOf(session, "step", kLater).data, "");
  EXPECT_EQ(openedOf(session, "step", kLater).answer, std::nullopt);
}

TEST(KeptSession, ForgetsTheAnswerThatWasSavedFirstWhenThereAreTooMany) {
  KeptSession session;
  for (std::size_t i = 0; i <= kMaxAnswers; ++i) {
    session.setAnswer(answerOf(std::to_string(i)), kNow);
  }
  EXPECT_EQ(session.answerOf("0"), nullptr);
  EXPECT_NE(session.answerOf("1"), nullptr);
  session.setAnswer(answerOf("1"), kNow);  // again: takes no place of another
  EXPECT_NE(session.answerOf("2"), nullptr);
}

TEST(KeptSession, ForgetsAnAnswerThatIsReplacedByOneThatIsOver) {
  KeptSession session;
  session.setAnswer(answerOf("step"), kNow);
  session.setAnswer(answerOf("step", kNow.lifetime), kNow);
  EXPECT_EQ(session.answerOf("step"), nullptr);
}

TEST(SessionTable, ForgetsASessionThatHasNothingAndIsNotHeld) {
  int forgotten = 0;
  SessionTable table{[&](KeptSession&) { ++forgotten; }};
  table.with("CA1", kNow, [](KeptSession& kept) { kept.leaseEnd = 150; });
  EXPECT_EQ(forgotten, 0);
  table.with("CA1", kNow, [](KeptSession& kept) { kept.leaseEnd = KeptSession::kPast; });
  EXPECT_EQ(forgotten, 1);
  table.withKnown("CA1", kNow, [](const KeptSession* kept) { EXPECT_EQ(kept, nullptr); });
  EXPECT_EQ(table.bytes(), 0U);
}

TEST(SessionTable, ForgetsWhatHasRunOutThoughNobodyAsksForIt) {
  SessionTable table;
  for (int i = 0; i < 1000; ++i) {
    table.with("CA" + std::to_string(i), kNow,
               [&](KeptSession& kept) { kept.setData("data", 1500, 0, kNow); });
  }
  const std::size_t before = table.bytes();
  for (int i = 0; i < 10'000; ++i) {
    table.with("other " + std::to_string(i), kLater, [](KeptSession&) {});
  }
  EXPECT_LT(table.bytes(), before / 10);
}

TEST(SessionTable, ForgetsContentsButNotWhoHoldsThem) {
  SessionTable table;
  table.with("CA1", kNow, [](KeptSession& kept) {
    kept.leaseEnd = 150;
    kept.setData("data", 1500, 0, kNow);
  });
  table.forgetContents();
  table.with("CA1", kNow, [](KeptSession& kept) {
    EXPECT_TRUE(kept.isHeld(kNow));
    EXPECT_EQ(kept.data, "");
  });
}

}  // namespace
