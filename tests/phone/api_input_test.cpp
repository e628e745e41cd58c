// What strangers send to the API: every answer is JSON with the provider's code, or a success.

#include "phone/api_world.hpp"

#include <gmock/gmock.h>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kCalls = "/2010-04-01/Accounts/AC00000000000000000000000000000001/Calls.json";

class ApiInput : public ApiTest {
 protected:
  ApiReply replyTo(std::string method, std::string target, std::string body = {}) {
    return reply(
        {.method = std::move(method), .target = std::move(target), .body = std::move(body)});
  }
};

TEST_F(ApiInput, WithoutTheRightCredentialsIs20003) {
  const std::vector<std::string> wrong{
      "",
      "Basic",
      "Basic ",
      "Basic ====",
      "Basic not base64!",
      "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMQ==",              // no colon
      "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTo=",              // an empty secret
      "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTp0b2tlbjp0b28=",  // token:too
      "Basic OnRva2Vu",                                                      // :token
      "Bearer QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTp0b2tlbg==",
      "Basic " + std::string(1 << 20, 'A'),
  };
  for (const std::string& header : wrong) {
    Request request{.target = kCalls};
    request.headers.add("Authorization", header);
    const ApiReply answer = reply(std::move(request));
    EXPECT_EQ(answer.code(), 20003) << header.substr(0, 100);
    EXPECT_EQ(answer.status, 401);
  }
}

TEST_F(ApiInput, TheNameOfTheSchemeMayBeInAnyCase) {
  Request request{.target = kCalls};
  request.headers.add("authorization",
                      "bAsIc QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTp0b2tlbg==");
  EXPECT_EQ(reply(std::move(request)).status, 200);
}

TEST_F(ApiInput, TheRightCredentialsOfAnotherAccountsPathAre20404) {
  EXPECT_EQ(
      replyTo("GET", "/2010-04-01/Accounts/AC99999999999999999999999999999999/Calls.json").code(),
      20404);
}

TEST_F(ApiInput, UnknownFieldsAreIgnoredAndNamed) {
  world.application->say("/voice", "");
  const ApiReply answer = ask("POST", "/Calls.json",
                              {{"To", kAgent},
                               {"From", "+15550100"},
                               {"Url", "http://app.example/voice"},
                               {"Colour\n", "green"}});
  EXPECT_EQ(answer.status, 201);
  EXPECT_THAT(world.texts(Happening::notPlayed), Contains(HasSubstr("Colour? is ignored")));
}

TEST_F(ApiInput, AThousandUnknownFieldsFillNoTimeline) {
  Form form{{"To", kAgent}, {"From", "+15550100"}, {"Body", "Hello"}};
  for (int i = 0; i < 900; ++i) form.add(std::string(1000, 'a') + std::to_string(i), "b");
  EXPECT_EQ(ask("POST", "/Messages.json", form).status, 201);
  EXPECT_THAT(world.texts(Happening::notPlayed), SizeIs(20));
  EXPECT_THAT(world.texts(Happening::notPlayed), Each(SizeIs(testing::Lt(1000U))));
}

TEST_F(ApiInput, MoreThanAThousandFieldsAre20001) {
  Form form;
  for (int i = 0; i < 2000; ++i) form.add("a", "b");
  EXPECT_EQ(ask("POST", "/Calls.json", form).code(), 20001);
}

TEST_F(ApiInput, BodiesOfAMegabyteAreRefusedByTheirRules) {
  const std::string megabyte(1 << 20, 'a');
  EXPECT_EQ(replyTo("POST", kCalls, megabyte).code(), 21201);
  EXPECT_EQ(replyTo("POST", kCalls, std::string(1 << 20, '&')).code(), 21201);
  EXPECT_EQ(replyTo("POST", kCalls, std::string(1 << 20, '%')).code(), 21201);
  EXPECT_EQ(ask("POST", "/Calls.json", {{"To", kAgent}, {"From", "+15550100"}, {"Twiml", megabyte}})
                .code(),
            32018);
  EXPECT_EQ(
      ask("POST", "/Messages.json", {{"To", "+1"}, {"From", "+1"}, {"Body", megabyte}}).code(),
      21617);
  EXPECT_EQ(ask("POST", "/Queues.json", {{"FriendlyName", megabyte}}).code(), 20001);
}

TEST_F(ApiInput, WhatIsNotUtf8Is20001) {
  EXPECT_EQ(replyTo("POST", kCalls, "To=%FF&From=%2B1&Url=http%3A%2F%2Fapp.example%2F").code(),
            20001);
  EXPECT_EQ(replyTo("GET", kCalls + "?To=%C3%28").code(), 20001);
  EXPECT_EQ(replyTo("POST", kCalls, "To=%ED%A0%80").code(), 20001);
}

TEST_F(ApiInput, HugePagesAreEmpty) {
  for (const std::string page : {"1", "1000000", "2147483647"}) {
    const ApiReply answer = replyTo("GET", kCalls + "?PageSize=1000&Page=" + page);
    EXPECT_EQ(answer.status, 200) << page;
    EXPECT_THAT(answer.json().at("calls"), IsEmpty());
    EXPECT_TRUE(answer.json().at("next_page_uri").is_null());
  }
  for (const std::string page : {"-1", "2147483648", "99999999999999999999", "1e9", "0x10", " 1"}) {
    EXPECT_EQ(replyTo("GET", kCalls + "?Page=" + page).code(), 20001) << page;
  }
}

TEST_F(ApiInput, OddPathsAre20404) {
  const std::string account = "/2010-04-01/Accounts/AC00000000000000000000000000000001";
  for (const std::string& path : std::vector<std::string>{
           "/",
           "*",
           "",
           "//",
           "/2010-04-01",
           "/2010-04-01/Accounts.json",
           "/2011-01-01/Accounts/AC00000000000000000000000000000001/Calls.json",
           account,
           account + "/Calls",
           account + "/Calls.xml",
           account + "/Calls/..%2F..json",
           account + "/Calls/%00.json",
           account + "/Recordings/",
           account + "/Recordings/.wav",
           account + "/Recordings/RE1.wav.mp3",
           account + "/Recordings/" + std::string(100'000, 'R'),
           account + "/Recordings/../Calls.json",
           "http://elsewhere.example" + account + "/Calls.json",
           "?" + account,
       }) {
    EXPECT_EQ(replyTo("GET", path).code(), 20404) << path.substr(0, 100);
  }
}

TEST_F(ApiInput, OddMethodsAre20004) {
  for (const std::string method : {"PUT", "PATCH", "get", "", "DELETE", "POST\r\nX: y"}) {
    const ApiReply answer = replyTo(method, kCalls);
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_EQ(answer.code(), 20004);
  }
}

TEST_F(ApiInput, TextsComeBackAsTheyWereSent) {
  const std::string odd = "\"quotes\" \\ </script> \x01 \u2028 \U0001F600";
  const ApiReply answer = ask("POST", "/Queues.json", {{"FriendlyName", odd}});
  ASSERT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(answer.json().at("friendly_name"), odd);
}

}  // namespace
