// Twilio's own library for Node, asking `phone serve`; see tests/oracle/phone_api.mjs.

#include "support/twilio_oracle.hpp"

#include <gtest/gtest.h>
#include <sstream>
#include <string>

namespace {

class PhoneSdk : public ivr::support::NeedsOracle {};

TEST_F(PhoneSdk, WorksUnchangedButForItsAddress) {
  const std::string report = ivr::support::askOracle("phone_api.mjs", IVR_PHONE);
  std::istringstream lines{report};
  int passed = 0;
  bool hasFailed = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("ok ")) ++passed;
    if (line.starts_with("FAILED ")) hasFailed = true;
  }
  EXPECT_FALSE(hasFailed) << report;
  EXPECT_GE(passed, 19) << report;
}

}  // namespace
