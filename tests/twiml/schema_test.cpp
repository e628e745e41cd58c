// libivr/twiml/schema: the provider's schema, our additions, and the script that writes the headers
// from both.

#include "twiml/schema.hpp"

#include "support/command.hpp"
#include "support/temp_folder.hpp"
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

const std::filesystem::path kVectors = IVR_TESTS_DIR "/vectors/twiml";

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
  for (const auto& file : std::filesystem::directory_iterator{kVectors}) {
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

class TwimlGenerator : public support::NeedsPrograms {
 protected:
  void SetUp() override {
    require(support::isInstalled("python3") && support::isInstalled("clang-format-14"),
            "NO GENERATOR: python3 or clang-format-14 is not installed");
  }

  /// The C++ files in a folder, by their paths in it.
  static Names sourcesIn(const std::filesystem::path& folder) {
    Names paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
      const std::filesystem::path& path = entry.path();
      if (path.extension() == ".hpp" || path.extension() == ".cpp") {
        paths.insert(path.lexically_relative(folder).string());
      }
    }
    return paths;
  }
};

TEST_F(TwimlGenerator, WritesByteForByteWhatIsCheckedIn) {
  const support::TempFolder folder;
  const std::string script = (kLibrary / "twiml/schema/generate").string();
  support::outputOf("'" + script + "' '" + folder.path().string() + "'");

  Names saySo;
  for (const std::string& path : sourcesIn(kLibrary)) {
    if (contentOf(kLibrary / path).find("Written by twiml/schema/generate.") != std::string::npos) {
      saySo.insert(path);
    }
  }
  EXPECT_THAT(sourcesIn(folder.path()), ContainerEq(saySo));
  for (const std::string& path : sourcesIn(folder.path())) {
    EXPECT_EQ(contentOf(folder.path() / path), contentOf(kLibrary / path)) << path;
  }
}

}  // namespace
