#include "ivr/twiml/format.hpp"

#include "ivr/twiml/reader.hpp"
#include "twiml/corpus.hpp"
#include "twiml/lint_vectors.hpp"

#include <gmock/gmock.h>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::twiml;

std::string formatted(const std::string& text) { return formatTwiml(text).value_or("(refused)"); }

TEST(TwimlFormat, HasOneElementToALine) {
  EXPECT_EQ(
      formatted(
          "<?xml version='1.0'?><Response ><Gather  action = '/a'\n numDigits=\"1\" ><Say>One?"
          "</Say><Pause></Pause></Gather><Hangup/></Response>"),
      R"(<?xml version='1.0'?>
<Response>
  <Gather action="/a" numDigits="1">
    <Say>One?</Say>
    <Pause/>
  </Gather>
  <Hangup/>
</Response>
)");
}

TEST(TwimlFormat, KeepsCommentsAndBlankLinesBetweenVerbs) {
  const std::string text = R"(<?xml version="1.0"?>
<!-- The menu,
     of two dishes. -->
<Response>
  <Say>Hello.</Say>  <!-- to all -->


  <!-- then -->
  <Gather action="/a">
    <!-- nothing yet -->
  </Gather>

  <Hangup/>
  <!-- the end -->
</Response>
<!-- indeed -->
)";
  EXPECT_EQ(formatted(text), R"(<?xml version="1.0"?>
<!-- The menu,
     of two dishes. -->
<Response>
  <Say>Hello.</Say> <!-- to all -->

  <!-- then -->
  <Gather action="/a">
    <!-- nothing yet -->
  </Gather>

  <Hangup/>
  <!-- the end -->
</Response>
<!-- indeed -->
)");
}

TEST(TwimlFormat, LeavesWhatIsSpokenAndWhatIsUnknownAsItIs) {
  const std::string say = "<Say>  One <break/>\n two <![CDATA[ & ]]> three &#x20AC; </Say>";
  const std::string unknown = "<Dance a='\"'><b/> <c> </c>\n</Dance>";
  EXPECT_EQ(formatted("<Response>" + say + unknown + "</Response>"),
            "<Response>\n  " + say + "\n  " + unknown + "\n</Response>\n");
}

TEST(TwimlFormat, RefusesWhatTheProviderWouldRefuse) {
  EXPECT_EQ(formatTwiml("<Response><Say>a & b</Say></Response>"), std::nullopt);
  EXPECT_EQ(formatTwiml("<html/>"), std::nullopt);
  EXPECT_EQ(formatTwiml(""), std::nullopt);
}

void expectToMeanTheSame(const std::string& text, const std::string& name) {
  const TwimlReading reading = readTwiml(text);
  const auto once = formatTwiml(text);
  ASSERT_EQ(once.has_value(), reading.twiml.has_value()) << name;
  if (!once) return;
  EXPECT_EQ(readTwiml(*once).twiml, reading.twiml) << name << '\n' << *once;
  EXPECT_EQ(formatTwiml(*once), once) << name;
}

TEST(TwimlFormat, MeansTheSameAndStaysAsItIsWhenDoneAgain) {
  for (const support::CorpusDocument& document : support::corpus()) {
    expectToMeanTheSame(document.twiml.xml(), document.name);
  }
  for (const char* const file : {"correct.txt", "correct_attributes.txt", "faulty.txt"}) {
    for (const support::LintVector& vector : support::lintVectors(file)) {
      expectToMeanTheSame(vector.text, vector.name);
    }
  }
}

}  // namespace
