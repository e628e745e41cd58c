// The same as tests/fuzz/phone_fuzz.cpp, from fixed seeds, for every compiler.

#include "phone/random_calls.hpp"

#include <cstdlib>
#include <gtest/gtest.h>

namespace {

using namespace ivr::support;

/// IVR_TEST_STEPS asks for another number of steps.
std::size_t steps() {
  constexpr std::size_t kSteps = 6000;
  const char* const asked = std::getenv("IVR_TEST_STEPS");  // NOLINT(concurrency-mt-unsafe)
  return asked == nullptr ? kSteps : std::strtoul(asked, nullptr, 10);
}

TEST(RandomCalls, WhateverHappensEveryCallEnds) {
  std::size_t left = steps();
  for (std::uint64_t seed = 0; left > 0; ++seed) {
    Chance chance{seed};
    RandomCalls calls{chance};
    for (std::size_t here = 5 + chance.below(60); here > 0 && left > 0; --here, --left) {
      calls.step();
    }
    ASSERT_EQ(calls.finish(), "") << "seed " << seed;
  }
}

TEST(RandomCalls, WithoutChanceEveryCallEnds) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::vector<std::uint8_t> bytes(size, static_cast<std::uint8_t>(size * 7));
    Chance chance{bytes};
    RandomCalls calls{chance};
    for (int i = 0; i < 20; ++i) calls.step();
    EXPECT_EQ(calls.finish(), "") << size;
  }
}

}  // namespace
