// read(write(document)) is the document.

#include "ivr/core/error.hpp"
#include "ivr/twiml/reader.hpp"
#include "twiml/corpus.hpp"
#include "twiml/random_twiml.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::twiml;
using support::CorpusDocument;
using support::CorpusPart;
using testing::IsEmpty;
using testing::Not;

constexpr XmlLayout kLayouts[] = {XmlLayout::compact, XmlLayout::indented};

bool isTooLong(const Twiml& twiml, XmlLayout layout) {
  try {
    static_cast<void>(twiml.xml(layout));
    return false;
  } catch (const Error& error) {
    return std::string_view{error.what()}.find("(11750)") != std::string_view::npos;
  }
}

RC_GTEST_PROP(TwimlRoundTrip, GivesRandomDocumentsAgainWhateverTheLayout, ()) {
  constexpr int kAtOnce = 10;
  for (const Twiml& document :
       *rc::gen::container<std::vector<Twiml>>(kAtOnce, support::RandomTwiml::documents())) {
    for (const XmlLayout layout : kLayouts) {
      if (isTooLong(document, layout)) continue;
      const TwimlReading reading = readTwiml(document.xml(layout));
      RC_ASSERT(reading.twiml.has_value());
      RC_ASSERT(*reading.twiml == document);
    }
  }
}

class TwimlCorpusRoundTrip : public testing::TestWithParam<CorpusPart> {};

TEST_P(TwimlCorpusRoundTrip, GivesEachDocumentAgainWhateverTheLayout) {
  for (const CorpusDocument& document : GetParam().documents()) {
    for (const XmlLayout layout : kLayouts) {
      const std::string xml = document.twiml.xml(layout);
      const TwimlReading reading = readTwiml(xml);
      EXPECT_TRUE(reading.twiml.has_value() && *reading.twiml == document.twiml)
          << document.name << '\n'
          << xml << '\n'
          << (reading.twiml ? reading.twiml->xml(layout) : "could not be read");
    }
  }
}

TEST_P(TwimlCorpusRoundTrip, FindsFaultWithWhatTheProviderDoesNotKnowAlone) {
  for (const CorpusDocument& document : GetParam().documents()) {
    const bool isUnknown = document.name.starts_with("unknown_");
    EXPECT_THAT(readTwiml(document.twiml.xml()).findings,
                testing::Conditional(isUnknown, Not(IsEmpty()), IsEmpty()))
        << document.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Parts, TwimlCorpusRoundTrip, testing::ValuesIn(support::corpusParts()),
                         [](const auto& part) { return part.param.name; });

}  // namespace
