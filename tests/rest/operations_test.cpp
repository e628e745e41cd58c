// The addresses of the REST API: made by the client, understood by the phone.

#include "rest/operations.hpp"

#include "ivr/core/error.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::rest;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kAccount = "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef";

FoundOperation found(std::string_view method, std::string_view path) {
  return std::get<FoundOperation>(findOperation(method, path));
}

int codeOf(std::string_view method, std::string_view path) {
  const auto result = findOperation(method, path);
  const auto* refusal = std::get_if<RestRefusal>(&result);
  return refusal == nullptr ? 0 : refusal->code;
}

TEST(RestOperation, IsFoundAtTheAddressThatTheClientAsks) {
  for (const Operation& operation : kOperations) {
    const auto count = static_cast<std::size_t>(std::ranges::count(operation.path, '{'));
    const std::vector<std::string_view> parameters =
        count == 0   ? std::vector<std::string_view>{}
        : count == 1 ? std::vector<std::string_view>{"customer 17/b.json"}
                     : std::vector<std::string_view>{"CF01", "Zoë?#%&"};
    const FoundOperation again =
        found(operation.method, kAccount + pathOf(operation.name, parameters));
    EXPECT_EQ(again.name, operation.name) << operation.path;
    EXPECT_EQ(again.accountSid, "AC0123456789abcdef0123456789abcdef");
    EXPECT_TRUE(std::ranges::equal(again.parameters, parameters)) << operation.path;
  }
}

TEST(RestOperation, StandsInTheTableAtItsName) {
  for (const Operation& operation : kOperations) {
    EXPECT_EQ(&operationOf(operation.name), &operation);
  }
}

TEST(RestOperation, SaysWithWhichStatusItSucceeds) {
  EXPECT_EQ(operationOf(OperationName::createCall).status, 201);
  EXPECT_EQ(operationOf(OperationName::updateCall).status, 200);
  EXPECT_EQ(operationOf(OperationName::deleteCall).status, 204);
}

TEST(RestOperation, HasItsParametersInTheOrderOfThePath) {
  const FoundOperation operation =
      found("POST", kAccount + "/Calls/CA1/Recordings/Twilio.CURRENT.json");
  EXPECT_EQ(operation.name, OperationName::updateRecording);
  EXPECT_THAT(operation.parameters, ElementsAre("CA1", "Twilio.CURRENT"));
}

TEST(RestOperation, OfAnotherMethodIsRefusedWith405) {
  for (const auto& [method, path] :
       std::vector<std::pair<std::string, std::string>>{{"DELETE", "/Calls.json"},
                                                        {"PUT", "/Calls/CA1.json"},
                                                        {"get", "/Calls/CA1.json"},
                                                        {"POST", "/Recordings.json"},
                                                        {"DELETE", "/Conferences/CF1.json"}}) {
    const auto refusal = std::get<RestRefusal>(findOperation(method, kAccount + path));
    EXPECT_EQ(refusal.status, 405) << method << path;
    EXPECT_EQ(refusal.code, 20004);
    EXPECT_EQ(refusal.moreInfo, "https://www.twilio.com/docs/errors/20004");
  }
}

TEST(RestOperation, AtAnUnknownAddressIsRefusedWith404) {
  for (const std::string& path : {
           std::string{},
           std::string{"/"},
           std::string{"/2010-04-01/Accounts/"},
           std::string{"/2010-04-01/Accounts/.json"},
           std::string{"/2010-04-01/Accounts//Calls.json"},
           std::string{"/2010-04-01/Accounts/../Calls.json"},
           std::string{"/2010-04-01/Accounts.json"},
           std::string{"/2008-08-01/Accounts/AC1/Calls.json"},
           kAccount,
           kAccount + ".json",
           kAccount + "/Calls",
           kAccount + "/Calls.xml",
           kAccount + "/calls.json",
           kAccount + "/.json",
           kAccount + "/Calls/.json",
           kAccount + "/Calls/...json",
           kAccount + "/Calls/%2E%2E.json",
           kAccount + "//Calls.json",
           kAccount + "/Calls/CA1/.json",
           kAccount + "/Calls/CA1//Recordings.json",
           kAccount + "/Calls/CA1/Recordings/RE1/more.json",
           kAccount + "/Telegrams.json",
           kAccount + std::string(100'000, '/') + ".json",
       }) {
    EXPECT_EQ(codeOf("GET", path), 20404) << path.substr(0, 100);
  }
}

TEST(RestOperation, ThatIsNotFoundNamesItsAddressOnOneLine) {
  const auto refusal = std::get<RestRefusal>(findOperation("GET", kAccount + "/Tele\ngrams.json"));
  EXPECT_EQ(refusal.status, 404);
  EXPECT_EQ(refusal.message,
            "The requested resource " + kAccount + "/Tele?grams.json was not found");
  const auto longOne = std::get<RestRefusal>(
      findOperation("GET", kAccount + '/' + std::string(100'000, 'a') + ".json"));
  EXPECT_LT(longOne.message.size(), 1000u);
}

TEST(RestPath, IsNotMadeOfDotsOrNothing) {
  for (const std::string_view part : {"", ".", ".."}) {
    EXPECT_THROW(
        static_cast<void>(pathOf(OperationName::fetchCall, std::vector<std::string_view>{part})),
        Error)
        << part;
  }
  EXPECT_THROW(static_cast<void>(pathOf(OperationName::fetchCall, {})), Error);
}

}  // namespace
