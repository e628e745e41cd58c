#include "security/signed_forms.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::security;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

std::vector<std::string> formsOf(const std::string& address) {
  const auto url = http::Url::parse(address);
  return signedForms(url.value(), queryForms(url->query));
}

/// A query of so many fields, each with a name of its own, that its libraries would re-encode.
std::string namesIn(int count) {
  std::string query;
  for (int i = 0; i < count; ++i) query += (i == 0 ? "'n" : "&'n") + std::to_string(i);
  return query;
}

TEST(QueryForms, AreOneForAnAddressWithoutQuery) {
  EXPECT_THAT(queryForms(std::nullopt), ElementsAre(""));
}

TEST(QueryForms, BeginWithTheQueryAsReceived) {
  EXPECT_THAT(queryForms("b=x+y&a='"), ElementsAre("?b=x+y&a='", "?b=x%20y&a='", "?b=x+y&a=%27"));
}

TEST(QueryForms, AreEachThereOnce) {
  EXPECT_THAT(queryForms("step=2"), ElementsAre("?step=2"));
  EXPECT_THAT(queryForms(""), ElementsAre("?"));
}

TEST(QueryForms, GroupRepeatedNamesWhereTheyFirstAppear) {
  EXPECT_THAT(queryForms("b=1&a=2&b=3&c&a=4"),
              ElementsAre("?b=1&a=2&b=3&c&a=4", "?b=1&b=3&a=2&a=4&c="));
}

TEST(QueryForms, KeepWhatNodeKeeps) {
  EXPECT_THAT(queryForms("a=%21%2A%28%29%7E-_.%2f%C3%a9"),
              ElementsAre("?a=%21%2A%28%29%7E-_.%2f%C3%a9", "?a=!*()~-_.%2F%C3%A9"));
}

TEST(QueryForms, AreReencodedUpToALimitOfNames) {
  EXPECT_THAT(queryForms(namesIn(10)), SizeIs(3));
  EXPECT_THAT(queryForms(namesIn(11)), SizeIs(2));  // the quotes
}

TEST(QueryForms, AreReencodedUpToALimitOfBytes) {
  EXPECT_THAT(queryForms(std::string(255, 'x') + '+'), SizeIs(2));
  EXPECT_THAT(queryForms(std::string(256, 'x') + '+'), SizeIs(1));
}

TEST(QueryForms, HaveTheirQuotesEncodedUpToALimitOfBytes) {
  EXPECT_THAT(queryForms('\'' + std::string(1023, 'x')), SizeIs(2));
  EXPECT_THAT(queryForms('\'' + std::string(1024, 'x')), SizeIs(1));
}

// Quadratic work would take hours.
TEST(QueryForms, OfAMillionNamesTakeLittleWork) {
  EXPECT_THAT(queryForms(namesIn(1'000'000)), SizeIs(1));
}

TEST(SignedForms, DifferInPortAndQuery) {
  EXPECT_THAT(formsOf("https://h/voice?a='"),
              ElementsAre("https://h/voice?a='", "https://h:443/voice?a='", "https://h/voice?a=%27",
                          "https://h:443/voice?a=%27"));
}

TEST(SignedForms, BeginWithTheQueryAsReceived) {
  EXPECT_THAT(formsOf("http://h/?a=+'"),
              ElementsAre("http://h/?a=+'", "http://h:80/?a=+'", "http://h/?a=%20'",
                          "http://h/?a=+%27", "http://h:80/?a=%20'", "http://h:80/?a=+%27"));
}

TEST(SignedForms, OfAWebSocketMayEndWithASlash) {
  EXPECT_THAT(formsOf("wss://h/media"), ElementsAre("wss://h/media", "wss://h:443/media",
                                                    "wss://h/media/", "wss://h:443/media/"));
}

TEST(SignedForms, HaveCredentialsOrNot) {
  EXPECT_THAT(formsOf("http://u:p@h:81/"),
              ElementsAre("http://h/", "http://h:81/", "http://u:p@h/", "http://u:p@h:81/"));
}

TEST(SignedForms, LeaveTheFragmentOut) {
  EXPECT_THAT(formsOf("https://h/voice#part"), AllOf(SizeIs(2), Each(Not(HasSubstr("part")))));
}

// A stranger pays once for his 8 KiB; we must not pay six times.
TEST(SignedForms, OfAnAddressWithHundredsOfNamesDifferInThePortAlone) {
  EXPECT_THAT(formsOf("https://h/voice?" + namesIn(900)), SizeIs(2));
}

}  // namespace
