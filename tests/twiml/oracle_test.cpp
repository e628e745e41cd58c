// Compares the output of our writer with that of Twilio's own library for Node; see
// tests/oracle/twiml.mjs.

#include "support/twilio_oracle.hpp"
#include "support/xml_tree.hpp"
#include "twiml/corpus.hpp"

#include <gmock/gmock.h>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::twiml;

class TwimlOracle : public support::NeedsOracle {
 protected:
  static std::map<std::string, std::string> theirs() {
    return nlohmann::json::parse(support::askOracle("twiml.mjs"));
  }
};

TEST_F(TwimlOracle, EveryDocumentMeansTheSame) {
  const std::map<std::string, std::string> theirDocuments = theirs();
  std::map<std::string, std::string> theirMeaning;
  for (const auto& [name, xml] : theirDocuments) {
    theirMeaning.emplace(name, support::canonicalXml(xml));
  }
  std::map<std::string, std::string> ourMeaning;
  for (const auto& document : support::corpus()) {
    ourMeaning.emplace(document.name, support::canonicalXml(document.twiml.xml()));
  }
  ASSERT_THAT(ourMeaning, testing::SizeIs(testing::Ge(64)));
  for (const auto& [name, meaning] : ourMeaning) {
    if (theirMeaning.contains(name))
      EXPECT_EQ(meaning, theirMeaning.at(name)) << name;
    else
      ADD_FAILURE() << name << " is not in tests/oracle/twiml.mjs";
  }
  for (const auto& [name, meaning] : theirMeaning) {
    EXPECT_TRUE(ourMeaning.contains(name)) << name << " is not in tests/twiml/corpus.cpp";
  }
}

}  // namespace
