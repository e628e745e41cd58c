// How `Twiml::xml` writes texts and layouts; twiml_test.cpp has the verbs.

#include "ivr/core/error.hpp"
#include "ivr/twiml/reader.hpp"
#include "support/xml_tree.hpp"

#include <gmock/gmock.h>
#include <optional>
#include <string>
#include <utility>

namespace {

using namespace ivr;
using namespace ivr::twiml;
using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;

constexpr const char* kXmlDeclaration = R"(<?xml version="1.0" encoding="UTF-8"?>)";

std::string writtenResponse(const std::string& verbs) {
  return kXmlDeclaration + ("<Response>" + verbs + "</Response>");
}

/// Why a document is not written; empty if it is.
std::optional<ErrorKind> refusalOf(const Twiml& twiml) {
  try {
    static_cast<void>(twiml.xml());
    return std::nullopt;
  } catch (const Error& error) {
    return error.kind();
  }
}

// ---- Texts

TEST(TwimlWriter, EscapesWhatReadersWouldTakeForSomethingElse) {
  EXPECT_EQ(
      Twiml{Say{"a & b < c > d \"e\" 'f' &amp; ]]>\r\n\tg"}}.xml(),
      writtenResponse("<Say>a &amp; b &lt; c &gt; d \"e\" 'f' &amp;amp; ]]&gt;&#13;\n\tg</Say>"));
  EXPECT_EQ((Twiml{Play{.digits = "a & b < c > d \"e\" 'f'\r\n\tg"}}.xml()),
            writtenResponse(
                "<Play digits=\"a &amp; b &lt; c &gt; d &quot;e&quot; 'f'&#13;&#10;&#9;g\"/>"));
}

TEST(TwimlWriter, KeepsATextFromBecomingAVerb) {
  const std::string attack = "\"/></Say><Dial>+14155550100</Dial><Say a=\"";
  const support::XmlTree tree = support::readXmlTree(Twiml{
      Say{.text = attack, .voice = attack}, Play{.url = attack, .digits = attack},
      Dial{.phoneNumber = attack, .callerId = attack}}.xml());
  ASSERT_EQ(tree.content.size(), 3);
  const auto& say = std::get<support::XmlTree>(tree.content[0]);
  EXPECT_EQ(say.attributes, (std::map<std::string, std::string>{{"voice", attack}}));
  EXPECT_EQ(std::get<std::string>(say.content.at(0)), attack);
}

TEST(TwimlWriter, WritesXmlWhateverBytesItIsGiven) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) {
    bytes += static_cast<char>(byte);
    bytes += "\xED\xA0\x80\xEF\xBF\xBF";
  }
  const std::string xml =
      Twiml{Say{.text = bytes, .voice = bytes},
            XmlElement{.name = "X", .attributes = {{"a", bytes}}, .content = {bytes}}}
          .xml();
  EXPECT_NO_THROW(support::readXmlTree(xml));
  EXPECT_TRUE(readTwiml(xml).twiml);
}

// ---- Values

TEST(TwimlWriter, WritesAttributesInTheOrderOfTheSchemaAndThenTheOthers) {
  EXPECT_EQ((Twiml{Gather{.action = "/a",
                          .input = {GatherInput::dtmf, GatherInput::speech},
                          .numDigits = 1,
                          .speechTimeout = Automatic{},
                          .timeout = 5s,
                          .otherAttributes = {{"z", "1"}, {"b", "2"}}}}
                 .xml()),
            writtenResponse(R"(<Gather action="/a" input="dtmf speech" numDigits="1" )"
                            R"(speechTimeout="auto" timeout="5" z="1" b="2"/>)"));
}

TEST(TwimlWriter, WritesNumbersAsTheyAreHoweverOdd) {
  EXPECT_EQ((Twiml{Pause{.length = std::chrono::seconds::min()}, Pause{.length = -1s}}.xml()),
            writtenResponse(R"(<Pause length="-9223372036854775808"/><Pause length="-1"/>)"));
  EXPECT_EQ((Twiml{Say{{"a", SsmlBreak{.time = 1500ms}}}}.xml()),
            writtenResponse(R"(<Say>a<break time="1500ms"/></Say>)"));
}

