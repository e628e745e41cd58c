// WEBHOOKS.md sections 1.1 and 1.3: the parameters of requests, and status callbacks.

#include "phone/scripted_application.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using phone::Activity;
using rest::CallStatus;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;
using Reaction = Telephone::Reaction;

TEST(Parameters, EveryRequestHasThoseOfTheCall) {
  PhoneWorld world;
  world.say("<Say>One</Say><Redirect>/next</Redirect>");
  const std::string sid = world.call();
  const Form first = world.application->seen("/voice").at(0).fields;
  EXPECT_THAT(sid, MatchesRegex("CA[0-9a-f]{32}"));
  for (const auto& [name, value] : Form{{"CallSid", sid},
                                        {"AccountSid", "AC00000000000000000000000000000001"},
                                        {"From", "+14155550100"},
                                        {"To", kOurNumber},
                                        {"Caller", "+14155550100"},
                                        {"Called", kOurNumber},
                                        {"CallStatus", "ringing"},
                                        {"ApiVersion", "2010-04-01"},
                                        {"Direction", "inbound"}}) {
    EXPECT_EQ(first.get(name), value) << name;
  }
  EXPECT_FALSE(first.find("ParentCallSid"));
  EXPECT_EQ(world.application->seen("/next").at(0).fields.get("CallStatus"), "in-progress");
}

// Uncertain, but common in the field, and right for signatures: what is unknown is sent empty.
TEST(Parameters, PlacesThatAreUnknownAreEmpty) {
  PhoneWorld world;
  world.say("");
  world.call();
  const Form fields = world.application->seen("/voice").at(0).fields;
  for (const char* party : {"From", "To", "Caller", "Called"}) {
    for (const char* place : {"City", "State", "Zip", "Country"}) {
      EXPECT_EQ(fields.find(std::string{party} + place), "") << party << place;
    }
  }
}

TEST(Parameters, OthersOfACallComeWithEveryRequest) {
  PhoneWorld world;
  world.say("<Redirect>/next</Redirect>");
  world.provider->call({.from = "client:ann",
                        .to = std::string{kOurNumber},
                        .otherFields = {{"FromCity", "BERLIN"}, {"SipHeader_X-Id", "7"}}});
  world.wait(1h);
  for (const char* path : {"/voice", "/next"}) {
    const Form fields = world.application->seen(path).at(0).fields;
    EXPECT_THAT(fields.all("FromCity"), ElementsAre("BERLIN"));
    EXPECT_EQ(fields.get("SipHeader_X-Id"), "7");
    EXPECT_EQ(fields.get("From"), "client:ann");
  }
}

TEST(StatusCallback, ANumbersComesAtTheEndOnly) {
  PhoneWorld world;
  NumberSettings with = world.number;
  with.statusCallback = at("/status");
  world.setNumber(with);
  world.application->status("/status", 204);
  world.say("<Say>One</Say><Pause length=\"70\"/>");
  const std::string sid = world.call();
  ASSERT_THAT(world.application->seen("/status"), SizeIs(1)) << world.story();
  const Form fields = world.application->seen("/status")[0].fields;
  for (const auto& [name, value] : Form{{"CallSid", sid},
                                        {"CallStatus", "completed"},
                                        {"CallDuration", "71"},
                                        {"CallbackSource", "call-progress-events"},
                                        {"Timestamp", "Mon, 05 Jan 2026 10:01:10 +0000"}}) {
    EXPECT_EQ(fields.get(name), value) << name;
  }
  EXPECT_THAT(world.codes(), IsEmpty());
}

TEST(StatusCallback, ADialledNumbersTellsWhatItIsAskedFor) {
  PhoneWorld world;
  world.provider->setTelephone(kAnn, {.reaction = Reaction::answers, .after = 3s});
  world.application->status("/status", 204);
  world.say(
      "<Dial><Number statusCallback=\"/status\" "
      "statusCallbackEvent=\"initiated ringing answered completed\">+14155550111</Number>"
      "</Dial>");
  world.call(10s);
  world.provider->hangUp(world.callTo(kAnn).sid);
  world.wait(1h);
  const auto seen = world.application->seen("/status");
  ASSERT_THAT(seen, SizeIs(4)) << world.story();
  const std::vector<std::string> statuses{"initiated", "ringing", "in-progress", "completed"};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_THAT(seen[i].fields.all("CallStatus"), ElementsAre(statuses[i]));
    EXPECT_EQ(seen[i].fields.get("SequenceNumber"), std::to_string(i));
    EXPECT_EQ(seen[i].fields.get("CallSid"), world.callTo(kAnn).sid);
    EXPECT_FALSE(seen[i].fields.get("ParentCallSid").empty());
  }
  EXPECT_EQ(seen[3].fields.get("CallDuration"), "7");
}

TEST(StatusCallback, ADialledNumbersTellsOfTheEndByDefault) {
  PhoneWorld world;
  world.provider->setTelephone(kAnn, {.reaction = Reaction::busy});
  world.application->status("/status", 204);
  world.say("<Dial><Number statusCallback=\"/status\">+14155550111</Number></Dial>");
  world.call();
  ASSERT_THAT(world.application->seen("/status"), SizeIs(1)) << world.story();
  EXPECT_EQ(world.application->seen("/status")[0].fields.get("CallStatus"), "busy");
  EXPECT_EQ(world.application->seen("/status")[0].fields.get("SipResponseCode"), "486");
}

