// The corpus as text: tests/vectors/twiml.

#include "twiml/corpus.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <set>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::twiml;
using support::CorpusDocument;
using support::CorpusPart;

const std::filesystem::path kVectors = IVR_TESTS_DIR "/vectors/twiml";

class TwimlCorpus : public testing::TestWithParam<CorpusPart> {};

TEST_P(TwimlCorpus, IsWrittenByteForByteAsTheVectors) {
  const bool writesThem = std::getenv("IVR_WRITE_VECTORS") != nullptr;
  for (const CorpusDocument& document : GetParam().documents()) {
    const std::filesystem::path path = kVectors / (document.name + ".xml");
    if (writesThem) std::ofstream{path, std::ios::binary} << document.twiml.xml();
    std::ifstream file{path, std::ios::binary};
    EXPECT_TRUE(file) << path;
    const std::string vector{std::istreambuf_iterator<char>{file}, {}};
    EXPECT_EQ(document.twiml.xml(), vector) << document.name;
  }
  if (writesThem) GTEST_SKIP() << "the vectors are written anew";
}

INSTANTIATE_TEST_SUITE_P(Parts, TwimlCorpus, testing::ValuesIn(support::corpusParts()),
                         [](const auto& part) { return part.param.name; });

TEST(TwimlVectors, StandForOneDocumentEach) {
  std::set<std::string> names;
  for (const CorpusDocument& document : support::corpus()) {
    EXPECT_TRUE(names.insert(document.name + ".xml").second) << document.name << " stands twice";
  }
  std::set<std::string> files;
  for (const auto& file : std::filesystem::directory_iterator{kVectors}) {
    files.insert(file.path().filename().string());
  }
  EXPECT_THAT(files, testing::ContainerEq(names));
}

}  // namespace
