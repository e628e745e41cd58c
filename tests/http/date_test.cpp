#include "http/date.hpp"

#include <chrono>
#include <gtest/gtest.h>
#include <optional>
#include <utility>

namespace {

using namespace ivr;
using namespace ivr::http;
using namespace std::chrono_literals;

using DateExample = std::pair<std::chrono::seconds, const char*>;

class HttpDates : public testing::TestWithParam<DateExample> {};

TEST_P(HttpDates, AreWrittenAsRfc9110Says) {
  EXPECT_EQ(httpDate(std::chrono::system_clock::time_point{GetParam().first}), GetParam().second);
}

TEST_P(HttpDates, AreReadAsTheyAreWritten) {
  EXPECT_EQ(parseHttpDate(GetParam().second),
            std::chrono::system_clock::time_point{GetParam().first});
}

INSTANTIATE_TEST_SUITE_P(Rfc9110, HttpDates,
                         testing::Values(DateExample{784111777s, "Sun, 06 Nov 1994 08:49:37 GMT"},
                                         DateExample{0s, "Thu, 01 Jan 1970 00:00:00 GMT"},
                                         DateExample{951782400s, "Tue, 29 Feb 2000 00:00:00 GMT"},
                                         DateExample{1709164799s, "Wed, 28 Feb 2024 23:59:59 GMT"},
                                         DateExample{4102444800s,
                                                     "Fri, 01 Jan 2100 00:00:00 GMT"}));

// RFC 9110 section 5.6.7
TEST(HttpDate, IsReadInTheObsoleteFormsToo) {
  const std::chrono::system_clock::time_point moment{784111777s};
  EXPECT_EQ(parseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT"), moment);
  EXPECT_EQ(parseHttpDate("Sun Nov  6 08:49:37 1994"), moment);
}

// Beyond, the clock overflows.
TEST(HttpDate, IsAMomentThatTheClockCanHold) {
  for (const char* text : {"Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT",
                           "Fri, 11 Apr 2262 23:47:17 GMT", "Tue, 21 Sep 1677 00:12:43 GMT"}) {
    EXPECT_EQ(parseHttpDate(text), std::nullopt) << text;
  }
  for (const char* text : {"Fri, 11 Apr 2262 23:47:16 GMT", "Tue, 21 Sep 1677 00:12:44 GMT"}) {
    EXPECT_EQ(httpDate(parseHttpDate(text).value()), text);
  }
}

TEST(HttpDate, IsNothingElse) {
  for (const char* text : {"", "yesterday", "784111777", "Sun, 06 Nov 1994 08:49:37 GMT x"}) {
    EXPECT_EQ(parseHttpDate(text), std::nullopt) << text;
  }
}

}  // namespace
