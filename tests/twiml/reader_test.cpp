#include "ivr/twiml/reader.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::twiml;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string inResponse(const std::string& verbs) { return "<Response>" + verbs + "</Response>"; }

/// The verbs of a document without findings.
std::vector<Verb> sound(const std::string& verbs) {
  const TwimlReading reading = readTwiml(inResponse(verbs));
  EXPECT_THAT(reading.findings, IsEmpty()) << verbs;
  EXPECT_TRUE(reading.twiml.has_value()) << verbs;
  return reading.twiml ? reading.twiml->verbs() : std::vector<Verb>{};
}

/// The verb of a document with a single one.
template <class Element>
Element the(const std::vector<Verb>& verbs) {
  EXPECT_THAT(verbs, SizeIs(1));
  return std::get<Element>(verbs.at(0));
}

/// The spoken text, without SSML.
std::string spoken(const std::string& inSay) {
  const Say say = the<Say>(sound("<Say>" + inSay + "</Say>"));
  EXPECT_THAT(say.text.parts(), SizeIs(1));
  return std::get<std::string>(say.text.parts().at(0));
}

std::string callerId(const std::string& attribute) {
  return the<Dial>(sound("<Dial " + attribute + ">+14155550100</Dial>")).callerId.value();
}

// ---- Texts

TEST(TwimlReader, ResolvesReferencesOnce) {
  EXPECT_EQ(spoken("&amp;&lt;&gt;&quot;&apos;&#38;&#x26;&#xfc;&#x1F4DE;"), "&<>\"'&&ü📞");
  EXPECT_EQ(spoken("&amp;amp; &amp;#38; &amp;lt;Dial>"), "&amp; &#38; &lt;Dial>");
  EXPECT_EQ(callerId("callerId='&amp;quot;'"), "&quot;");
}

TEST(TwimlReader, JoinsATextThatCommentsAndSectionsDivide) {
  EXPECT_EQ(spoken("a<!-- b -->c<![CDATA[ <d> & ]]>e<?f g?>h"), "ac <d> & eh");
}

// XML 1.0, section 2.11
TEST(TwimlReader, ReadsEveryEndOfLineAsOneNewline) {
  EXPECT_EQ(spoken("a\r\nb\rc\nd\r\r\ne"), "a\nb\nc\nd\n\ne");
  EXPECT_EQ(spoken("a&#13;&#10;b"), "a\r\nb");
}

// XML 1.0, section 3.3.3
TEST(TwimlReader, ReadsWhitespaceInAttributesAsBlanks) {
  EXPECT_EQ(callerId("callerId='a\tb\nc\rd\r\ne'"), "a b c d e");
  EXPECT_EQ(callerId("callerId='a&#9;b&#10;c&#13;d'"), "a\tb\nc\rd");
}

TEST(TwimlReader, TakesEitherQuoteAndTheOtherInside) {
  EXPECT_EQ(callerId("callerId='say \"hi\"'"), "say \"hi\"");
  EXPECT_EQ(callerId("callerId=\"it's\""), "it's");
  EXPECT_EQ(callerId("callerId \n =\t 'spaced' "), "spaced");
}

TEST(TwimlReader, KeepsBlanksThatAreSpokenAndDropsThoseBetweenVerbs) {
  EXPECT_EQ(spoken("  Hello  "), "  Hello  ");
  EXPECT_THAT(sound("\n  <Pause/>\r\n\t<Hangup />\n"), SizeIs(2));
}

TEST(TwimlReader, ReadsWithoutADeclarationOrWithAnyThatMeansUtf8) {
  for (const char* declaration :
       {"", "<?xml version='1.0'?>", "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?>\n",
        "<?xml version='1.0' encoding='US-ASCII' standalone='yes' ?>", "\n<!-- menu -->\n",
        "<?xml version=\"1.0\"?><?xml-stylesheet href='a'?>"}) {
    const TwimlReading reading = readTwiml(declaration + inResponse("<Hangup/>"));
    EXPECT_TRUE(reading.twiml && *reading.twiml == Twiml{Hangup{}}) << declaration;
  }
}

// ---- Values

