// What a provider remembers, within bounds.

#include "phone/kept.hpp"

#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <vector>

namespace {

using ivr::phone::Kept;
using testing::ElementsAre;
using testing::Optional;

std::vector<int> all(const Kept<int>& kept) {
  std::vector<int> things;
  for (const auto& [sid, thing, over] : kept.entries()) things.push_back(thing);
  return things;
}

TEST(Kept, FindsThingsByTheirSids) {
  Kept<int> kept{10};
  kept.add("CA1", 1);
  kept.add("CA2", 2);
  ASSERT_NE(kept.find("CA2"), nullptr);
  EXPECT_EQ(*kept.find("CA2"), 2);
  EXPECT_EQ(kept.find("CA3"), nullptr);
}

TEST(Kept, WhatIsNotOverIsNeverForgotten) {
  Kept<int> kept{1};
  for (int i = 0; i < 100; ++i) kept.add(std::to_string(i), i);
  EXPECT_EQ(kept.size(), 100U);
  EXPECT_EQ(kept.end("7"), std::nullopt);
  EXPECT_EQ(kept.size(), 100U);
}

TEST(Kept, WhatEndedFirstIsForgottenFirst) {
  Kept<int> kept{2};
  for (int i = 0; i < 5; ++i) kept.add(std::to_string(i), i);
  EXPECT_EQ(kept.end("3"), std::nullopt);
  EXPECT_EQ(kept.end("1"), std::nullopt);
  EXPECT_THAT(kept.end("0"), Optional(3));
  EXPECT_THAT(kept.end("4"), Optional(1));
  EXPECT_THAT(all(kept), ElementsAre(0, 2, 4));
  EXPECT_EQ(kept.find("1"), nullptr);
}

TEST(Kept, AThingEndsOnce) {
  Kept<int> kept{1};
  kept.add("a", 1);
  kept.add("b", 2);
  EXPECT_EQ(kept.end("a"), std::nullopt);
  EXPECT_EQ(kept.end("a"), std::nullopt);
  EXPECT_EQ(kept.end("nobody"), std::nullopt);
  EXPECT_THAT(kept.end("b"), Optional(1));
}

TEST(Kept, TheThingThatEndsIsKeptItself) {
  Kept<int> kept{0};
  kept.add("a", 1);
  EXPECT_EQ(kept.end("a"), std::nullopt);
  EXPECT_NE(kept.find("a"), nullptr);
}

TEST(Kept, WhatIsErasedMakesRoom) {
  Kept<int> kept{1};
  kept.add("a", 1);
  kept.add("b", 2);
  (void)kept.end("a");
  EXPECT_THAT(kept.erase("a"), Optional(1));
  EXPECT_EQ(kept.erase("a"), std::nullopt);
  EXPECT_EQ(kept.end("b"), std::nullopt);
  EXPECT_THAT(all(kept), ElementsAre(2));
}

TEST(Kept, HoldsWhatCannotBeCopied) {
  Kept<std::unique_ptr<int>> kept{1};
  kept.add("a", std::make_unique<int>(1));
  const int* const address = kept.find("a")->get();
  for (int i = 0; i < 1000; ++i) kept.add(std::to_string(i), nullptr);
  EXPECT_EQ(kept.find("a")->get(), address);
}

}  // namespace
