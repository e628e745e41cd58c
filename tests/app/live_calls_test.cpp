// Changes to live calls.

#include "support/fake_transport.hpp"
#include "support/held_calls.hpp"

#include <gmock/gmock.h>
#include <memory>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::support;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Result = CallUpdate::Result;

struct Report final : EndState {
  std::string uri() const override { return "/report"; }
  Later<Twiml> twimlFor(Call&) override { return says("report"); }
};
struct Hidden final : EndState {
  Later<Twiml> twimlFor(Call&) override { return says("hidden"); }
};
struct Stranger final : EndState {
  Later<Twiml> twimlFor(Call&) override { return says("stranger"); }
};

/// The outcome of a change, once it is known.
struct Known {
  explicit Known(Later<CallUpdate> later) {
    std::move(later).receive(
        [state = outcome](Settled<CallUpdate> value) { *state = std::move(value); });
  }
  [[nodiscard]] bool isThere() const { return outcome->has_value(); }
  [[nodiscard]] const CallUpdate& change() const { return std::get<0>(outcome->value()); }
  [[nodiscard]] std::string error() const {
    const auto* failure = std::get_if<1>(&outcome->value());
    return failure == nullptr ? "" : textOf(*failure);
  }
  std::shared_ptr<std::optional<Settled<CallUpdate>>> outcome =
      std::make_shared<std::optional<Settled<CallUpdate>>>();
};

struct LiveCall : ::testing::Test {
  LiveCall() : ivr(config()) {
    ivr.add<Report>();
    ivr.add<Hidden>();
  }
  Config config() const {
    Config made = openConfig();
    made.rest = rest::ClientOptions{.accountSid = "AC1", .secret = "a secret", .maxRetries = 0};
    made.transport = transport;
    made.timers = time.timers();
    made.log = log.log();
    return made;
  }
  void refuse(int status, int code) const {
    transport->answer(status, R"({"code":)" + std::to_string(code) +
                                  R"(,"message":"no","more_info":"","status":)" +
                                  std::to_string(status) + "}");
  }
  void callIs(const std::string& status) const {
    transport->answer(200, R"({"sid":"CA1","status":")" + status + "\"}");
  }
  Form sentForm(std::size_t index = 0) const {
    return Form::parse(transport->sent().at(index).body, 100).value();
  }

  TestTime time;
  CapturedLog log;
  std::shared_ptr<FakeTransport> transport = std::make_shared<FakeTransport>();
  Ivr ivr;
};

TEST_F(LiveCall, IsRedirectedToTheAbsoluteAddressOfAState) {
  callIs("in-progress");
  const Known known{ivr.calls().redirect("CA1", to<Report>())};
  EXPECT_EQ(known.change().result, Result::done);
  EXPECT_TRUE(known.change());
  EXPECT_EQ(transport->sent().at(0).method, "POST");
  EXPECT_THAT(transport->sent().at(0).url, HasSubstr("/Accounts/AC1/Calls/CA1.json"));
  EXPECT_EQ(sentForm(), (Form{{"Url", "https://ivr.example.com/report"}, {"Method", "POST"}}));
}

TEST_F(LiveCall, HearsADocument) {
  callIs("in-progress");
  const Known known{ivr.calls().play("CA1", Twiml{Say{"Please hurry."}})};
  EXPECT_TRUE(known.change());
  EXPECT_EQ(sentForm().get("Twiml"), Twiml{Say{"Please hurry."}}.xml());
}

TEST_F(LiveCall, IsHungUp) {
  callIs("completed");
  const Known known{ivr.calls().hangUp("CA1")};
  EXPECT_TRUE(known.change());
  EXPECT_EQ(sentForm(), (Form{{"Status", "completed"}}));
}

TEST_F(LiveCall, IsNotRedirectedToAStateWithoutAnAddress) {
  const Known known{ivr.calls().redirect("CA1", to<Hidden>())};
  EXPECT_THAT(known.error(), AllOf(HasSubstr("Hidden"), HasSubstr("has no uri")));
  EXPECT_TRUE(transport->sent().empty());
}

TEST_F(LiveCall, IsNotRedirectedToAStateThatWasNotAdded) {
  const Known known{ivr.calls().redirect("CA1", to<Stranger>())};
  EXPECT_THAT(known.error(), AllOf(HasSubstr("Stranger"), HasSubstr("was not added")));
  EXPECT_TRUE(transport->sent().empty());
}

