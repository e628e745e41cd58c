#include "goodbye.hpp"
#include <ivr/test/test.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace ivr::test;

TEST(Goodbye, SaysSoAndEnds) {
  Line line{[](ivr::Ivr& ivr) { ivr.add<Goodbye>(); }};
  const Phone caller = line.call("/incoming-call");
  EXPECT_THAT(caller, ::testing::AllOf(HasHeard("goodbye"), HungUp()));
}
