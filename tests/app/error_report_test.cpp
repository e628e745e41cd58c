// One hook sees every error, whatever is answered; and no log shows what a caller sent.

#include "support/app.hpp"
#include "support/eventually.hpp"
#include "support/states.hpp"

#include <gmock/gmock.h>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

struct ReportError : ::testing::Test {
  ReportError() {
    config.log = log.log();
    config.reportError = [this](const CallError& error) {
      const std::lock_guard lock{mutex};
      reported.push_back(error.state + ": " + textOf(error.error));
    };
  }
  void add(Ivr& ivr, std::function<Later<Twiml>(Call&)> twimlFor) {
    ivr.add<ScriptedEnd>(Does{.name = "Broken", .uri = "/broken", .twimlFor = std::move(twimlFor)});
  }
  std::vector<std::string> seen() {
    const std::lock_guard lock{mutex};
    return reported;
  }

  Config config = openConfig();
  CapturedLog log;
  std::mutex mutex;
  std::vector<std::string> reported;
};

Later<Twiml> breaks(Call&) { throw std::out_of_range{"map::at"}; }

TEST_F(ReportError, SeesWhatAStateThrows) {
  Ivr ivr{config};
  add(ivr, breaks);
  (void)answerOf(ivr, post("/broken", {{"CallSid", "CA1"}}));
  EXPECT_THAT(seen(), ElementsAre("Broken: map::at"));
  EXPECT_THAT(log.text(), HasSubstr("type=std::out_of_range error=map::at"));
}

TEST_F(ReportError, SeesItIfTheAnswerIsAStatusToo) {
  config.errorAnswer = ErrorAnswer::status;
  Ivr ivr{config};
  add(ivr, breaks);
  EXPECT_EQ(answerOf(ivr, post("/broken", {{"CallSid", "CA1"}})).status, 500);
  EXPECT_THAT(seen(), ElementsAre("Broken: map::at"));
}

TEST_F(ReportError, SeesWhatHandlersAndOnErrorThrow) {
  config.onError = [](const CallError&) -> Twiml { throw std::runtime_error{"no words"}; };
  Ivr ivr{config};
  add(ivr, breaks);
  ivr.route("GET", "/health", Access::everyone,
            [](const Request&) -> Response { throw std::runtime_error{"no health"}; });
  (void)answerOf(ivr, post("/broken", {{"CallSid", "CA1"}}));
  (void)answerOf(ivr, get("/health"));
  EXPECT_THAT(seen(), testing::UnorderedElementsAre("Broken: map::at", "Broken: no words",
                                                    "route /health: no health"));
}

TEST_F(ReportError, SeesDetachedWorkThatFails) {
  Ivr ivr{config};
  add(ivr, [](Call& call) {
    call.detach(Later<Done>::failed(std::make_exception_ptr(std::runtime_error{"no weather"})));
    return says("well");
  });
  (void)answerOf(ivr, post("/broken", {{"CallSid", "CA1"}}));
  EXPECT_TRUE(eventually([&] { return seen() == std::vector<std::string>{"Broken: no weather"}; }));
}

TEST_F(ReportError, ThatFailsItselfIsLogged) {
  config.reportError = [](const CallError&) { throw std::runtime_error{"no pager"}; };
  Ivr ivr{config};
  add(ivr, breaks);
  (void)answerOf(ivr, post("/broken", {{"CallSid", "CA1"}}));
  EXPECT_THAT(log.text(), HasSubstr("reportError failed type=std::runtime_error error=\"no pager"));
}

TEST_F(ReportError, LeavesNoTraceOfTheCallerInTheLineOfAHandlerEither) {
  Ivr ivr{config};
  ivr.route("POST", "/ended", Access::everyone, [](const Request&) -> Response {
    throw std::runtime_error{"no order of MARY JONES with the pin 48151"};
  });
  (void)answerOf(ivr, post("/ended", {{"CallerName", "MARY JONES"}, {"Digits", "48151"}}));
  EXPECT_THAT(log.text(), AllOf(HasSubstr("route /ended failed"), Not(HasSubstr("MARY")),
                                Not(HasSubstr("48151"))));
}

TEST_F(ReportError, LeavesNoTraceOfTheCallerInTheLog) {
  Ivr ivr{config};
  add(ivr, [](Call& call) -> Later<Twiml> {
    const std::string said = "no order of " + std::string{call.fields().get("CallerName")} +
                             " with the pin " + std::string{call.digits()};
    call.detach(Later<Done>::failed(std::make_exception_ptr(std::runtime_error{said})));
    throw std::runtime_error{said};
  });
  (void)answerOf(
      ivr,
      post("/broken", {{"CallSid", "CA1"}, {"CallerName", "MARY JONES"}, {"Digits", "48151"}}));
  EXPECT_TRUE(eventually([&] { return log.text().find("background") != std::string::npos; }));
  EXPECT_THAT(log.text(), AllOf(Not(HasSubstr("MARY")), Not(HasSubstr("48151"))));
}

}  // namespace
