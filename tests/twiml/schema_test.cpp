// libivr/twiml/schema: the provider's schema, our additions, and the script that writes the headers
// from both.

#include "twiml/schema.hpp"

#include "support/generator.hpp"
#include "support/xml_tree.hpp"

#include <algorithm>
#include <filesystem>
#include <gmock/gmock.h>
#include <iterator>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace {

using namespace ivr;
using support::contentOf;
using support::kLibrary;
using support::Names;
using support::Schema;
using support::XmlTree;
using testing::ContainerEq;
using testing::Ge;
using testing::IsEmpty;
using testing::SizeIs;

const std::filesystem::path kTwimlVectors = IVR_TESTS_DIR "/vectors/twiml";

/// The parts of the schema that documents use.
struct Uses {
  Names types;
  Names attributes;
  Names places;

  void add(const Schema& schema, const XmlTree& tree, const std::string& type) {
    types.insert(type);
    for (const std::string& name : schema.attributesOf(type)) {
      if (tree.attributes.contains(name)) attributes.insert(type + ' ' + name);
    }
    for (const auto& part : tree.content) {
      const auto* element = std::get_if<XmlTree>(&part);
      if (element == nullptr) continue;
      for (const std::string& child : schema.childrenOf(type)) {
        if (schema.elementOf(child) != element->name) continue;
        places.insert(type + " > " + child);
        add(schema, *element, child);
      }
    }
  }
};

Uses usesOfTheVectors(const Schema& schema) {
  Uses uses;
  for (const auto& file : std::filesystem::directory_iterator{kTwimlVectors}) {
    uses.add(schema, support::readXmlTree(contentOf(file.path())), "Response");
  }
  return uses;
}

Names without(const Names& all, const Names& some) {
  Names rest;
  std::ranges::set_difference(all, some, std::inserter(rest, rest.end()));
  return rest;
}

TEST(TwimlSchema, EveryElementIsInTheCorpusWhereverItMayStand) {
  const Schema schema;
  ASSERT_THAT(schema.types(), SizeIs(Ge(60)));
  ASSERT_THAT(schema.places(), SizeIs(Ge(100)));
  const Uses uses = usesOfTheVectors(schema);
  EXPECT_THAT(without(schema.types(), uses.types), IsEmpty());
  EXPECT_THAT(without(schema.places(), uses.places), IsEmpty());
}

TEST(TwimlSchema, EveryAttributeIsInTheCorpus) {
  const Schema schema;
  ASSERT_THAT(schema.attributes(), SizeIs(Ge(304)));
  EXPECT_THAT(without(schema.attributes(), usesOfTheVectors(schema).attributes), IsEmpty());
}

// ---- The script

class TwimlGenerator : public support::GeneratorTest {};

TEST_F(TwimlGenerator, WritesByteForByteWhatIsCheckedIn) {
  expectToWriteWhatIsCheckedIn(kLibrary, "twiml/schema/generate");
}

}  // namespace
