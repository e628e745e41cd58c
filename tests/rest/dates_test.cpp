// The dates of the REST API. How those of replies are read: resource_reader_test.cpp.

#include "rest/dates.hpp"

#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace ivr::rest;
using namespace std::chrono_literals;

constexpr std::chrono::sys_days kMarch4{std::chrono::year{2026} / 3 / 4};
constexpr std::chrono::sys_days kTooLate{std::chrono::year{10000} / 1 / 1};

TEST(RestDate, IsWrittenAsADayAsATimeAndAsAMailHasIt) {
  const std::chrono::sys_seconds time = kMarch4 + 5h + 1min + 7s;
  EXPECT_EQ(isoDay(kMarch4), "2026-03-04");
  EXPECT_EQ(isoTime(time), "2026-03-04T05:01:07Z");
  EXPECT_EQ(mailDate(time), "Wed, 04 Mar 2026 05:01:07 +0000");
}

TEST(RestDate, BeforeTheYear1970IsWrittenToo) {
  EXPECT_EQ(mailDate(std::chrono::sys_seconds{-1s}), "Wed, 31 Dec 1969 23:59:59 +0000");
  EXPECT_EQ(isoTime(std::chrono::sys_seconds{-1s}), "1969-12-31T23:59:59Z");
}

TEST(RestDate, OfAYearOfFiveDigitsIsNotWritten) {
  EXPECT_EQ(isoDay(kTooLate), std::nullopt);
  EXPECT_EQ(isoTime(kTooLate), std::nullopt);
  EXPECT_EQ(mailDate(kTooLate), std::nullopt);
}

TEST(RestDate, IsReadAsItIsWritten) {
  for (std::chrono::sys_seconds time = kMarch4; time < kMarch4 + 24h * 800; time += 27h + 61s) {
    EXPECT_EQ(timeFromIso(isoTime(time).value()), time);
    EXPECT_EQ(dateFrom(mailDate(time).value()), time);
    const auto day = std::chrono::floor<std::chrono::days>(time);
    EXPECT_EQ(dayFromIso(isoDay(day).value()), day);
  }
}

TEST(RestDate, OfADayIsAlsoThatOfATime) {
  EXPECT_EQ(dayFromIso("2026-03-04T23:59:59Z"), kMarch4);
  EXPECT_EQ(dayFromIso("2026-03-05T00:30:00+01:00"), kMarch4);
}

TEST(RestDate, HasAFractionAndAZoneIfAClientWritesThem) {
  EXPECT_EQ(timeFromIso("2026-03-04T05:01:07.123Z"), kMarch4 + 5h + 1min + 7s);
  EXPECT_EQ(timeFromIso("2026-03-04T05:01:07-02:30"), kMarch4 + 7h + 31min + 7s);
}

TEST(RestDate, IsNotReadFromAnythingElse) {
  for (const std::string text :
       {"", "2026", "2026-3-4", "26-03-04", "2026-02-30", "2026-13-01", "2026-03-04 ",
        " 2026-03-04", "2026-03-04T", "2026-03-04T05:01Z", "2026-03-04T24:00:00Z",
        "2026-03-04T05:60:00Z", "2026-03-04T05:01:61Z", "2026-03-04T05:01:07",
        "2026-03-04T05:01:07.Z", "2026-03-04T05:01:07+0100", "2026-03-04T05:01:07+99:00",
        "2026-03-04T05:01:07ZZ", "Wed, 04 Mar 2026 05:01:07 +0000"}) {
    EXPECT_EQ(timeFromIso(text), std::nullopt) << text;
    EXPECT_EQ(dayFromIso(text), std::nullopt) << text;
  }
}

}  // namespace
