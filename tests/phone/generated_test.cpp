// What is taken out of documents before they are compared.

#include "phone/generated.hpp"

#include <gtest/gtest.h>
#include <string>

namespace {

using ivr::phone::withoutGenerated;

TEST(WithoutGenerated, TakesOutSids) {
  EXPECT_EQ(withoutGenerated("/next?call=CA0123456789abcdef0123456789abcdef&step=2"),
            "/next?call=*&step=2");
}

TEST(WithoutGenerated, TakesOutUuidsAndOtherTokens) {
  EXPECT_EQ(withoutGenerated("id=e0846cdc-acba-4663-a8dc-0b8671525512"), "id=*");
  EXPECT_EQ(withoutGenerated("t=x7Kq2mZp9Rt4Lw8Vb3Nc"), "t=*");
  EXPECT_EQ(withoutGenerated("t=ad7da98f3072fe3a"), "t=*");
}

TEST(WithoutGenerated, TakesOutFingerprints) {
  EXPECT_EQ(withoutGenerated("/a.mp3?v=12ab56"), "/a.mp3?v=*");
  EXPECT_EQ(withoutGenerated("/a.mp3?x=1&amp;v=12ab56"), "/a.mp3?x=1&amp;v=*");
}

TEST(WithoutGenerated, TakesOutDatesAndTimes) {
  EXPECT_EQ(withoutGenerated("on 2026-01-05, at 9:05 or 09:05:30."), "on *, at * or *.");
  EXPECT_EQ(withoutGenerated("since 2026-01-05T10:00:00.250Z"), "since *");
  EXPECT_EQ(withoutGenerated("t=1767607200&u=1767607200123"), "t=*&u=*");
}

TEST(WithoutGenerated, KeepsWhatSomebodyHasWritten) {
  for (const char* text :
       {"Press 1 for sales, 10 for support.", "<Number>+14155550100</Number>",
        "http://127.0.0.1:8080/incoming-call-transition-out?attempt=2",
        "/static/specials-2026-autumn-lunch.mp3", "lookUpWeatherForPostalCode", "1:2 odds, 3:75",
        "Please enter your 16-digit number, and a hash.", ""}) {
    EXPECT_EQ(withoutGenerated(text), text);
  }
}

TEST(WithoutGenerated, MakesTextsThatDifferInNothingElseTheSame) {
  const auto at = [](const std::string& sid, const std::string& time) {
    return withoutGenerated("<Say>It is " + time + "</Say><Redirect>/a?c=" + sid + "</Redirect>");
  };
  EXPECT_EQ(at("CA0123456789abcdef0123456789abcdef", "10:15"),
            at("CAfedcba9876543210fedcba9876543210", "9:30"));
}

}  // namespace