TEST(TwimlReader, GivesAttributesTheirTypes) {
  EXPECT_EQ(the<Record>(sound(R"(<Record action="/done" maxLength="60" playBeep="false"/>)")),
            (Record{.action = "/done", .maxLength = 60s, .playBeep = false}));
  EXPECT_EQ(
      the<Gather>(sound(R"(<Gather action="" input=" dtmf  speech" numDigits="4"/>)")),
      (Gather{.action = "", .input = {GatherInput::dtmf, GatherInput::speech}, .numDigits = 4}));
  EXPECT_EQ(the<Gather>(sound(R"(<Gather speechTimeout="auto"/>)")).speechTimeout,
            (SecondsOrAuto{Automatic{}}));
  EXPECT_EQ(the<Gather>(sound(R"(<Gather speechTimeout="3"/>)")).speechTimeout,
            (SecondsOrAuto{3s}));
}

TEST(TwimlReader, TakesAWordThatTheProviderMayHaveAdded) {
  EXPECT_EQ(the<Say>(sound(R"(<Say voice="Polly.Someone-Neural">Hi</Say>)")).voice,
            "Polly.Someone-Neural");
  EXPECT_EQ(the<Say>(sound(R"(<Say language="en-GB">Hi</Say>)")).language, SayLanguage::enGb);
}

TEST(TwimlReader, TakesABreakInMillisecondsOrSeconds) {
  const auto breakOf = [](const std::string& time) {
    const Say say = the<Say>(sound("<Say>a<break time='" + time + "'/></Say>"));
    return std::get<SsmlBreak>(say.text.parts().at(1)).time.value();
  };
  EXPECT_EQ(breakOf("500ms"), 500ms);
  EXPECT_EQ(breakOf("2s"), 2s);
  EXPECT_EQ(breakOf("0.25s"), 250ms);
}

TEST(TwimlReader, NestsElementsAsTheXmlDoes) {
  EXPECT_EQ(readTwiml(inResponse("<Gather action='/a'><Say>One <emphasis>or</emphasis> two?</Say>"
                                 "<Pause/></Gather><Dial><Conference>Room</Conference></Dial>"))
                .twiml,
            (Twiml{Gather{.action = "/a",
                          .prompt = {Say{{"One ", SsmlEmphasis{.text = "or"}, " two?"}}, Pause{}}},
                   Dial{.nouns = {Conference{.name = "Room"}}}}));
}

// ---- Unknown names

struct Kept {
  std::string name;
  std::string verbs;
  std::vector<std::string> findings;

  friend void PrintTo(const Kept& one, std::ostream* out) { *out << one.name; }
};

class UnknownTwiml : public testing::TestWithParam<Kept> {};

TEST_P(UnknownTwiml, IsReportedWithItsPlaceAndWrittenAgain) {
  const TwimlReading reading = readTwiml(inResponse(GetParam().verbs));
  std::vector<std::string> findings;
  for (const Finding& finding : reading.findings) findings.push_back(describe(finding, "f"));
  EXPECT_EQ(findings, GetParam().findings);
  ASSERT_TRUE(reading.twiml);
  EXPECT_THAT(reading.twiml->xml(), HasSubstr(inResponse(GetParam().verbs)));
}

INSTANTIATE_TEST_SUITE_P(
    Twiml, UnknownTwiml,
    testing::Values(
        Kept{"Verb",
             R"(<Dance step="2">to <b>this</b></Dance>)",
             {"f:1:11: warning[12200]: <Dance> does not belong in <Response> (unknown-element)"}},
        Kept{"MisspeltVerb",
             "<Hangupp/>",
             {"f:1:11: error[12200]: <Hangupp> does not belong in <Response>; did you mean "
              "Hangup? (misspelt-element)"}},
        Kept{"VerbInTheWrongPlace",
             "<Gather><Hangup/></Gather>",
             {"f:1:19: warning[13320]: <Hangup> does not belong in <Gather>; it stands in "
              "<Response> (misplaced-element)"}},
        Kept{"Attribute",
             R"(<Say volume="11">Hi</Say>)",
             {"f:1:16: warning[12200]: <Say> has no attribute volume (unknown-attribute)"}},
        Kept{"MisspeltAttribute",
             R"(<Gather timeOut="5"/>)",
             {"f:1:19: warning[12200]: <Gather> has no attribute timeOut; did you mean timeout? "
              "(unknown-attribute)"}},
        Kept{"ValueOfAnotherType",
             R"(<Record timeout="soon"/>)",
             {"f:1:19: warning[13611]: timeout=\"soon\" is not a whole number of seconds "
              "(invalid-value)"}},
        Kept{"ValueOutsideItsLimits",
             R"(<Gather numDigits="0"/>)",
             {"f:1:19: warning[13314]: numDigits=\"0\" must be 1 or more (invalid-value)"}},
        Kept{"Word",
             R"(<Reject reason="tired"/>)",
             {"f:1:19: warning[13810]: reason=\"tired\" must be one of rejected, busy "
              "(invalid-value)"}},
        Kept{"ElementInAnEmptyVerb",
             "<Hangup><Say>Bye</Say></Hangup>",
             {"f:1:19: warning[12200]: <Say> does not belong in <Hangup>; it stands in "
              "<Gather>, <Prompt>, <Response> (misplaced-element)"}},
        Kept{"ElementInAVerbOfTextAlone",
             "<Redirect>/a<b/></Redirect>",
             {"f:1:23: warning[12200]: no element may stand inside <Redirect> "
              "(misplaced-element)"}},
        Kept{"SsmlElement",
             "<Say>a<shout>b</shout></Say>",
             {"f:1:17: warning[12200]: <shout> does not belong in <Say> (unknown-element)"}}),
    [](const auto& one) { return one.param.name; });

