// The whole: what the same seed gives, bad input, and the end of a provider in the middle of
// things.

#include "ivr/phone/provider.hpp"

#include "ivr/core/error.hpp"
#include "phone/scripted_application.hpp"
#include "phone/sounds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Everything at once: a menu, a queue, a room, dialled numbers, recordings and faults.
void script(PhoneWorld& world) {
  world.provider->setTelephone(kAnn, {.reaction = Telephone::Reaction::answers, .after = 3s});
  world.application->status("/status", 204);
  world.application->answer("/a.wav", [](const SeenRequest&) {
    return ScriptedApplication::typed("audio/wav", silentWav(700ms));
  });
  world.say(
      "<Gather numDigits=\"1\" input=\"dtmf speech\" action=\"/choice\" "
      "partialResultCallback=\"/status\"><Say>Choose</Say><Play>/a.wav</Play></Gather>"
      "<Redirect/>");
  world.application->answer("/choice", [](const SeenRequest& request) {
    const auto digits = request.fields.get("Digits");
    if (digits == "1") {
      return ScriptedApplication::document(
          "<Enqueue waitUrl=\"/wait\" action=\"/end\">q</Enqueue>");
    }
    if (digits == "2") return ScriptedApplication::document("<Dial><Queue>q</Queue></Dial>");
    if (digits == "3") {
      return ScriptedApplication::document(
          "<Dial record=\"true\"><Number url=\"/screen\" statusCallback=\"/status\" "
          "statusCallbackEvent=\"initiated ringing answered completed\">+14155550111</Number>"
          "<Number>+14155550112</Number></Dial>");
    }
    if (digits == "4") {
      return ScriptedApplication::document(
          "<Dial><Conference statusCallback=\"/status\" waitUrl=\"/hold\" "
          "statusCallbackEvent=\"start end join leave\">Room</Conference></Dial>");
    }
    return ScriptedApplication::document(
        "<Say>Speak</Say><Record action=\"/end\" recordingStatusCallback=\"/status\" "
        "transcribe=\"true\" transcribeCallback=\"/status\"/>");
  });
  world.application->say("/screen", "<Say>A call</Say><Pause/>");
  world.application->say("/wait", "<Say>Wait</Say><Pause length=\"3\"/>");
  world.application->say("/hold", "<Play>/a.wav</Play><Redirect/>");
  world.application->answerAfter(world.loop, 1200ms, "/end", [](const SeenRequest&) {
    return ScriptedApplication::document("<Sms>Thanks</Sms><Say>Goodbye</Say>");
  });
}

std::vector<std::string> playAll(PhoneWorld& world) {
  script(world);
  std::vector<std::string> sids;
  for (const char* keys : {"1", "W2", "3", "4", "4", "5", "1", "9"}) {
    sids.push_back(world.call(500ms));
    world.provider->press(sids.back(), keys);
    world.wait(700ms);
  }
  world.wait(5s);
  for (const std::string& sid : sids) world.provider->say(sid, {.words = "Is anybody there?"});
  world.wait(20s);
  return sids;
}

ProviderOptions withFaults(std::uint64_t seed) {
  ProviderOptions options;
  options.seed = seed;
  options.faults.seed = seed;
  options.faults.perMille = {60, 20, 40, 20, 40, 100, 100, 20, 20};
  options.restart = [] {};
  return options;
}

TEST(Provider, TheSameSeedGivesTheSameTimelineByteForByte) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
    PhoneWorld first{withFaults(seed)};
    playAll(first);
    first.wait(5h);
    PhoneWorld second{withFaults(seed)};
    playAll(second);
    second.wait(5h);
    EXPECT_GT(first.provider->timeline().size(), 100U);
    EXPECT_EQ(first.provider->timeline(), second.provider->timeline());
    EXPECT_EQ(first.provider->liveCalls(), 0U);
  }
}

TEST(Provider, AnotherSeedGivesOtherSids) {
  ProviderOptions options;
  options.seed = 2;
  PhoneWorld first;
  PhoneWorld second{options};
  first.say("");
  second.say("");
  EXPECT_NE(first.call(), second.call());
}

TEST(Provider, TimeNeverRunsBackwards) {
  PhoneWorld world{withFaults(9)};
  playAll(world);
  world.wait(5h);
  Moment last{};
  for (const Entry& entry : world.provider->timeline()) {
    EXPECT_GE(entry.at, last);
    last = entry.at;
  }
}

TEST(Provider, EveryCallEndsByItsTimeLimit) {
  PhoneWorld world;
  playAll(world);
  EXPECT_EQ(world.loop->run([] { return false; }, 25h), EventLoop::Stop::idle);
  EXPECT_EQ(world.provider->liveCalls(), 0U) << world.story();
  EXPECT_EQ(world.provider->requests(), 0U);
}

