// The REST client of an application: where it comes from, what it needs, and where continuations
// run.

#include "support/app.hpp"
#include "support/fake_transport.hpp"
#include "support/states.hpp"

#include <future>
#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <thread>

namespace {

using namespace ivr;
using namespace ivr::support;
using ::testing::AllOf;
using ::testing::HasSubstr;

struct RestOfTheApplication : ::testing::Test {
  Config config() const {
    Config made = openConfig();
    made.transport = transport;
    return made;
  }
  std::shared_ptr<FakeTransport> transport = std::make_shared<FakeTransport>();
};

TEST_F(RestOfTheApplication, IsOneClientAndThatOfTheLiveCalls) {
  Ivr ivr{config()};
  EXPECT_EQ(&ivr.rest(), &ivr.rest());
  transport->answer(200, R"({"sid":"CA1","status":"completed"})");
  EXPECT_EQ(ivr.rest().fetchCall("CA1").get().sid, "CA1");
  transport->answer(200, R"({"sid":"CA2","status":"completed"})");
  (void)ivr.calls().hangUp("CA2").get();
  ASSERT_EQ(transport->sent().size(), 2U);
  EXPECT_THAT(transport->sent()[0].url, HasSubstr("/Accounts/AC1/Calls/CA1.json"));
  EXPECT_THAT(transport->sent()[1].url, HasSubstr("/Accounts/AC1/Calls/CA2.json"));
}

TEST_F(RestOfTheApplication, IsCountedWhileARequestIsUnderWay) {
  Ivr ivr{config()};
  transport->hold();
  Later<rest::CallResource> call = ivr.rest().fetchCall("CA1");
  EXPECT_EQ(ivr.activity().requests, 1U);
  transport->held()(http::IncomingResponse{.status = 200, .body = R"({"sid":"CA1"})"});
  (void)std::move(call).get();
  EXPECT_EQ(ivr.activity().requests, 0U);
}

TEST_F(RestOfTheApplication, IsFollowedWhereStatesRun) {
  Config threads = config();
  threads.executor.reset();
  Ivr ivr{threads};
  transport->hold();
  std::promise<std::thread::id> followed;
  ivr.rest().fetchCall("CA1").receive(
      [&](const Settled<rest::CallResource>&) { followed.set_value(std::this_thread::get_id()); });
  transport->held()(http::IncomingResponse{.status = 200, .body = R"({"sid":"CA1"})"});
  EXPECT_NE(followed.get_future().get(), std::this_thread::get_id());
}

TEST_F(RestOfTheApplication, NeedsAnAccount) {
  Config without = config();
  without.rest.reset();
  Ivr ivr{without};
  try {
    (void)ivr.rest();
    FAIL() << "there is a client";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("Config::rest"), HasSubstr("TWILIO_ACCOUNT_SID")));
  }
}

// --- What is checked at the start

struct Saved final : EndState {
  Later<Twiml> twimlFor(Call&) override { return says("saved"); }
  Next backgroundFailed() const override { return to<Refuge>(); }
};

TEST_F(RestOfTheApplication, MustBeThereForAnAsynchronousState) {
  Config without = config();
  without.rest.reset();
  Ivr ivr{without};
  ivr.add<ScriptedWait>(Does{.name = "Brewing"});
  EXPECT_THAT(refusalOf(ivr), AllOf(HasSubstr("Brewing moves live calls"),
                                    HasSubstr("there is no account: set Config::rest")));
}

TEST_F(RestOfTheApplication, MustBeThereForAStateThatCallersAreMovedOutOf) {
  Config without = config();
  without.rest.reset();
  Ivr ivr{without};
  ivr.add<Refuge>();
  ivr.add<Saved>();
  EXPECT_THAT(refusalOf(ivr), AllOf(HasSubstr("Saved moves live calls"), HasSubstr("no account")));
}

TEST_F(RestOfTheApplication, IsNotNeededByOtherStates) {
  Config without = config();
  without.rest.reset();
  Ivr ivr{without};
  ivr.add<Refuge>();
  ivr.add<ScriptedMenu>(Does{.name = "Menu", .uri = "/menu", .processTransitionUri = "/choice"});
  EXPECT_EQ(refusalOf(ivr), "");
}

TEST_F(RestOfTheApplication, IsCheckedEvenIfNoStateNeedsIt) {
  Config wrong = config();
  wrong.rest = rest::ClientOptions{.accountSid = "AC1", .secret = "", .maxRetries = 0};
  Ivr ivr{wrong};
  EXPECT_THAT(refusalOf(ivr), HasSubstr("secret"));
}

}  // namespace