TEST(TwimlReader, ReportsTextThatNobodyHears) {
  const TwimlReading reading = readTwiml("<Response>\n  Hello\n<Hangup/></Response>");
  ASSERT_THAT(reading.findings, SizeIs(1));
  EXPECT_EQ(describe(reading.findings[0], "f"),
            "f:2:3: warning[12200]: text does not belong in <Response>, and nobody hears it "
            "(stray-text)");
  EXPECT_EQ(reading.twiml, Twiml{Hangup{}});
}

TEST(TwimlReader, NeverJoinsTheTextsAroundANoun) {
  const TwimlReading reading = readTwiml(inResponse(
      "<Dial>+1415555<Number>+14155550101</Number>0100</Dial><Enqueue><Task>{}</Task>q</Enqueue>"));
  ASSERT_THAT(reading.findings, SizeIs(2));
  EXPECT_EQ(
      describe(reading.findings[0], "f"),
      "f:1:54: warning[12200]: text behind the elements of <Dial> is no part of the text before "
      "them (stray-text)");
  EXPECT_EQ(reading.twiml,
            (Twiml{Dial{.phoneNumber = "+1415555", .nouns = {Number{"+14155550101"}}},
                   Enqueue{.nouns = {Task{"{}"}}}}));
}

// ---- Places

TEST(TwimlReader, CountsLinesFromOneAndColumnsInBytes) {
  const auto placeOf = [](const std::string& text) {
    const TwimlReading reading = readTwiml(text);
    return reading.findings.empty() ? TextPosition{0, 0} : reading.findings[0].position;
  };
  EXPECT_EQ(placeOf("<Response><No/></Response>"), (TextPosition{1, 11}));
  EXPECT_EQ(placeOf("<Response>\n\n  <No/></Response>"), (TextPosition{3, 3}));
  EXPECT_EQ(placeOf("<Response>\r\n\r\n  <No/></Response>"), (TextPosition{3, 3}));
  EXPECT_EQ(placeOf("\xEF\xBB\xBF<Response><No/></Response>"), (TextPosition{1, 11}));
  EXPECT_EQ(placeOf("<Response><Say>ü📞</Say><No/></Response>"), (TextPosition{1, 28}));
  EXPECT_EQ(placeOf("<Response>\n<Dial>\n<Client\n no='1'/></Dial></Response>"),
            (TextPosition{4, 2}));
  EXPECT_EQ(placeOf("<Response>\n<Say>a\nb & c"), (TextPosition{3, 3}));
  EXPECT_EQ(placeOf("<Response>\n"), (TextPosition{2, 1}));
}

TEST(TwimlReader, ReportsInTheOrderOfTheTextUpToWhatCannotBeRead) {
  const TwimlReading reading =
      readTwiml("<Response>\n<Say a='1'>x</Say>\n<No/>\n<Say>&nbsp;</Say><Nor/></Response>");
  EXPECT_FALSE(reading.twiml);
  std::vector<std::string_view> codes;
  std::vector<std::size_t> lines;
  for (const Finding& finding : reading.findings) {
    codes.push_back(finding.code);
    lines.push_back(finding.position.line);
  }
  EXPECT_THAT(codes, ElementsAre("12200", "12200", "12100"));
  EXPECT_THAT(lines, ElementsAre(2, 3, 4));
}

// ---- Refused documents

