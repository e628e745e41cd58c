#pragma once
// Twilio's own library for Node, against which ours is compared: tests/oracle.

#include "support/command.hpp"

#include <filesystem>
#include <string>

namespace ivr::support {

inline const std::string kOracle = IVR_TESTS_DIR "/oracle";

/// A test that needs that library; tests/run installs it.
class NeedsOracle : public NeedsPrograms {
 protected:
  void SetUp() override {
    require(isInstalled("node") &&
                std::filesystem::exists(kOracle + "/node_modules/twilio/package.json"),
            "NO ORACLE: node, or its package twilio, is not installed");
  }
};

/// What a script in tests/oracle writes.
inline std::string askOracle(const std::string& script, const std::string& arguments = {}) {
  return outputOf("node '" + kOracle + '/' + script + "' " + arguments);
}

}  // namespace ivr::support
