#include "core/child_process.hpp"

#include <gmock/gmock.h>
#include <string>

namespace {

using namespace ivr;
using namespace std::chrono_literals;
using testing::Optional;

constexpr std::size_t kMany = 1 << 20;

TEST(ChildProcess, GivesWhatAProgramWritesOfItsInput) {
  const std::string input(200000, 'x');
  EXPECT_THAT(outputOf({"cat"}, input, 60s, kMany), Optional(input));
}

TEST(ChildProcess, NoShellReadsItsArguments) {
  EXPECT_THAT(outputOf({"echo", "$HOME; `ls`"}, "", 60s, kMany),
              Optional(std::string{"$HOME; `ls`\n"}));
}

TEST(ChildProcess, OneThatTakesTooLongIsEnded) {
  EXPECT_EQ(outputOf({"sleep", "600"}, "", 50ms, kMany), std::nullopt);
  EXPECT_EQ(outputOf({"cat"}, "", 0ms, kMany), std::nullopt);
}

TEST(ChildProcess, OneThatWritesTooMuchIsEnded) {
  EXPECT_EQ(outputOf({"yes"}, "", 60s, kMany), std::nullopt);
}

TEST(ChildProcess, OneThatCannotBeRunGivesNothing) {
  EXPECT_FALSE(outputOf({"no-such-program-anywhere"}, "", 60s, kMany).value_or("").size());
}

}  // namespace