struct Refusal {
  std::string name;
  std::string text;
  std::string start;  ///< Of the last finding.

  friend void PrintTo(const Refusal& one, std::ostream* out) { *out << one.name; }
};

class RefusedTwiml : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedTwiml, IsAnErrorWithAPlace) {
  const TwimlReading reading = readTwiml(GetParam().text);
  EXPECT_FALSE(reading.twiml);
  ASSERT_FALSE(reading.findings.empty());
  EXPECT_THAT(describe(reading.findings.back(), "f"), testing::StartsWith(GetParam().start));
}

std::string nested(std::size_t depth, const std::string& name) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += '<' + name + '>';
  for (std::size_t i = 0; i < depth; ++i) text += "</" + name + '>';
  return text;
}

std::string manyAttributes(std::size_t count) {
  std::string text = "<Say";
  for (std::size_t i = 0; i < count; ++i) text += " a" + std::to_string(i) + "=''";
  return inResponse(text + ">Hi</Say>");
}

const std::string kBillionLaughs = R"(<?xml version="1.0"?>
<!DOCTYPE Response [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<Response><Say>&b;</Say></Response>)";

INSTANTIATE_TEST_SUITE_P(
    Text, RefusedTwiml,
    testing::Values(
        Refusal{"Nothing", "", "f:1:1: error[11770]: "},
        Refusal{"Blanks", " \n ", "f:2:2: error[11770]: "},
        Refusal{"OtherRoot", "<html/>", "f:1:1: error[12102]: the root element is <html>"},
        Refusal{"RootInLowerCase", "<response/>", "f:1:1: error[12102]: "},
        Refusal{"TwoRoots", "<Response/>\n<Response/>", "f:2:1: error[12100]: "},
        Refusal{"TextBehindTheRoot", "<Response/>.", "f:1:12: error[12100]: "},
        Refusal{"TextBeforeTheRoot", "200 <Response/>", "f:1:1: error[12100]: "},
        Refusal{"NotClosed", "<Response>\n<Say>", "f:2:6: error[12100]: <Say> is not closed"},
        Refusal{"Crossed", "<Response><Say></Response></Say>",
                "f:1:18: error[12100]: <Say> must be closed first"},
        Refusal{"NoQuotes", "<Response><Pause length=1/></Response>", "f:1:25: error[12100]: "},
        Refusal{"LessInAnAttribute", inResponse("<Say voice='<'/>"), "f:1:23: error[12100]: "},
        Refusal{"KnownAttributeTwice", inResponse("<Say loop='1' loop='1'/>"),
                "f:1:25: error[12100]: the attribute loop is given twice"},
        Refusal{"OtherAttributeTwice", inResponse("<Say no='1' no='2'/>"),
                "f:1:23: error[12100]: the attribute no is given twice"},
        Refusal{"EndOfSectionInText", inResponse("<Say>]]></Say>"), "f:1:16: error[12100]: "},
        Refusal{"DashesInAComment", inResponse("<!-- a -- b -->"), "f:1:18: error[12100]: "},
        Refusal{"DeclarationElsewhere", " <?xml version='1.0'?><Response/>",
                "f:1:2: error[12100]: "},
        Refusal{"OtherVersion", "<?xml version='1.1'?><Response/>", "f:1:16: error[12101]: "},
        Refusal{"Latin1", "<?xml version='1.0' encoding='iso-8859-1'?><Response/>",
                "f:1:31: error[12100]: "},
        Refusal{"NoAscii",
                "<?xml version='1.0' encoding='us-ascii'?>\n<Response>\xC3\xBC</Response>",
                "f:2:11: error[12100]: the declaration says US-ASCII"},
        Refusal{"Utf16", std::string{"\xFF\xFE<\0R\0", 6}, "f:1:1: error[12100]: this is UTF-16"}),
    [](const auto& one) { return one.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Characters, RefusedTwiml,
    testing::Values(
        Refusal{"Overlong", inResponse("<Say>\xC0\xAF</Say>"), "f:1:16: error[12100]: "},
        Refusal{"Surrogate", inResponse("<Say>\xED\xA0\x80</Say>"),
                "f:1:16: error[12100]: this is not UTF-8"},
        Refusal{"BeyondUnicode", inResponse("<Say>a\xF4\x90\x80\x80</Say>"),
                "f:1:17: error[12100]: "},
        Refusal{"CutOff", inResponse("<Say>\xC3</Say>"), "f:1:16: error[12100]: "},
        Refusal{"NoUtf8InAnAttribute", inResponse("<Say voice='\xFF'/>"), "f:1:23: error[12100]: "},
        Refusal{"NoUtf8InAComment", inResponse("<!--\xFF-->"), "f:1:15: error[12100]: "},
        Refusal{"Control", inResponse("<Say>a\x01</Say>"), "f:1:17: error[12100]: "},
        Refusal{"ControlByReference", inResponse("<Say>&#1;</Say>"), "f:1:16: error[12100]: "},
        Refusal{"Nul", inResponse(std::string{"<Say>\0</Say>", 12}), "f:1:16: error[12100]: "},
        Refusal{"NoCharacter", inResponse("<Say>\xEF\xBF\xBE</Say>"), "f:1:16: error[12100]: "},
        Refusal{"NumberBeyondUnicode", inResponse("<Say>&#x110000;</Say>"),
                "f:1:16: error[12100]: "},
        Refusal{"NumberWithoutEnd", inResponse("<Say>&#99999999999999999999;</Say>"),
                "f:1:16: error[12100]: "},
        Refusal{"BareAmpersand", inResponse("<Say>a & b</Say>"),
                "f:1:18: error[12100]: this & begins no reference that XML knows; "
                "write &amp; (not-xml)"},
        Refusal{"Nbsp", inResponse("<Say>&nbsp;</Say>"), "f:1:16: error[12100]: "}),
    [](const auto& one) { return one.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Attack, RefusedTwiml,
    testing::Values(
        Refusal{"BillionLaughs", kBillionLaughs, "f:2:1: error[12100]: a document type"},
        Refusal{"ExternalEntity",
                "<!DOCTYPE Response [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><Response>&a;"
                "</Response>",
                "f:1:1: error[12100]: "},
        Refusal{"ParameterEntity", "<!DOCTYPE Response [<!ENTITY % a 'b'> %a;]><Response/>",
                "f:1:1: error[12100]: "},
        Refusal{"PlainDoctype", "<!DOCTYPE Response><Response/>", "f:1:1: error[12100]: "},
        Refusal{"DeepVerbs", inResponse(nested(101, "a")), "f:1:311: error[12100]: elements stand"},
        Refusal{"DeepSsml", inResponse("<Say>" + nested(100, "p") + "</Say>"),
                "f:1:313: error[12100]: elements stand"},
        Refusal{"DeepInsideAnotherRoot", nested(9000, "a"), "f:1:304: error[12100]: "},
        Refusal{"MegabyteOfNesting", inResponse(nested(150'000, "a")),
                "f:1:65537: error[11750]: the document is longer than the 65536 bytes"},
        Refusal{"ManyAttributes", manyAttributes(101), "f:1:706: error[12100]: too many"}),
    [](const auto& one) { return one.param.name; });

TEST(TwimlReader, TakesWhatIsJustWithinItsLimits) {
  EXPECT_TRUE(readTwiml(inResponse(nested(100, "a"))).twiml);
  EXPECT_TRUE(readTwiml(manyAttributes(100)).twiml);
  const std::string longest = inResponse("<Say>" + std::string(65536 - 32, 'a') + "</Say>");
  ASSERT_EQ(longest.size(), 65536);
  EXPECT_TRUE(readTwiml(longest).twiml);
  EXPECT_FALSE(readTwiml(longest + ' ').twiml);
}

TEST(TwimlReader, RefusesEveryBeginningOfADocumentAndSaysWhere) {
  const std::string document =
      "\xEF\xBB\xBF<?xml version='1.0' encoding='UTF-8'?><!-- ü -->\n"
      "<Response a='1'><Say voice=\"x\">a<![CDATA[b]]><break time='1s'/>&amp;&#x1F4DE;📞</Say>\n"
      "<No><b c='d'>e</b></No><?f g?><Hangup/></Response>";
  ASSERT_TRUE(readTwiml(document).twiml);
  for (std::size_t length = 0; length < document.size(); ++length) {
    const TwimlReading reading = readTwiml(document.substr(0, length));
    ASSERT_FALSE(reading.twiml) << length;
    const Finding& refusal = reading.findings.back();
    EXPECT_EQ(refusal.severity, Severity::error);
    EXPECT_LE(refusal.position.line, 3);
    EXPECT_LE(refusal.position.column, length + 1);
  }
}

}  // namespace
