#include "ivr/call/call.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <type_traits>

// Numbers in comments: the behaviours of the reference framework that each case covers.

namespace {

using namespace ivr;

UrlFor links() {
  auto base = std::make_shared<UrlBase>();
  base->scheme = "https";
  base->host = "ivr.example.com";
  return UrlFor{std::move(base)};
}

const Form kFields{{"CallSid", "CA1"},     {"AccountSid", "AC1"}, {"From", "+14155550100"},
                   {"To", "client:alice"}, {"Digits", "12"},      {"SpeechResult", "the hours"},
                   {"Extra", "one"},       {"Extra", "two"}};

TEST(Call, KnowsItsIdsAndParties) {
  const Call call{kFields, links()};
  EXPECT_EQ(call.sid(), "CA1");
  EXPECT_EQ(call.accountSid(), "AC1");
  EXPECT_EQ(call.from(), "+14155550100");
  EXPECT_EQ(call.to(), "client:alice");
}

// 25, 36
TEST(Call, GivesTheFirstConsumerEveryField) {
  const Call call{kFields, links()};
  EXPECT_EQ(call.input(), kFields);
}

TEST(Call, GivesTheFirstConsumerDigitsAndSpeech) {
  const Call call{kFields, links()};
  EXPECT_EQ(call.digits(), "12");
  EXPECT_EQ(call.speech(), "the hours");
}

// 30, 37
TEST(Call, HasNoInputOnceItIsConsumed) {
  Call call{kFields, links()};
  call.consumeInput();
  EXPECT_TRUE(call.input().empty());
  EXPECT_EQ(call.digits(), "");
  EXPECT_EQ(call.speech(), "");
}

TEST(Call, KnowsItsPartiesAfterTheInputIsConsumed) {
  Call call{kFields, links()};
  call.consumeInput();
  EXPECT_EQ(call.sid(), "CA1");
  EXPECT_EQ(call.from(), "+14155550100");
}

// 22
TEST(Call, WithoutFieldsHasEmptyOnes) {
  const Call call{{}, links()};
  EXPECT_TRUE(call.input().empty());
  EXPECT_EQ(call.sid(), "");
  EXPECT_EQ(call.from(), "");
  EXPECT_EQ(call.digits(), "");
}

TEST(Call, TakesTheFirstOfARepeatedField) {
  const Call call{{{"Digits", "1"}, {"Digits", "2"}}, links()};
  EXPECT_EQ(call.digits(), "1");
}

TEST(Call, FieldNamesHaveTheirCase) {
  const Call call{{{"digits", "1"}}, links()};
  EXPECT_EQ(call.digits(), "");
}

TEST(Call, MakesLinks) {
  const Call call{{}, links()};
  EXPECT_EQ(call.urlFor("/hours"), "/hours");
  EXPECT_EQ(call.urlFor("/hours", {.absolute = true}), "https://ivr.example.com/hours");
  EXPECT_EQ(call.urlFor()("/hours"), "/hours");
}

TEST(Call, IsNeverCopied) {
  EXPECT_FALSE(std::is_copy_constructible_v<Call>);
  EXPECT_FALSE(std::is_move_constructible_v<Call>);
}

}  // namespace
