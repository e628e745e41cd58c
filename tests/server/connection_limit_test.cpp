#include "server/connection_limit.hpp"

#include <chrono>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace {

using namespace std::chrono_literals;
using ivr::server::ConnectionLimit;
using Slot = std::optional<ConnectionLimit::Slot>;

void nobodyGives() {}

TEST(ConnectionLimit, IsReachedWhenAllPlacesAreTakenAndNobodyGivesWay) {
  const auto limit = std::make_shared<ConnectionLimit>(2, 0);
  const Slot first = limit->take("a", nobodyGives, 1h);
  Slot second = limit->take("b", nobodyGives, 1h);
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(limit->take("c", nobodyGives, 1ms));
  second.reset();
  EXPECT_TRUE(limit->take("c", nobodyGives, 1h));
}

TEST(ConnectionLimit, WaitsForThePlaceOfAConnectionThatGivesWay) {
  const auto limit = std::make_shared<ConnectionLimit>(1, 0);
  Slot first = limit->take("a", nobodyGives, 1h);
  std::optional<std::jthread> closing;
  const auto giveWay = [&] {
    if (!closing) closing.emplace([&] { first.reset(); });
  };
  EXPECT_TRUE(limit->take("b", giveWay, 1h));
}

TEST(ConnectionLimit, AsksAgainUntilSomebodyGivesWay) {
  const auto limit = std::make_shared<ConnectionLimit>(1, 0);
  Slot first = limit->take("a", nobodyGives, 1h);
  int asked = 0;
  const auto giveWay = [&] {
    if (++asked == 3) first.reset();
  };
  EXPECT_TRUE(limit->take("b", giveWay, 1h));
  EXPECT_EQ(asked, 3);
}

TEST(ConnectionLimit, KnowsWhetherItsPlaceIsStillWaitedFor) {
  const auto limit = std::make_shared<ConnectionLimit>(1, 0);
  Slot first = limit->take("a", nobodyGives, 1h);
  bool isWaitedFor = false;
  bool isStillWaitedFor = true;
  const auto giveWay = [&] {
    isWaitedFor = limit->isWaitedFor();
    first.reset();
    isStillWaitedFor = limit->isWaitedFor();
  };
  EXPECT_TRUE(limit->take("b", giveWay, 1h));
  EXPECT_TRUE(isWaitedFor);
  EXPECT_FALSE(isStillWaitedFor);
  EXPECT_FALSE(limit->isWaitedFor());
}

TEST(ConnectionLimit, WaitsForNoLongerThanItHasPatience) {
  const auto limit = std::make_shared<ConnectionLimit>(1, 0);
  const Slot first = limit->take("a", nobodyGives, 1h);
  EXPECT_FALSE(limit->take("b", nobodyGives, 1ms));
}

TEST(ConnectionLimit, OfOneAddressHasNobodyElseGiveWay) {
  const auto limit = std::make_shared<ConnectionLimit>(1, 1);
  const Slot first = limit->take("a", nobodyGives, 1h);
  bool isAsked = false;
  const auto giveWay = [&] { isAsked = true; };
  EXPECT_FALSE(limit->take("a", giveWay, 1h));
  EXPECT_FALSE(isAsked);
}

}  // namespace
