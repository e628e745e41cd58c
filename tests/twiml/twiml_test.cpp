#include "ivr/twiml/twiml.hpp"

#include "ivr/core/error.hpp"
#include "ivr/twiml/finding.hpp"

#include <gmock/gmock.h>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>

// Numbers in comments: the behaviours of the reference framework that each case covers.

namespace {

using namespace ivr;
using namespace ivr::twiml;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::Values;

constexpr const char* kDeclaration = R"(<?xml version="1.0" encoding="UTF-8"?>)";

/// The document around `verbs`.
std::string expectedResponse(const std::string& verbs) {
  return std::string{kDeclaration} + "<Response>" + verbs + "</Response>";
}

struct Document {
  Twiml twiml;
  std::string verbs;
  friend void PrintTo(const Document& document, std::ostream* out) {
    *out << testing::PrintToString(document.verbs);
  }
};

class TwimlXml : public testing::TestWithParam<Document> {};

TEST_P(TwimlXml, IsWrittenCompactly) {
  EXPECT_EQ(GetParam().twiml.xml(), expectedResponse(GetParam().verbs));
}

INSTANTIATE_TEST_SUITE_P(
    Verbs, TwimlXml,
    Values(Document{{Say{"Hello."}}, "<Say>Hello.</Say>"},
           Document{{Say{.text = "Hi", .language = "en-GB", .loop = 0, .voice = "Polly.Amy"}},
                    R"(<Say language="en-GB" loop="0" voice="Polly.Amy">Hi</Say>)"},
           Document{{Play{"/a.mp3?v=1"}}, "<Play>/a.mp3?v=1</Play>"},
           Document{{Play{.url = "/a.mp3", .loop = 1000}}, R"(<Play loop="1000">/a.mp3</Play>)"},
           Document{{Pause{}}, "<Pause/>"},  //
           Document{{Pause{.length = 2s}}, R"(<Pause length="2"/>)"},
           Document{{Record{}}, "<Record/>"},
           Document{{Record{.action = "/done",
                            .finishOnKey = "#",
                            .maxLength = 60s,
                            .method = HttpMethod::get,
                            .playBeep = false,
                            .recordingStatusCallback = "/status",
                            .timeout = 5s}},
                    R"(<Record action="/done" finishOnKey="#" maxLength="60" method="GET")"
                    R"( playBeep="false" recordingStatusCallback="/status" timeout="5"/>)"},
           Document{{Redirect{"/next"}}, "<Redirect>/next</Redirect>"},
           Document{{Redirect{.url = "/next", .method = HttpMethod::post}},
                    R"(<Redirect method="POST">/next</Redirect>)"},
           Document{{Reject{}}, "<Reject/>"},
           Document{{Reject{.reason = "busy"}}, R"(<Reject reason="busy"/>)"},
           Document{{Hangup{}}, "<Hangup/>"}));

INSTANTIATE_TEST_SUITE_P(
    Gathers, TwimlXml,
    Values(Document{{Gather{}}, "<Gather/>"},
           Document{{Gather{.action = "/choice",
                            .numDigits = 1,
                            .prompt = {Say{"One."}, Pause{1s}, Play{"/a.mp3"}}}},
                    R"(<Gather action="/choice" numDigits="1"><Say>One.</Say><Pause length="1"/>)"
                    "<Play>/a.mp3</Play></Gather>"},
           Document{{Gather{.action = "/choice",
                            .actionOnEmptyResult = true,
                            .finishOnKey = "",
                            .hints = "yes, no",
                            .input = {GatherInput::dtmf, GatherInput::speech},
                            .language = GatherLanguage::enUs,
                            .method = HttpMethod::post,
                            .numDigits = 4,
                            .speechTimeout = Automatic{},
                            .timeout = 10s}},
                    R"(<Gather action="/choice" actionOnEmptyResult="true" finishOnKey="")"
                    R"( hints="yes, no" input="dtmf speech" language="en-US" method="POST")"
                    R"( numDigits="4" speechTimeout="auto" timeout="10"/>)"}));

INSTANTIATE_TEST_SUITE_P(
    Texts, TwimlXml,
    Values(Document{{Say{"Tom & Jerry <3 > 2"}}, "<Say>Tom &amp; Jerry &lt;3 &gt; 2</Say>"},
           Document{{Say{"&amp;"}}, "<Say>&amp;amp;</Say>"},  // escaped once, never guessed
           Document{{Say{"]]>"}}, "<Say>]]&gt;</Say>"},
           Document{{Say{"</Say><Hangup/>"}}, "<Say>&lt;/Say&gt;&lt;Hangup/&gt;</Say>"},
           Document{{Say{"  blanks  "}}, "<Say>  blanks  </Say>"},
           Document{{Say{"Gr\xC3\xBC\xC3\x9F \xF0\x9F\x93\x9E"}},
                    "<Say>Gr\xC3\xBC\xC3\x9F \xF0\x9F\x93\x9E</Say>"},
           Document{{Redirect{"/a?b=1&c=2"}}, "<Redirect>/a?b=1&amp;c=2</Redirect>"},
           Document{{Gather{.action = "/a?b=\"1\"&c=<2"}},
                    R"(<Gather action="/a?b=&quot;1&quot;&amp;c=&lt;2"/>)"}));

INSTANTIATE_TEST_SUITE_P(
    CharactersThatXmlCannotHold, TwimlXml,
    Values(Document{{Say{std::string{"a\0b", 3}}},
                    "<Say>a\xEF\xBF\xBD"
                    "b</Say>"},
           Document{{Say{"a\x01\x1F"
                         "b"}},
                    "<Say>a\xEF\xBF\xBD\xEF\xBF\xBD"
                    "b</Say>"},
           Document{{Say{"a\xFF"
                         "b"}},
                    "<Say>a\xEF\xBF\xBD"
                    "b</Say>"},                                         // not UTF-8
           Document{{Say{"\xEF\xBF\xBE"}}, "<Say>\xEF\xBF\xBD</Say>"},  // U+FFFE
           Document{{Say{"\xEF\xBF\xBF"}}, "<Say>\xEF\xBF\xBD</Say>"},  // U+FFFF
           Document{{Reject{.reason = "a\x02"}}, "<Reject reason=\"a\xEF\xBF\xBD\"/>"}));

TEST(Twiml, VerbsStandInTheirOrder) {
  EXPECT_EQ((Twiml{Say{"One."}, Pause{}, Say{"Two."}, Hangup{}}.xml()),
            expectedResponse("<Say>One.</Say><Pause/><Say>Two.</Say><Hangup/>"));
}

// 33
TEST(Twiml, WithoutVerbsIsExactlyAnEmptyResponse) {
  EXPECT_EQ(Twiml{}.xml(), R"(<?xml version="1.0" encoding="UTF-8"?><Response></Response>)");
}

TEST(Twiml, CopyIsTheSameDocument) {
  const Twiml original{Say{"Hello."}};
  const Twiml copy = original;  // NOLINT(performance-unnecessary-copy-initialization)
  EXPECT_EQ(copy.xml(), original.xml());
}

TEST(Twiml, TakesAVerbThatIsChosenAtRunTime) {
  const Verb verb = Hangup{};
  EXPECT_EQ(Twiml{verb}.xml(), expectedResponse("<Hangup/>"));
}

TEST(Twiml, AttributeThatIsNotGivenIsNotWritten) {
  EXPECT_THAT(Twiml{Gather{.numDigits = 1}}.xml(), Not(HasSubstr("action")));
}

class GoodRawTwiml : public testing::TestWithParam<std::string> {};

// 33
TEST_P(GoodRawTwiml, IsSentByteForByte) { EXPECT_EQ(Twiml::raw(GetParam()).xml(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Vectors, GoodRawTwiml,
    Values("<Response/>", "<Response></Response>", "<Response >\n  <Say>Hi</Say>\n</Response >\n",
           "<?xml version='1.0' encoding='UTF-8'?>\n<Response><Dial>+14155550100</Dial></Response>",
           "<!-- a comment --><Response><!-- another --></Response><!-- last -->",
           "<Response><Say>&amp;&lt;&gt;&quot;&apos;&#38;&#x26;</Say></Response>",
           "<Response><Say><![CDATA[1 < 2]]></Say></Response>",
           "<Response><Say>Gr\xC3\xBC\xC3\x9F</Say></Response>"));

class BadRawTwiml : public testing::TestWithParam<std::string> {};

TEST_P(BadRawTwiml, IsAnErrorInTheApplication) {
  try {
    static_cast<void>(Twiml::raw(GetParam()));
    FAIL() << "it was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
  }
}

INSTANTIATE_TEST_SUITE_P(NotXml, BadRawTwiml,
                         Values("", " ", "Test", "<Response>", "</Response>",
                                "<Response><Say></Response>",
                                "<Response><Say>Tom & Jerry</Say></Response>",
                                "<Response><Say>1 < 2</Say></Response>", "<Response a=1/>",
                                "<Response a='1/>", "<Response><![CDATA[</Response>"));

INSTANTIATE_TEST_SUITE_P(SubtlyNotXml, BadRawTwiml,
                         Values("<Response/>junk", "junk<Response/>", "<Response/><Response/>",
                                "<Response/><Say/>", "<Response a='1' a='2'/>",
                                "<Response>&nbsp;</Response>", "<Response>&#0;</Response>",
                                "<Response>&#x;</Response>", "<Response>]]></Response>",
                                "<Response a='<'/>", "<Response>\x01</Response>",
                                "<Response>\xFF</Response>", "<Response><!-- a -- b --></Response>",
                                std::string{"<Response/>\0", 12},
                                std::string{"<Response>\0</Response>", 22}));

INSTANTIATE_TEST_SUITE_P(OtherRoot, BadRawTwiml,
                         Values("<Say>Hi</Say>", "<response/>", "<Responses/>", "<x:Response/>",
                                "<html><Response/></html>", "<!-- <Response/> -->"));

// ---- Values

TEST(TwimlValue, GivesTheWordOfAChoiceBack) {
  EXPECT_EQ(Choice<RejectReason>{"busy"}.word(), RejectReason::busy);
  EXPECT_EQ(Choice<RejectReason>{RejectReason::rejected}.word(), RejectReason::rejected);
  EXPECT_EQ(Choice<RejectReason>{"tired"}.word(), std::nullopt);
  EXPECT_EQ(Choice<HttpMethod>{"POST"}.word(), HttpMethod::post);
  EXPECT_EQ(Choice<SayVoice>{"Polly.Vicki-Generative"}.word(), SayVoice::pollyVickiGenerative);
  EXPECT_EQ(Choice<SayLanguage>{""}.word(), std::nullopt);
}

TEST(TwimlValue, GivesThePlainTextThatIsHeard) {
  EXPECT_EQ(Say{"Hello."}.text.plainText(), "Hello.");
  const Say say{{"Your ", SsmlSub{.text = "no.", .alias = "number"}, " is ",
                 SsmlEmphasis{.text = {"very ", SsmlSayAs{.text = "12"}}}, SsmlBreak{}, ".",
                 XmlElement{.name = "x",
                            .content = {" So ", XmlElement{.name = "y", .content = {"there"}}}}}};
  EXPECT_EQ(say.text.plainText(), "Your number is very 12. So there");
}

TEST(TwimlValue, IsPrintedAsItIsReadBest) {
  std::ostringstream out;
  out << Twiml{Say{"Hi"}} << Choice<RejectReason>{"busy"} << ' ' << TextPosition{3, 7} << ' '
      << Severity::error << ' '
      << Finding{.rule = "unreachable", .position = {2, 1}, .message = "never"};
  EXPECT_EQ(out.str(), std::string{kDeclaration} +
                           "\n<Response>\n  <Say>Hi</Say>\n</Response>\nbusy 3:7 error 2:1: "
                           "warning[unreachable]: never");
}

}  // namespace