TEST(StatusCallback, TellsHowACallEnded) {
  const std::vector<std::pair<Telephone, std::string>> cases{
      {{.reaction = Reaction::fails}, "failed"},
      {{.reaction = Reaction::rings}, "no-answer"},
      {{.reaction = Reaction::refuses}, "busy"},
  };
  for (const auto& [telephone, status] : cases) {
    PhoneWorld world;
    world.provider->setTelephone(kAnn, telephone);
    world.application->status("/status", 204);
    world.say("<Dial><Number statusCallback=\"/status\">+14155550111</Number></Dial>");
    world.call();
    EXPECT_EQ(world.application->seen("/status").at(0).fields.get("CallStatus"), status);
  }
}

TEST(StatusCallback, ItsAnswerHasNoEffect) {
  PhoneWorld world;
  NumberSettings with = world.number;
  with.statusCallback = at("/status");
  world.setNumber(with);
  world.application->say("/status", "<Say>Nobody hears this</Say>");
  world.say("<Say>One</Say>");
  world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One")) << world.story();
}

TEST(StatusCallback, ABadAnswerIsAWarning) {
  PhoneWorld world;
  NumberSettings with = world.number;
  with.statusCallback = at("/status");
  world.setNumber(with);
  world.application->status("/status", 500);
  world.say("<Say>One</Say>");
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("15003")) << world.story();
}

TEST(StatusCallback, IsIndependentOfTheCallAndOfOthers) {
  PhoneWorld world;
  world.provider->setTelephone(kAnn, {.reaction = Reaction::answers});
  world.application->neverAnswer("/status");
  world.say(
      "<Dial><Number statusCallback=\"/status\" "
      "statusCallbackEvent=\"initiated ringing answered\">+14155550111</Number></Dial>");
  const std::string sid = world.call(1s);
  EXPECT_EQ(world.view(sid).activity, Activity::talking) << world.story();
  EXPECT_THAT(world.application->seen("/status"), SizeIs(3));
  EXPECT_EQ(world.provider->requests(), 3U);
}

TEST(StatusCallback, ANumbersIsAskedByItsMethod) {
  PhoneWorld world;
  NumberSettings with = world.number;
  with.statusCallback = at("/status?id=1");
  with.statusCallbackMethod = HttpMethod::get;
  world.setNumber(with);
  world.say("");
  world.call();
  ASSERT_THAT(world.application->seen("/status"), SizeIs(1));
  const SeenRequest seen = world.application->seen("/status")[0];
  EXPECT_EQ(seen.method, "GET");
  EXPECT_EQ(seen.fields.get("id"), "1");
  EXPECT_EQ(seen.fields.get("CallStatus"), "completed");
}

// How calls end.

TEST(Call, ACallerWhoHangsUpBeforeTheAnswerWasNotAnswered) {
  PhoneWorld world;
  world.say("<Pause length=\"10\"/><Say>One</Say>");
  const std::string sid = world.call(3s);
  EXPECT_EQ(world.view(sid).activity, Activity::ringing) << world.story();
  EXPECT_FALSE(world.provider->press(sid, "1"));  // nobody listens yet
  EXPECT_TRUE(world.provider->hangUp(sid));
  world.wait(1h);
  EXPECT_EQ(world.view(sid).status, CallStatus::noAnswer) << world.story();
}

TEST(Call, WhatIsOverStaysOver) {
  PhoneWorld world;
  world.say("");
  const std::string sid = world.call();
  EXPECT_FALSE(world.provider->hangUp(sid));
  EXPECT_FALSE(world.provider->press(sid, "1"));
  EXPECT_FALSE(world.provider->say(sid, {.words = "Hello"}));
  EXPECT_FALSE(world.provider->hangUp("CA0"));
  EXPECT_THAT(world.texts(Happening::ended), SizeIs(1)) << world.story();
}

TEST(Call, AHangUpBeforeTheFirstRequestSendsNone) {
  PhoneWorld world;
  world.say("<Say>One</Say>");
  const std::string sid = world.provider->call({.to = std::string{kOurNumber}});
  EXPECT_TRUE(world.provider->hangUp(sid));
  world.wait(1h);
  EXPECT_THAT(world.application->seen(), IsEmpty()) << world.story();
  EXPECT_EQ(world.provider->liveCalls(), 0U);
}

TEST(Call, HasATurnWheneverItIsTheCallersTurn) {
  PhoneWorld world;
  world.say("<Gather numDigits=\"1\"/><Record/>");
  const std::string sid = world.call(1s);
  EXPECT_EQ(world.view(sid).turn, 1U) << world.story();
  world.wait(5s);
  EXPECT_EQ(world.view(sid).turn, 2U) << world.story();
  world.wait(1h);
  EXPECT_EQ(world.view(sid).turn, 3U) << world.story();
}

TEST(Call, CallsDoNotDisturbEachOther) {
  PhoneWorld world;
  world.say("<Gather numDigits=\"1\" action=\"/choice\"/>");
  world.application->answer("/choice", [](const SeenRequest& request) {
    return ScriptedApplication::document("<Say>" + std::string{request.fields.get("Digits")} +
                                         "</Say>");
  });
  std::vector<std::string> sids;
  for (int i = 0; i < 10; ++i) sids.push_back(world.call(0s));
  for (int i = 0; i < 10; ++i)
    world.provider->press(sids.at(static_cast<std::size_t>(i)), std::to_string(i));
  world.wait(1h);
  for (int i = 0; i < 10; ++i) {
    EXPECT_THAT(world.texts(Happening::says, sids.at(static_cast<std::size_t>(i))),
                ElementsAre(std::to_string(i)));
  }
}

}  // namespace
