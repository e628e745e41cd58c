#pragma once
// Other programs, for the tests that run them.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

namespace ivr::support {

/// What a shell command writes to its standard output. Fails the test if the command fails.
inline std::string outputOf(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error{"popen " + command};
  std::string output;
  std::array<char, 65536> buffer{};
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), size);
  }
  EXPECT_EQ(::pclose(pipe), 0) << command;
  return output;
}

inline bool isInstalled(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0;
}

/// A test of programs that may not be installed. Without them it says so and skips; if CI is set it
/// fails.
class NeedsPrograms : public testing::Test {
 protected:
  /// Call this in `SetUp`.
  static void require(bool isThere, const std::string& otherwise) {
    if (isThere) return;
    if (std::getenv("CI") != nullptr) FAIL() << otherwise;
    GTEST_SKIP() << otherwise;
  }
};

}  // namespace ivr::support
