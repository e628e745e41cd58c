// Development mode: on this machine alone nothing need be signed, and that is said.

#include "support/app.hpp"
#include "support/states.hpp"

#include <gmock/gmock.h>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::support;
using ::testing::HasSubstr;
using ::testing::Not;

struct Development : ::testing::Test {
  Config config(std::string publicUrl) const {
    Config made = signedConfig();
    made.mode = Config::Mode::development;
    made.publicUrl = std::move(publicUrl);
    made.log = log.log();
    return made;
  }
  int statusOf(const Config& with) const {
    Ivr ivr{with};
    ivr.add<ScriptedEnd>(Does{.uri = "/hours"});
    return answerOf(ivr, post("/hours", {{"CallSid", "CA1"}})).status;
  }
  CapturedLog log;
};

TEST_F(Development, BelievesUnsignedRequestsIfThePublicUrlIsOnThisMachine) {
  for (const char* url : {"", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:80/ivr"}) {
    EXPECT_EQ(statusOf(config(url)), 200) << url;
  }
  EXPECT_THAT(log.text(), HasSubstr("UNSIGNED REQUESTS ARE BELIEVED because=\"development mode"));
}

TEST_F(Development, NeedsNoToken) {
  Config without = config("");
  without.authTokens = {};
  EXPECT_EQ(statusOf(without), 200);
}

TEST_F(Development, BelievesNoUnsignedRequestUnderAPublicAddress) {
  for (const char* url : {"https://ivr.example.com", "http://127.0.0.1.example.com"}) {
    EXPECT_EQ(statusOf(config(url)), 403) << url;
  }
  EXPECT_THAT(log.text(), Not(HasSubstr("UNSIGNED")));
}

TEST_F(Development, IsTheOnlyModeThatDoes) {
  Config production = config("http://127.0.0.1:8080");
  production.mode = Config::Mode::production;
  EXPECT_EQ(statusOf(production), 403);
}

TEST_F(Development, ValidationThatIsTurnedOffElsewhereIsAWarning) {
  Config off = config("https://ivr.example.com");
  off.mode = Config::Mode::production;
  off.validate = false;
  EXPECT_EQ(statusOf(off), 200);
  EXPECT_THAT(log.text(), HasSubstr("Config::validate is false: anyone can play the provider"));
}

struct NeverAdded;

TEST_F(Development, NamesStatesThatTheProgramGoesToAndThatWereNotAdded) {
  Ivr ivr{config("")};
  ivr.add<ScriptedFork>(Does{.transitionOut = [](Call&) { return to<NeverAdded>(); }});
  ivr.mount();
  EXPECT_THAT(log.text(), HasSubstr("states that were not added names="));
}

}  // namespace
