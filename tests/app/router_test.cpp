#include "app/router.hpp"

#include "support/app.hpp"
#include "support/states.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// --- What has which address ---

struct RoutesTest : testing::Test {
  void claim(const std::string& path, std::string owner = "a state") {
    routes.claim(path, std::move(owner), ContinuationRoute{}, problems);
  }

  Routes routes;
  std::vector<std::string> problems;
};

TEST_F(RoutesTest, ClaimedInPlainTextAreFoundByThePathsOfRequests) {
  claim("/lunch menu");
  claim("/caf\xC3\xA9");
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_NE(routes.find("/lunch%20menu"), nullptr);
  EXPECT_NE(routes.find("/caf%C3%A9"), nullptr);
  EXPECT_EQ(routes.find("/lunch menu"), nullptr);
}

TEST_F(RoutesTest, ClaimedTwiceAreAProblemThatNamesBothAndLeaveTheFirst) {
  routes.claim("/hours", "the uri of Hours", AudioRoute{}, problems);
  claim("/hours", "the route GET /hours");
  EXPECT_THAT(problems,
              ElementsAre(AllOf(HasSubstr("the route GET /hours"), HasSubstr("the uri of Hours"))));
  EXPECT_TRUE(std::holds_alternative<AudioRoute>(*routes.find("/hours")));
}

TEST_F(RoutesTest, ThatNoRequestCanReachAreProblems) {
  for (const std::string path : {"", "hours", "/hours?today", "/hours#today"}) {
    problems.clear();
    claim(path, "the uri of Hours");
    EXPECT_THAT(problems, ElementsAre(AllOf(HasSubstr("the uri of Hours"), HasSubstr(path))))
        << path;
  }
}

TEST_F(RoutesTest, ThatAreWrongDoNotBreakTheLineOfTheMessage) {
  claim("hours\nminutes");
  EXPECT_THAT(problems, ElementsAre(Not(HasSubstr("\n"))));
}

// --- Which code answers a request ---

struct RouterTest : testing::Test {
  /// Claims `path` for a handler that answers with `name`.
  void route(const std::string& method, Access access, std::string name,
             const std::string& path = "/note") {
    ivr.route(method, path, access,
              [name = std::move(name)](const Request&) { return plainText(200, name); });
  }
  Response answer(const std::string& method, const std::string& target = "/note") {
    return answerOf(ivr, Request{.method = method, .target = target});
  }

  Ivr ivr{signedConfig()};
};

TEST_F(RouterTest, HasHeadAnsweredByTheHandlerOfGet) {
  route("GET", Access::everyone, "get");
  EXPECT_EQ(answer("HEAD").body.text(), "get");
}

TEST_F(RouterTest, HasHeadAnsweredByItsOwnHandlerIfThereIsOne) {
  route("GET", Access::everyone, "get");
  route("HEAD", Access::everyone, "head");
  EXPECT_EQ(answer("HEAD").body.text(), "head");
}

TEST_F(RouterTest, NamesAllMethodsOfAnAddress) {
  route("PUT", Access::everyone, "put");
  route("GET", Access::everyone, "get");
  const Response response = answer("DELETE");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(header(response, "Allow"), "GET, PUT");
}

TEST_F(RouterTest, LetsEveryoneUseOnlyTheMethodsThatAreForEveryone) {
  route("GET", Access::everyone, "get");
  route("PUT", Access::signedOnly, "put");
  EXPECT_EQ(answer("GET").status, 200);
  EXPECT_EQ(answer("PUT").status, 403);
}

TEST_F(RouterTest, GivesNoAnswerOfARouteToACallerWhoHeld) {
  route("POST", Access::signedOnly, "a secret");
  const Response response = answerOf(
      ivr, signedPost("/.ivr/answer?step=r.1&to=%2Fnote&round=1&since=1", {{"CallSid", "CA1"}}));
  EXPECT_THAT(response.body.text(),
              AllOf(HasSubstr("an error has occurred"), Not(HasSubstr("a secret"))));
}

}  // namespace