// ---- Layouts

TEST(TwimlWriter, IndentsElementsAndLeavesAloneWhatIsSpoken) {
  EXPECT_EQ((Twiml{Gather{.action = "/a",
                          .prompt = {Say{{"One ", SsmlEmphasis{.text = "or"}, "\n two? "}}}},
                   Dial{.nouns = {Conference{.name = "Room"}}}, Hangup{}}
                 .xml(XmlLayout::indented)),
            std::string{kXmlDeclaration} + R"(
<Response>
  <Gather action="/a">
    <Say>One <emphasis>or</emphasis>
 two? </Say>
  </Gather>
  <Dial>
    <Conference>Room</Conference>
  </Dial>
  <Hangup/>
</Response>
)");
}

TEST(TwimlWriter, LeavesARawDocumentAsItIsWhateverTheLayout) {
  const std::string text = "<Response> <Hangup />\n</Response>";
  EXPECT_EQ(Twiml::raw(text).xml(XmlLayout::indented), text);
}

// ---- What the provider would refuse

TEST(TwimlWriter, RefusesMoreThanTheProviderTakes) {
  const std::size_t around = Twiml{Say{"a"}}.xml().size() - 1;
  EXPECT_EQ(Twiml{Say{std::string(kMaxTwimlBytes - around, 'a')}}.xml().size(), kMaxTwimlBytes);
  EXPECT_EQ(refusalOf(Twiml{Say{std::string(kMaxTwimlBytes - around + 1, 'a')}}), ErrorKind::usage);
  EXPECT_EQ(refusalOf(Twiml{Say{std::string(kMaxTwimlBytes / 5, '&')}}), ErrorKind::usage);
}

TEST(TwimlWriter, RefusesNamesThatXmlDoesNotAllow) {
  for (const char* name : {"", "1st", "a b", "a>", "-a", "a\xFF", "a=\"1\"", "\xC3\x97", "a/"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(refusalOf(Twiml{XmlElement{.name = name}}), ErrorKind::usage);
    EXPECT_EQ(refusalOf(Twiml{Hangup{.otherAttributes = {{name, "1"}}}}), ErrorKind::usage);
  }
  EXPECT_THAT((Twiml{XmlElement{.name = "é:a-1.b"}}.xml()), EndsWith("<é:a-1.b/></Response>"));
}

TEST(TwimlWriter, RefusesAnAttributeThatIsGivenTwice) {
  EXPECT_EQ(refusalOf(Twiml{Hangup{.otherAttributes = {{"a", "1"}, {"a", "2"}}}}),
            ErrorKind::usage);
  EXPECT_EQ(refusalOf(Twiml{Say{.text = "Hi", .loop = 1, .otherAttributes = {{"loop", "2"}}}}),
            ErrorKind::usage);
  try {
    static_cast<void>(Twiml{Hangup{.otherAttributes = {{"a", "1"}, {"a", "2"}}}}.xml());
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("the attribute a of <Hangup> is given twice"));
  }
}

TEST(TwimlWriter, RefusesElementsThatStandTooDeepToBeRead) {
  const auto nested = [](int depth) {
    XmlElement element{.name = "a"};
    for (int i = 1; i < depth; ++i) {
      XmlElement parent{.name = "a"};
      parent.content.emplace_back(std::move(element));
      element = std::move(parent);
    }
    return Twiml{std::move(element)};
  };
  EXPECT_EQ(readTwiml(nested(100).xml()).twiml, nested(100));
  EXPECT_EQ(refusalOf(nested(101)), ErrorKind::usage);
  EXPECT_EQ(refusalOf(nested(2'000)), ErrorKind::usage);
}

}  // namespace
