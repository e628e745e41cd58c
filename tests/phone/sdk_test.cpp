// Twilio's own library for Node, asking the phone's API; see tests/oracle/phone_api.mjs.

#include "support/twilio_oracle.hpp"

#include <gmock/gmock.h>
#include <sstream>
#include <string>
#include <vector>

namespace {

class PhoneSdk : public ivr::support::NeedsOracle {};

TEST_F(PhoneSdk, WorksUnchangedButForItsAddress) {
  std::istringstream report{ivr::support::askOracle("phone_api.mjs", IVR_API_SERVER)};
  std::vector<std::string> passed;
  for (std::string line; std::getline(report, line);) {
    if (line.starts_with("ok ")) {
      passed.push_back(line.substr(3));
    } else {
      ADD_FAILURE() << line;
    }
  }
  EXPECT_GE(passed.size(), 17u);
}

}  // namespace
