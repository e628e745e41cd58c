#include "core/spelling.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace {

using namespace ivr;

constexpr std::array<std::string_view, 4> kKnown{"/incoming-call", "/menu", "/menu/choice", ""};

TEST(NearestOf, IsWhatWasProbablyMeant) {
  EXPECT_EQ(nearestOf("/incomming-call", kKnown, 6), "/incoming-call");
  EXPECT_EQ(nearestOf("/Menu", kKnown, 6), "/menu");
  EXPECT_EQ(nearestOf("/menu/choise", kKnown, 6), "/menu/choice");
}

TEST(NearestOf, IsNothingThatIsQuiteDifferent) {
  EXPECT_EQ(nearestOf("/favicon.ico", kKnown, 6), "");
  EXPECT_EQ(nearestOf("/mxxx", kKnown, 6), "");
  EXPECT_EQ(nearestOf("/incoming", kKnown, 2), "");
  EXPECT_EQ(nearestOf("", kKnown, 6), "");
}

TEST(NearestOf, IsNothingForALongName) {
  EXPECT_EQ(nearestOf(std::string(1'000'000, 'x'), kKnown, 6), "");
}

}  // namespace
