#include "phone/scripted_application.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using testing::ElementsAre;

TEST(Document, VerbsAreExecutedFromTopToBottom) {
  PhoneWorld world;
  world.application->say("/voice", "<Say>One</Say><Pause length=\"2\"/><Say>Two</Say>");
  const std::string sid = world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One", "Two")) << world.story();
  EXPECT_EQ(world.view(sid).status, rest::CallStatus::completed);
}

TEST(Gather, AKeyIsSentToTheAction) {
  PhoneWorld world;
  world.application->say("/voice",
                         "<Gather action=\"/choice\" numDigits=\"1\"><Say>Press</Say></Gather>"
                         "<Say>Nothing</Say>");
  world.application->say("/choice", "<Say>Thanks</Say>");
  const std::string sid = world.call(2s);
  EXPECT_EQ(world.view(sid).activity, Activity::asked) << world.story();
  EXPECT_TRUE(world.provider->press(sid, "3"));
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Press", "Thanks")) << world.story();
  ASSERT_EQ(world.application->seen("/choice").size(), 1U);
  EXPECT_EQ(world.application->seen("/choice")[0].fields.get("Digits"), "3");
}

}  // namespace
