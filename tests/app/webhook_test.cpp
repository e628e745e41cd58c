#include "app/webhook.hpp"

#include "support/app.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <utility>

namespace {

using namespace ivr;
using support::post;
using testing::HasSubstr;

Config limited() {
  Config config = support::openConfig();
  config.maxBodyBytes = 20;
  config.maxFields = 2;
  return config;
}

/// What is read from a request; nothing if it is refused.
std::optional<Webhook> readFrom(Request request) {
  Webhook webhook{.request = std::move(request)};
  return read(webhook, limited()) ? std::nullopt : std::optional{std::move(webhook)};
}

Refusal refusalOf(Request request) {
  Webhook webhook{.request = std::move(request)};
  return read(webhook, limited()).value_or(Refusal{0, "not refused"});
}

/// The target that is seen of the one that was sent.
std::string seen(std::string target) {
  const auto webhook = readFrom(post(std::move(target)));
  return webhook ? webhook->request.target : "refused";
}

TEST(Webhook, HasATargetFromTheRootAlthoughAProxySentAWholeAddress) {
  EXPECT_EQ(seen("/voice?step=2"), "/voice?step=2");
  EXPECT_EQ(seen("http://ivr.example.com/voice?step=2"), "/voice?step=2");
  EXPECT_EQ(seen("https://ivr.example.com:8443"), "/");
  EXPECT_EQ(seen("http://ivr.example.com?step=2"), "/?step=2");
}

TEST(Webhook, IsRefusedIfItsTargetIsNoAddress) {
  for (const char* target : {"", "*", "voice", "?step=2"}) {
    EXPECT_EQ(refusalOf(post(target)).status, 400) << target;
  }
}

TEST(Webhook, HasTheFieldsAsTheyWereSent) {
  const Form sent{{"Speech", "caf\xE9"}, {"", ""}};
  const auto webhook = readFrom(post("/voice", sent));
  ASSERT_TRUE(webhook);
  EXPECT_EQ(webhook->form, sent);
}

TEST(Webhook, HasNoFieldsUnlessAFormIsPosted) {
  Request json = post("/voice", {{"a", "b"}});
  json.headers = {};
  json.headers.add("Content-Type", "application/json");
  EXPECT_FALSE(readFrom(json)->form);
  Request put = post("/voice", {{"a", "b"}});
  put.method = "PUT";
  EXPECT_FALSE(readFrom(put)->form);
  EXPECT_EQ(readFrom(put)->request.body, "a=b");
}

TEST(Webhook, HasAnEmptyFormIfOneIsPosted) { EXPECT_EQ(readFrom(post("/voice"))->form, Form{}); }

TEST(Webhook, MayBeAsLargeAsIsAllowedAndNoLarger) {
  const auto ofSize = [](std::size_t size) {
    return post("/voice", {{"a", std::string(size - 2, 'x')}});
  };
  EXPECT_TRUE(readFrom(ofSize(20)));
  EXPECT_EQ(refusalOf(ofSize(21)).status, 413);
  EXPECT_THAT(refusalOf(ofSize(21)).reason, HasSubstr("20"));
}

TEST(Webhook, MayHaveAsManyFieldsAsAreAllowedAndNoMore) {
  EXPECT_TRUE(readFrom(post("/voice", {{"a", "1"}, {"b", "2"}})));
  const Refusal refusal = refusalOf(post("/voice", {{"a", "1"}, {"b", "2"}, {"c", "3"}}));
  EXPECT_EQ(refusal.status, 413);
  EXPECT_THAT(refusal.reason, HasSubstr("2"));
}

TEST(Webhook, IsLimitedInSizeWhateverItIs) {
  Request put{.method = "PUT", .target = "/note", .body = std::string(21, 'x')};
  EXPECT_EQ(refusalOf(put).status, 413);
}

TEST(Webhook, OfAnotherCharsetIsRefusedOnlyIfItIsAForm) {
  Request request = post("/voice");
  request.headers = {};
  request.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=latin1");
  EXPECT_EQ(refusalOf(request).status, 415);
  request.headers = {};
  request.headers.add("Content-Type", "text/plain; charset=latin1");
  EXPECT_TRUE(readFrom(request));
}

TEST(ReadableForm, HasTheSameFieldsIfTheyAreUtf8) {
  const Form form{{"caf\xC3\xA9", "\xF0\x9F\x8D\xB2"}, {"a", ""}, {"a", "b"}};
  EXPECT_EQ(readable(form), form);
}

TEST(ReadableForm, HasReplacementsInNamesAndValues) {
  const Form form = readable({{"caf\xE9", "1"}, {"b", "\xFF"}, {"c", "3"}});
  EXPECT_EQ(form, (Form{{"caf\xEF\xBF\xBD", "1"}, {"b", "\xEF\xBF\xBD"}, {"c", "3"}}));
}

TEST(SaneSids, AreOfACallAndItsParentAndNotLong) {
  EXPECT_TRUE(hasSaneSids({}));
  for (const char* name : {"CallSid", "ParentCallSid"}) {
    EXPECT_TRUE(hasSaneSids({{name, std::string(64, 'a')}})) << name;
    EXPECT_FALSE(hasSaneSids({{name, std::string(65, 'a')}})) << name;
  }
}

}  // namespace
