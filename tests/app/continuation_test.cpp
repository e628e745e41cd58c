#include "app/continuation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>

namespace {

using namespace ivr;
using namespace std::chrono_literals;
using testing::StartsWith;

UrlFor below(std::string prefix) {
  UrlBase base;
  base.prefix = std::move(prefix);
  return UrlFor{std::make_shared<const UrlBase>(std::move(base))};
}

const Continuation kAsked{.path = "/menu",
                          .step = "r.0f.7",
                          .round = 3,
                          .since = std::chrono::system_clock::time_point{1709164800123ms}};

std::optional<Continuation> readBack(std::string target) {
  return continuationOf(Request{.method = "POST", .target = std::move(target)});
}

TEST(Continuation, IsReadBackFromItsLink) {
  const auto read = readBack(linkTo(kAsked, below("")));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->path, kAsked.path);
  EXPECT_EQ(read->step, kAsked.step);
  EXPECT_EQ(read->round, kAsked.round);
  EXPECT_EQ(read->since, kAsked.since);
}

TEST(Continuation, KeepsThePathAsItAppearsInRequests) {
  for (const std::string path : {"/", "/caf%C3%A9", "/a+b&c=d", "/100%25", "/x?no", "//y"}) {
    Continuation asked = kAsked;
    asked.path = path;
    const auto read = readBack(linkTo(asked, below("")));
    ASSERT_TRUE(read) << path;
    EXPECT_EQ(read->path, path);
  }
}

TEST(Continuation, IsLinkedBelowThePathOfThePublicUrl) {
  EXPECT_THAT(linkTo(kAsked, below("/ivr")), StartsWith("/ivr/.ivr/answer?"));
}

struct BadLink {
  std::string name;
  std::string query;
};

class ContinuationFrom : public testing::TestWithParam<BadLink> {};

TEST_P(ContinuationFrom, ALinkThatIsNotOursIsNone) {
  EXPECT_FALSE(readBack("/.ivr/answer?" + GetParam().query));
}

INSTANTIATE_TEST_SUITE_P(
    Queries, ContinuationFrom,
    testing::Values(
        BadLink{"Nothing", ""}, BadLink{"NoStep", "to=/menu&round=1&since=1"},
        BadLink{"StepWithABlank", "step=r+1&to=/menu&round=1&since=1"},
        BadLink{"LongStep", "step=" + std::string(121, 'r') + "&to=/menu&round=1&since=1"},
        BadLink{"NoPath", "step=r.1&round=1&since=1"},
        BadLink{"PathFromElsewhere", "step=r.1&to=https://h/&round=1&since=1"},
        BadLink{"NoRound", "step=r.1&to=/menu&since=1"},
        BadLink{"RoundZero", "step=r.1&to=/menu&round=0&since=1"},
        BadLink{"RoundBelowZero", "step=r.1&to=/menu&round=-1&since=1"},
        BadLink{"TooManyRounds", "step=r.1&to=/menu&round=10001&since=1"},
        BadLink{"RoundWithMore", "step=r.1&to=/menu&round=1x&since=1"},
        BadLink{"NoTime", "step=r.1&to=/menu&round=1"},
        BadLink{"TimeBeforeAll", "step=r.1&to=/menu&round=1&since=-1"},
        BadLink{"TimeAfterAll", "step=r.1&to=/menu&round=1&since=8796093022209"},
        BadLink{"TimeThatNoClockHolds", "step=r.1&to=/menu&round=1&since=1125899906842624"},
        BadLink{"TimeThatNoNumberHolds", "step=r.1&to=/menu&round=1&since=99999999999999999999"},
        BadLink{"ManyFields", "a=&b=&c=&d=&e=&f=&g=&step=r.1&to=/menu&round=1&since=1"}),
    [](const auto& link) { return link.param.name; });

TEST(Continuation, MayBeAtTheLimits) {
  EXPECT_TRUE(readBack("/.ivr/answer?step=" + std::string(120, 'r') +
                       "&to=/&round=10000&since=8796093022208"));
  EXPECT_TRUE(readBack("/.ivr/answer?step=r&to=/&round=1&since=0"));
}

TEST(Continuation, HasATimeThatTheClockCountsFrom) {
  const auto now = std::chrono::system_clock::now();
  for (const std::string since : {"0", "8796093022208"}) {
    const auto read = readBack("/.ivr/answer?step=r&to=/&round=1&since=" + since);
    ASSERT_TRUE(read) << since;
    EXPECT_EQ(now - (now - read->since) - read->since, 0ns) << since;  // overflows beyond
    EXPECT_THAT(linkTo(*read, below("")), testing::HasSubstr("since=" + since));
  }
}

TEST(Continuation, NamesStepsInLettersThatNeedNoEncoding) {
  EXPECT_TRUE(isStepName("t.0aZ-_."));
  for (const std::string name : {"", "a b", "a+b", "a/b", "a%b", "caf\xC3\xA9", "a\n"}) {
    EXPECT_FALSE(isStepName(name)) << name;
  }
}

}  // namespace
