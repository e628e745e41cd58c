#include "ivr/http/handler_transport.hpp"

#include "ivr/core/error.hpp"

#include <gmock/gmock.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using http::IncomingResponse;
using http::OutgoingRequest;
using ::testing::HasSubstr;

/// What a handler gets for a request.
Request seen(OutgoingRequest request) {
  Request kept;
  const auto transport = http::handlerTransport([&](Request got) {
    kept = std::move(got);
    return Response{};
  });
  (void)transport->send(std::move(request)).get();
  return kept;
}

TEST(HandlerTransport, TheTargetIsThePathAndTheQuery) {
  EXPECT_EQ(seen({.url = "https://a.example/voice/menu?step=2#part"}).target, "/voice/menu?step=2");
  EXPECT_EQ(seen({.url = "https://a.example"}).target, "/");
  EXPECT_EQ(seen({.url = "https://a.example?x=1"}).target, "/?x=1");
}

TEST(HandlerTransport, TheHostIsThatOfTheAddressUnlessItIsGiven) {
  EXPECT_EQ(seen({.url = "https://a.example:8443/"}).headers.find("host"), "a.example:8443");
  OutgoingRequest request{.url = "https://a.example/"};
  request.headers.add("host", "b.example");
  EXPECT_EQ(seen(std::move(request)).headers.find("Host"), "b.example");
}

TEST(HandlerTransport, MethodHeadersAndBodyAreThoseOfTheRequest) {
  OutgoingRequest request{.method = "POST", .url = "http://a.example/", .body = "a=1"};
  request.headers.add("Content-Type", "text/plain");
  const Request got = seen(std::move(request));
  EXPECT_EQ(got.method, "POST");
  EXPECT_EQ(got.body, "a=1");
  EXPECT_EQ(got.headers.find("Content-Type"), "text/plain");
}

/// RFC 7617 section 2, and each length of a last group.
TEST(HandlerTransport, CredentialsAreSentAsBasicAuthentication) {
  const auto authorization = [](const std::string& user, const std::string& password) {
    const Request got =
        seen({.url = "http://a.example/",
              .credentials = OutgoingRequest::Credentials{.user = user, .password = password}});
    return std::string{got.headers.find("Authorization").value_or("")};
  };
  EXPECT_EQ(authorization("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  EXPECT_EQ(authorization("a", "b"), "Basic YTpi");
  EXPECT_EQ(authorization("a", "bc"), "Basic YTpiYw==");
  EXPECT_EQ(authorization("a", "bcd"), "Basic YTpiY2Q=");
  EXPECT_EQ(authorization("\xff\xfe", ""), "Basic //46");
}

TEST(HandlerTransport, TheAnswerIsThatOfTheHandlerWheneverItComes) {
  std::optional<Answer<Response>> answer;
  const auto transport = http::handlerTransport([&](const Request&) {
    return Later<Response>{[&](const Answer<Response>& given) { answer = given; }};
  });
  auto later = transport->send({.url = "http://a.example/"});
  ASSERT_FALSE(later.isSettled());
  Response response = plainText(404, "nothing");
  response.headers.add("X-Extra", "1");
  (*answer)(std::move(response));
  const IncomingResponse got = std::move(later).get();
  EXPECT_EQ(got.status, 404);
  EXPECT_EQ(got.headers.find("x-extra"), "1");
  EXPECT_EQ(got.body, "nothing");
}

TEST(HandlerTransport, AnAnswerToHeadHasNoBody) {
  const auto transport =
      http::handlerTransport([](const Request&) { return plainText(200, "text"); });
  EXPECT_EQ(transport->send({.method = "HEAD", .url = "http://a.example/"}).get().body, "");
}

TEST(HandlerTransport, AHandlerThatFailsIsALostConnection) {
  const auto transport = http::handlerTransport(
      [](const Request&) -> Later<Response> { throw std::runtime_error{"no luck"}; });
  try {
    (void)transport->send({.url = "http://a.example/"}).get();
    FAIL() << "it answered";
  } catch (const http::TransportError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unavailable);
    EXPECT_TRUE(error.mayHaveArrived());
    EXPECT_THAT(error.what(), HasSubstr("no luck"));
  }
}

TEST(HandlerTransport, AnAddressThatIsNoneOfHttpIsAMistakeOfTheSender) {
  const auto transport = http::handlerTransport([](const Request&) { return Response{}; });
  for (const char* url : {"", "/path", "ftp://a.example/", "http://"}) {
    try {
      (void)transport->send({.url = url}).get();
      ADD_FAILURE() << url << " was sent";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage) << url;
    }
  }
}

}  // namespace