TEST_F(LiveCall, OfAnUnknownSidIsSaidToBeUnknown) {
  refuse(404, 20404);
  const Known known{ivr.calls().hangUp("CA9")};
  EXPECT_EQ(known.change().result, Result::unknownCall);
  EXPECT_FALSE(known.change());
}

TEST_F(LiveCall, ThatHasEndedIsSaidToHaveEnded) {
  for (const char* status : {"completed", "busy", "failed", "no-answer", "canceled"}) {
    refuse(400, 21220);
    callIs(status);
    const Known known{ivr.calls().redirect("CA1", to<Report>())};
    EXPECT_EQ(known.change().result, Result::alreadyEnded) << status;
    EXPECT_EQ(known.change().code, 21220);
  }
}

TEST_F(LiveCall, ThatStillRingsIsMovedAsSoonAsItIsInProgress) {
  refuse(400, 21220);
  callIs("ringing");
  const Known known{ivr.calls().redirect("CA1", to<Report>())};
  EXPECT_FALSE(known.isThere());
  refuse(400, 21220);
  callIs("ringing");
  time.advance(250ms);
  EXPECT_FALSE(known.isThere());
  callIs("in-progress");
  time.advance(500ms);
  EXPECT_EQ(known.change().result, Result::done);
}

TEST_F(LiveCall, ThatIsNeverInProgressIsRefusedAfterTenSeconds) {
  for (int i = 0; i < 20; ++i) {
    refuse(400, 21220);
    callIs("ringing");
  }
  const Known known{ivr.calls().redirect("CA1", to<Report>())};
  time.advance(9s);
  EXPECT_FALSE(known.isThere());
  time.advance(3s);
  EXPECT_EQ(known.change().result, Result::refused);
  EXPECT_EQ(known.change().code, 21220);
}

TEST_F(LiveCall, WhatTheProviderRefusesIsSaidWithItsCode) {
  refuse(400, 21205);
  const Known known{ivr.calls().redirect("CA1", to<Report>())};
  EXPECT_EQ(known.change().result, Result::refused);
  EXPECT_EQ(known.change().code, 21205);
  EXPECT_EQ(known.change().message, "no");
}

TEST_F(LiveCall, WhatTheProviderCannotDoIsAnError) {
  refuse(500, 20500);
  EXPECT_THAT(Known{ivr.calls().hangUp("CA1")}.error(), HasSubstr("20500"));
  refuse(401, 20003);
  EXPECT_THAT(Known{ivr.calls().hangUp("CA1")}.error(), HasSubstr("20003"));
  transport->fail(http::TransportError{ErrorKind::unavailable, "away", true});
  EXPECT_THAT(Known{ivr.calls().hangUp("CA1")}.error(), HasSubstr("away"));
  transport->answer(200, "garbage");
  EXPECT_NE(Known{ivr.calls().hangUp("CA1")}.error(), "");
}

TEST_F(LiveCall, ASidThatCannotBeOneIsAnErrorAndNothingIsSent) {
  for (const char* sid : {"", ".", ".."}) {
    EXPECT_NE(Known{ivr.calls().hangUp(sid)}.error(), "") << sid;
  }
  EXPECT_TRUE(transport->sent().empty());
}

TEST_F(LiveCall, ChangesAreLoggedWithoutTheSecret) {
  callIs("in-progress");
  (void)Known{ivr.calls().redirect("CA1", to<Report>())};
  EXPECT_THAT(log.text(), Not(HasSubstr("a secret")));
}

TEST(LiveCallWithoutAnAccount, IsAnErrorThatSaysWhatIsMissing) {
  Config config = openConfig();
  config.rest.reset();
  Ivr ivr{config};
  EXPECT_THAT(Known{ivr.calls().hangUp("CA1")}.error(), HasSubstr("TWILIO_ACCOUNT_SID"));
}

// --- From a step ---

TEST_F(LiveCall, AStepCanMoveItsOwnCall) {
  Known known{Later<CallUpdate>{CallUpdate{}}};
  ivr.add<ScriptedWait>(Does{.name = "Wait", .uri = "/wait", .backgroundTrigger = [&](Call& call) {
                               known = Known{call.redirect(to<Report>())};
                             }});
  callIs("in-progress");
  EXPECT_EQ(answerOf(ivr, post("/wait", {{"CallSid", "CA7"}})).status, 200);
  EXPECT_TRUE(known.change());
  EXPECT_THAT(transport->sent().at(0).url, HasSubstr("/Calls/CA7.json"));
}

}  // namespace
