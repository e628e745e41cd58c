// Requests that match nothing: what the log says of them, and how often.

#include "support/app.hpp"
#include "support/fake_timers.hpp"
#include "support/states.hpp"

#include <algorithm>
#include <chrono>
#include <gmock/gmock.h>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>

namespace {

using namespace ivr;
using namespace ivr::support;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct RefusalMessage : ::testing::Test {
  Config config() const {
    Config made = openConfig();
    made.log = log.log();
    made.timers = timers;
    made.mode = Config::Mode::development;
    return made;
  }
  /// The log of one request to an application with an entry, a menu and a health check.
  std::string logOf(Request request) { return logOf(std::move(request), config()); }
  std::string logOf(Request request, const Config& with) const {
    Ivr ivr{with};
    ivr.add<ScriptedEnd>(Does{.uri = "/incoming-call"});
    ivr.add<ScriptedMenu>(Does{.uri = "/menu", .processTransitionUri = "/menu/choice"});
    ivr.route("GET", "/healthz", Access::everyone,
              [](const Request&) { return plainText(200, "ok"); });
    (void)answerOf(ivr, std::move(request));
    return log.text();
  }
  CapturedLog log;
  std::shared_ptr<FakeTimers> timers = std::make_shared<FakeTimers>();
};

TEST_F(RefusalMessage, OfAnUnknownAddressNamesItAndTheNearest) {
  EXPECT_THAT(logOf(post("/incomming-call")),
              AllOf(HasSubstr("refused status=404 method=POST path=/incomming-call"),
                    HasSubstr("reason=\"no state, route or audio file has this address\""),
                    HasSubstr("nearest=/incoming-call")));
}

TEST_F(RefusalMessage, NamesNoAddressThatIsQuiteDifferent) {
  EXPECT_THAT(logOf(post("/favicon.ico")), AllOf(HasSubstr("refused"), Not(HasSubstr("nearest"))));
}

TEST_F(RefusalMessage, NamesNoAddressInProduction) {
  Config production = config();
  production.mode = Config::Mode::production;
  EXPECT_THAT(logOf(post("/incomming-call"), production),
              AllOf(HasSubstr("status=404"), Not(HasSubstr("nearest"))));
}

TEST_F(RefusalMessage, OfAMethodSaysWhichIsTaken) {
  EXPECT_THAT(logOf(get("/incoming-call")),
              AllOf(HasSubstr("refused status=405 method=GET path=/incoming-call"),
                    HasSubstr("this address takes only POST")));
  EXPECT_THAT(logOf(post("/healthz")), HasSubstr("this address takes only GET"));
}

TEST_F(RefusalMessage, OfABodySaysWhatIsAllowed) {
  Config small = config();
  small.maxFields = 3;
  EXPECT_THAT(logOf(post("/menu", {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}}), small),
              HasSubstr("the form has more than 3 fields (Config::maxFields)"));
}

TEST_F(RefusalMessage, OfACallSidThatCannotBeOneSaysSo) {
  EXPECT_THAT(logOf(post("/menu", {{"CallSid", std::string(65, 'C')}})),
              AllOf(HasSubstr("status=400"), HasSubstr("more than 64 bytes")));
}

TEST_F(RefusalMessage, OfABodyThatIsNoFormIsNoneButIsSaid) {
  Request request = post("/incoming-call");
  request.headers.set("Content-Type", "application/json");
  request.body = "{}";
  EXPECT_THAT(logOf(std::move(request)),
              AllOf(HasSubstr("unusual status=200"), HasSubstr("the body is not a form")));
}

TEST_F(RefusalMessage, IsLoggedTwentyTimesASecondAndCounted) {
  Ivr ivr{config()};
  const auto lines = [&] {
    const std::string text = log.text();
    return std::ranges::count(text, '\n');
  };
  ivr.mount();
  const auto before = lines();
  for (int i = 0; i < 1000; ++i) (void)answerOf(ivr, post("/nowhere"));
  EXPECT_EQ(lines() - before, 20);
  timers->advance(1s);
  EXPECT_THAT(log.text(), HasSubstr("refused more=980"));
  (void)answerOf(ivr, post("/again"));
  EXPECT_THAT(log.text(), HasSubstr("path=/again"));
}

TEST_F(RefusalMessage, OfAnUnsignedRequestIsLimitedToo) {
  Config signedOnly = config();
  signedOnly.validate = true;
  Ivr ivr{signedOnly};
  for (int i = 0; i < 30; ++i) (void)answerOf(ivr, post("/nowhere"));
  timers->advance(1s);
  EXPECT_THAT(log.text(), HasSubstr("refused more=10"));
}

struct WronglySigned : RefusalMessage {
  Config signedOnly() const {
    Config made = config();
    made.validate = true;
    return made;
  }
  static Request request() {
    Request made = post("/incoming-call");
    made.headers.add(std::string{security::kSignatureHeader},
                     security::sign(kToken, "http://ivr.example.com/incoming-call"));
    return made;
  }
  /// How many lines hold a text.
  std::size_t linesWith(std::string_view part) const {
    std::size_t count = 0;
    std::istringstream lines{log.text()};
    for (std::string line; std::getline(lines, line);) {
      if (line.find(part) != std::string::npos) ++count;
    }
    return count;
  }
};

TEST_F(WronglySigned, IsExplainedTwiceASecondAndThatIsSaidOnce) {
  Ivr ivr{signedOnly()};
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(answerOf(ivr, request()).status, 403);
  EXPECT_EQ(linesWith("status=403"), 20U);
  EXPECT_EQ(linesWith("wrong scheme"), 2U);
  EXPECT_EQ(linesWith("why is not looked for more than 2 times a second"), 1U);
  EXPECT_EQ(linesWith("no configured token made the signature"), 18U);
}

TEST_F(WronglySigned, IsExplainedAgainASecondLater) {
  Ivr ivr{signedOnly()};
  for (int i = 0; i < 5; ++i) (void)answerOf(ivr, request());
  timers->advance(1s);
  (void)answerOf(ivr, request());
  EXPECT_EQ(linesWith("wrong scheme"), 3U);
}

// Looking for a missing header takes no work.
TEST_F(WronglySigned, IsExplainedAlthoughManyAreNotSignedAtAll) {
  Ivr ivr{signedOnly()};
  for (int i = 0; i < 10; ++i) (void)answerOf(ivr, post("/incoming-call"));
  (void)answerOf(ivr, request());
  EXPECT_EQ(linesWith("is missing"), 10U);
  EXPECT_EQ(linesWith("wrong scheme"), 1U);
}

}  // namespace
