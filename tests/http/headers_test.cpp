#include "ivr/http/headers.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::http;
using Fields = std::vector<Headers::Field>;

Fields fieldsOf(const Headers& headers) { return {headers.begin(), headers.end()}; }

TEST(EqualIgnoringCase, IgnoresTheCaseOfAsciiLetters) {
  EXPECT_TRUE(equalIgnoringCase("Content-Type", "cONTENT-tYPE"));
}

TEST(EqualIgnoringCase, TellsOtherCharactersApart) {
  EXPECT_FALSE(equalIgnoringCase("@", "`"));  // as far apart as `A` and `a`
  EXPECT_FALSE(equalIgnoringCase("[", "{"));
  EXPECT_FALSE(equalIgnoringCase("\xC3\x84", "\xC3\xA4"));
}

TEST(EqualIgnoringCase, TellsAPrefixFromTheWhole) {
  EXPECT_FALSE(equalIgnoringCase("Host", "Hosts"));
  EXPECT_FALSE(equalIgnoringCase("Host", ""));
}

TEST(Headers, FindIgnoresCase) {
  const Headers headers{{"X-Twilio-Signature", "abc"}};
  EXPECT_EQ(headers.find("x-twilio-signature"), "abc");
}

TEST(Headers, FindIsTheFirstOfThatName) {
  const Headers headers{{"Via", "one"}, {"via", "two"}};
  EXPECT_EQ(headers.find("Via"), "one");
}

TEST(Headers, FindTellsAnEmptyValueFromNone) {
  const Headers headers{{"Range", ""}};
  EXPECT_EQ(headers.find("Range"), "");
  EXPECT_EQ(headers.find("Host"), std::nullopt);
}

TEST(Headers, AddKeepsFieldsOfTheSameName) {
  Headers headers{{"Via", "one"}};
  headers.add("VIA", "two");
  EXPECT_EQ(headers.count("via"), 2U);
}

TEST(Headers, CountIsZeroWithoutTheName) { EXPECT_EQ(Headers{}.count("Host"), 0U); }

TEST(Headers, SetReplacesEveryFieldOfThatName) {
  Headers headers{{"Via", "one"}, {"Host", "here"}, {"VIA", "two"}};
  headers.set("via", "three");
  EXPECT_EQ(fieldsOf(headers), (Fields{{"Host", "here"}, {"via", "three"}}));
}

TEST(Headers, SetAddsAFieldThatIsMissing) {
  Headers headers;
  headers.set("Host", "here");
  EXPECT_EQ(fieldsOf(headers), (Fields{{"Host", "here"}}));
}

TEST(Headers, SetTakesANameFromTheFieldsThemselves) {
  Headers headers{{"X-A-Name-Too-Long-To-Be-Stored-Inline", "old"}, {"Host", "here"}};
  headers.set((*headers.begin()).first, "new");
  EXPECT_EQ(headers.find("X-A-Name-Too-Long-To-Be-Stored-Inline"), "new");
}

}  // namespace