// Whatever is under way, nothing calls back afterwards, and nothing is left: for the sanitizers.
TEST(Provider, MayEndAtAnyMoment) {
  for (int events = 0; events < 1500; events += 31) {
    PhoneWorld world{withFaults(11)};
    script(world);
    for (const char* keys : {"1", "W2", "3", "4", "4", "5"}) {
      const std::string sid = world.call(500ms);
      world.provider->press(sid, keys);
    }
    int left = events;
    (void)world.loop->run([&] { return left-- == 0; }, 1min);
    world.provider.reset();
    const std::size_t seen = world.application->seen().size();
    world.wait(1h);
    EXPECT_EQ(world.application->seen().size(), seen);
  }
}

TEST(Provider, MayEndBeforeItsLoopRuns) {
  PhoneWorld world;
  world.say("<Say>One</Say>");
  world.provider->call({.to = std::string{kOurNumber}});
  world.provider.reset();
  world.wait(1h);
  EXPECT_THAT(world.application->seen(), IsEmpty());
}

TEST(Provider, ANumberThatNobodyAnswersCannotBeCalled) {
  PhoneWorld world;
  EXPECT_THROW((void)world.provider->call({.to = "+1999"}), Error);
}

TEST(Provider, KeepsAsMuchOfTheTimelineAsItMay) {
  ProviderOptions options;
  options.maxEntries = 5;
  std::size_t seen = 0;
  options.onEntry = [&](const Entry&) { ++seen; };
  PhoneWorld world{options};
  world.say("<Say>One</Say><Say>Two</Say><Say>Three</Say>");
  world.call();
  ASSERT_THAT(world.provider->timeline(), SizeIs(6));
  EXPECT_EQ(world.provider->timeline().back().what, Happening::note);
  EXPECT_GT(seen, 6U);
}

TEST(Provider, MayKeepNoTimeline) {
  ProviderOptions options;
  options.keepsTimeline = false;
  std::vector<Happening> seen;
  options.onEntry = [&](const Entry& entry) { seen.push_back(entry.what); };
  PhoneWorld world{options};
  world.say("");
  world.call();
  EXPECT_THAT(world.provider->timeline(), IsEmpty());
  EXPECT_THAT(
      seen, ElementsAre(Happening::called, Happening::webhook, Happening::twiml, Happening::ended));
}

TEST(Provider, AListenerMayActOnTheCallThatItHearsOf) {
  ProviderOptions options;
  Provider* provider = nullptr;
  options.onEntry = [&](const Entry& entry) {
    if (entry.what == Happening::waits) provider->press(entry.callSid, "1");
  };
  PhoneWorld world{options};
  provider = world.provider.get();
  world.say("<Gather numDigits=\"1\" action=\"/choice\"/>");
  world.application->say("/choice", "<Say>Thanks</Say>");
  world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Thanks")) << world.story();
}

// Bad input. Each ends with its code, and the call as the provider would end it.

TEST(BadInput, EndsTheCallWithACode) {
  const auto xml = [](const std::string& text) {
    return [text](const SeenRequest&) { return ScriptedApplication::typed("text/xml", text); };
  };
  const std::vector<std::pair<ScriptedApplication::Answer, std::string>> cases{
      {xml("no XML"), "12100"},
      {xml("<?xml version=\"1.0\"?>"), "11770"},
      {xml("<!DOCTYPE x [<!ENTITY a \"b\">]><Response>&a;</Response>"), "12100"},
      {xml("<Response>" + std::string(5000, '<')), "12100"},
      {xml(std::string("<Response>\0</Response>", 22)), "12100"},
      {xml("<Response><Say>\xff</Say></Response>"), "12100"},
      {xml("<Response>" + std::string(70'000, ' ') + "</Response>"), "11750"},
      {xml("<Response><Redirect>ftp://x.example</Redirect></Response>"), "11100"},
      {xml("<Response><Redirect>a b</Redirect></Response>"), "11100"},
      {xml("<Response><Play>/missing.wav</Play></Response>"), "11200"},
  };
  for (const auto& [answer, code] : cases) {
    PhoneWorld world;
    world.application->answer("/voice", answer);
    const std::string sid = world.call();
    ASSERT_FALSE(world.codes().empty()) << code;
    EXPECT_EQ(world.codes().back(), code) << world.story();
    EXPECT_EQ(world.view(sid).status, rest::CallStatus::completed);
    EXPECT_EQ(world.provider->liveCalls(), 0U);
  }
}

TEST(BadInput, WhatCostsMoneyIsNeverDone) {
  PhoneWorld world;
  world.say(
      "<Sms to=\"+14155550122\">Hi</Sms><Pay/>"
      "<Dial><Number>+14155550111</Number></Dial>"
      "<Refer><Sip>sip:a@example.com</Sip></Refer>");
  world.call();
  for (const SeenRequest& seen : world.application->seen()) {
    EXPECT_TRUE(seen.url.starts_with(kApplicationUrl)) << seen.url;
  }
  EXPECT_THAT(world.provider->messages(), SizeIs(1));
}

}  // namespace
