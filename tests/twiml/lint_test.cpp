#include "ivr/twiml/lint.hpp"

#include "twiml/corpus.hpp"
#include "twiml/schema.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ivr;
using support::Schema;
using testing::Contains;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Texts = std::vector<std::string>;

constexpr std::string_view kStart = "<Response>";

std::string response(const std::string& verbs) {
  return std::string{kStart} + verbs + "</Response>";
}

/// What is found in the verbs, with columns counted from the first verb: `1:1 error 13420`.
Texts found(const std::string& verbs, TwimlUse use = TwimlUse::call) {
  Texts texts;
  for (const Finding& finding : lintTwiml(response(verbs), use)) {
    const std::size_t inFront = finding.position.line == 1 ? kStart.size() : 0;
    texts.push_back(std::to_string(finding.position.line) + ':' +
                    std::to_string(finding.position.column - inFront) +
                    (finding.severity == Severity::error ? " error " : " warning ") +
                    std::string{finding.code});
  }
  return texts;
}

/// A document in which a rule finds something, and one that differs in that alone.
struct Rule {
  std::string name;
  std::string bad;
  Texts finds;
  std::string good;
  TwimlUse use = TwimlUse::call;

  friend void PrintTo(const Rule& rule, std::ostream* out) { *out << rule.name; }
};

class TwimlLint : public testing::TestWithParam<Rule> {};

TEST_P(TwimlLint, FindsWhatIsWrongAndNothingBesideIt) {
  EXPECT_THAT(found(GetParam().bad, GetParam().use), ElementsAreArray(GetParam().finds));
  EXPECT_THAT(found(GetParam().good, GetParam().use), IsEmpty());
}

constexpr auto kNameOfRule = [](const auto& rule) { return rule.param.name; };

const std::string kGood = "<Gather action='/a'><Say>One?</Say></Gather><Redirect>/a</Redirect>";

INSTANTIATE_TEST_SUITE_P(
    Order, TwimlLint,
    testing::Values(
        Rule{"BehindRedirect",
             "<Redirect>/a</Redirect><Say>Hi</Say><Hangup/>",
             {"1:24 warning unreachable"},
             "<Say>Hi</Say><Redirect>/a</Redirect>"},
        Rule{"BehindHangup",
             "<Hangup/><Say>Hi</Say>",
             {"1:10 warning unreachable"},
             "<Say>Hi</Say><Hangup/>"},
        Rule{"BehindReject", "<Reject/><Say>Hi</Say>", {"1:10 warning unreachable"}, "<Reject/>"},
        Rule{"BehindLeave",
             "<Leave/><Say>Hi</Say>",
             {"1:9 warning unreachable"},
             "<Say>Hi</Say><Leave/>"},
        Rule{"BehindRecord",
             "<Record action='/a'/><Say>Hi</Say>",
             {"1:22 warning unreachable"},
             "<Say>Hi</Say><Record action='/a'/>"},
        Rule{
            "BehindPay", "<Pay/><Say>Hi</Say>", {"1:7 warning unreachable"}, "<Say>Hi</Say><Pay/>"},
        Rule{"BehindDialWithAction",
             "<Dial action='/a'>+14155550100</Dial><Say>Hi</Say>",
             {"1:38 warning unreachable"},
             "<Dial>+14155550100</Dial><Say>Hi</Say>"},
        Rule{"BehindConnectWithAction",
             "<Connect action='/a'><Room>r</Room></Connect><Say>Hi</Say>",
             {"1:46 warning unreachable"},
             "<Connect><Room>r</Room></Connect><Say>Hi</Say>"},
        Rule{"BehindEnqueueWithAction",
             "<Enqueue action='/a'>q</Enqueue><Say>Hi</Say>",
             {"1:33 warning unreachable"},
             "<Enqueue>q</Enqueue><Say>Hi</Say>"},
        Rule{"RejectAfterAnswer",
             "<Say>Hi</Say><Reject/>",
             {"1:14 warning reject-after-answer"},
             "<Reject reason='busy'/>"},
        Rule{"StartAlone",
             "<Start><Recording/></Start>",
             {"1:1 warning start-ends-call"},
             "<Start><Recording/></Start><Say>Hi</Say>"},
        Rule{"GatherWithoutAction",
             "<Gather><Say>One?</Say></Gather><Redirect>/a</Redirect>",
             {"1:1 warning gather-without-action"},
             kGood},
        Rule{"GatherAlone",
             "<Gather action='/a'><Say>One?</Say></Gather>",
             {"1:1 warning gather-ends-call"},
             kGood},
        Rule{"GatherThatAsksWithoutInput",
             "<Gather action='/a' actionOnEmptyResult='false'/>",
             {"1:1 warning gather-ends-call"},
             "<Gather action='/a' actionOnEmptyResult='true'/>"},
        Rule{"RecordWithoutAction",
             "<Record/>",
             {"1:1 warning record-without-action"},
             "<Record action='/a'/>"},
        Rule{"RedirectToItself",
             "<Redirect> </Redirect>",
             {"1:1 warning redirect-to-itself"},
             "<Redirect>/a</Redirect>"},
        Rule{"NestedGather",
             "<Gather action='/a'><Gather action='/b'/></Gather><Redirect>/a</Redirect>",
             {"1:21 warning 13320"},
             kGood}),
    kNameOfRule);

INSTANTIATE_TEST_SUITE_P(
    Use, TwimlLint,
    testing::Values(Rule{"DialInAConference",
                         "<Dial>+14155550100</Dial>",
                         {"1:1 error 13238"},
                         "<Play>/a.mp3</Play><Say>Hi</Say><Pause/><Redirect/>",
                         TwimlUse::conferenceWait},
                    Rule{"GatherInAConference",
                         kGood,
                         {"1:1 error 13238"},
                         "<Say>Hi</Say>",
                         TwimlUse::conferenceWait},
                    Rule{"DialInAQueue",
                         "<Dial>+14155550100</Dial>",
                         {"1:1 warning not-in-queue"},
                         "<Gather action='/a'><Say>One?</Say></Gather>",
                         TwimlUse::queueWait},
                    Rule{"DialByACallee",
                         "<Dial>+14155550100</Dial>",
                         {"1:1 error 13201"},
                         kGood,
                         TwimlUse::screening},
                    Rule{"RecordByACallee",
                         "<Record action='/a'/>",
                         {"1:1 warning not-in-screening"},
                         "<Hangup/>",
                         TwimlUse::screening},
                    Rule{"RelativeActionInALiveCall",
                         "<Gather action='/a'/><Hangup/>",
                         {"1:9 error 15004"},
                         "<Gather action='https://example.com/a'/><Hangup/>",
                         TwimlUse::liveUpdate},
                    Rule{"RelativeUrlsInALiveCall",
                         "<Say>a</Say><Redirect>/a</Redirect>",
                         {"1:13 error 11100"},
                         "<Say>a</Say><Redirect>http://example.com/a</Redirect>",
                         TwimlUse::liveUpdate},
                    Rule{"RelativeFileInALiveCall",
                         "<Play>/a.mp3</Play>",
                         {"1:1 error 11100"},
                         "<Play>https://example.com/a.mp3</Play>",
                         TwimlUse::liveUpdate},
                    Rule{
                        "RelativeCallbackInALiveCall",
                        "<Dial recordingStatusCallback='/a'>+14155550100</Dial>",
                        {"1:7 error 11100"},
                        "<Dial recordingStatusCallback='https://example.com/a'>+14155550100</Dial>",
                        TwimlUse::liveUpdate},
                    Rule{"RecordInALiveCall",
                         "<Record/>",
                         {"1:1 error 11100"},
                         "<Record action='https://example.com/a'/>",
                         TwimlUse::liveUpdate}),
    kNameOfRule);

INSTANTIATE_TEST_SUITE_P(
    Address, TwimlLint,
    testing::Values(Rule{"Blank",
                         "<Redirect>/a b</Redirect>",
                         {"1:1 error 11100"},
                         "<Redirect> /a%20b </Redirect>"},
                    Rule{"NoHost",
                         "<Redirect>https:///a</Redirect>",
                         {"1:1 error 11100"},
                         "<Redirect>https://b/a</Redirect>"},
                    Rule{"Underscore",
                         "<Redirect>https://my_host/a</Redirect>",
                         {"1:1 error 11100"},
                         "<Redirect>https://my-host/a_b</Redirect>"},
                    Rule{"InAnAttribute",
                         "<Record action='https://a_b/'/>",
                         {"1:9 error 11100"},
                         "<Record action='https://u_v@b:80/'/>"},
                    Rule{"InANoun",
                         "<Dial><Number url='/a b'>+14155550100</Number></Dial>",
                         {"1:15 error 11100"},
                         "<Dial><Number url='/a'>+14155550100</Number></Dial>"},
                    Rule{"InsecurePay",
                         "<Pay action='http://example.com/'/>",
                         {"1:6 warning insecure-pay"},
                         "<Pay action='https://example.com/'/>"}),
    kNameOfRule);

INSTANTIATE_TEST_SUITE_P(
    Prompt, TwimlLint,
    testing::Values(
        Rule{"NothingToSay", "<Say> \n</Say>", {"1:1 warning 13520"}, "<Say>Hi</Say>"},
        Rule{"TooLong",
             "<Say>" + std::string(4097, 'a') + "</Say>",
             {"1:1 warning 13521"},
             "<Say>" + std::string(4096, 'a') + "</Say>"},
        Rule{"TooLongInSsml",
             "<Say><p>" + std::string(4000, 'a') + "</p>" + std::string(97, 'a') + "</Say>",
             {"1:1 warning 13521"},
             "<Say><p>" + std::string(4000, 'a') + "</p>" + std::string(96, 'a') + "</Say>"},
        Rule{"TooLongForPolly",
             "<Say voice='Polly.Amy'>" + std::string(3001, 'a') + "</Say>",
             {"1:1 warning 13521"},
             "<Say voice='Polly.Amy'>" + std::string(3000, 'a') + "</Say>"},
        Rule{"TooLongForGoogleWithTags",
             "<Say voice='Google.en-US-Standard-A'><p>" + std::string(4994, 'a') + "</p></Say>",
             {"1:1 warning 13521"},
             "<Say voice='Google.en-US-Standard-A'><p>" + std::string(4993, 'a') + "</p></Say>"},
        Rule{"NothingToPlay", "<Play/>", {"1:1 warning nothing-to-play"}, "<Play digits='1w2'/>"},
        Rule{"TypeThatIsNotPlayed",
             "<Play>/a.M4A?b=c.mp3</Play>",
             {"1:1 error 13420"},
             "<Play>/a.mp3?b=c.m4a</Play>"},
        Rule{"TypeThatIsNotPlayedInGather",
             "<Gather action='/a'><Play>/a.ogg</Play></Gather><Hangup/>",
             {"1:21 error 13325"},
             "<Gather action='/a'><Play>/ogg</Play></Gather><Hangup/>"},
        Rule{"KeysInGather",
             "<Gather action='/a'><Play digits='1'/></Gather><Hangup/>",
             {"1:21 warning 13320"},
             "<Gather action='/a'><Play>/a.wav</Play></Gather><Hangup/>"},
        Rule{"NoKeys", "<Play digits='1-2'/>", {"1:7 warning 13430"}, "<Play digits='19*#ADwW'/>"},
        Rule{"NoKey",
             "<Gather action='/a' finishOnKey='x'/><Hangup/>",
             {"1:21 warning 13310"},
             "<Gather action='/a' finishOnKey=''/><Hangup/>"},
        Rule{"SeveralKeys",
             "<Gather action='/a' finishOnKey='12'/><Hangup/>",
             {"1:21 warning 13311"},
             "<Gather action='/a' finishOnKey='*'/><Hangup/>"},
        Rule{"LongHint",
             "<Gather action='/a' hints='b," + std::string(101, 'a') + "'/><Hangup/>",
             {"1:21 warning 13330"},
             "<Gather action='/a' hints='b, " + std::string(100, 'a') + "'/><Hangup/>"},
        Rule{"ManyHints",
             "<Gather action='/a' hints='" + std::string(500, ',') + "'/><Hangup/>",
             {"1:21 warning 13330"},
             "<Gather action='/a' hints='" + std::string(499, ',') + "'/><Hangup/>"},
        Rule{"KeyThatEndsNoRecording",
             "<Record action='/a' finishOnKey='1x'/>",
             {"1:21 warning 13613"},
             "<Record action='/a' finishOnKey='12#'/>"},
        Rule{"LongTranscript",
             "<Record action='/a' maxLength='121' transcribe='true'/>",
             {"1:21 warning 13615"},
             "<Record action='/a' maxLength='120' transcribe='true'/>"},
        Rule{"NoTranscript",
             "<Record action='/a' transcribeCallback='/b'/>",
             {"1:21 warning no-transcript"},
             "<Record action='/a' transcribe='true' transcribeCallback='/b'/>"}),
    kNameOfRule);

std::string numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "<Number>+14155550100</Number>";
  return "<Dial>" + text + "</Dial>";
}

INSTANTIATE_TEST_SUITE_P(
    Dial, TwimlLint,
    testing::Values(
        Rule{"Nobody", "<Dial/>", {"1:1 warning 13223"}, "<Dial>(415) 555-0100</Dial>"},
        Rule{"NoNumber", "<Dial>Alice</Dial>", {"1:1 warning 13223"}, "<Dial>+14155550100</Dial>"},
        Rule{"EmptyNumber", "<Dial><Number/></Dial>", {"1:7 warning 13223"}, numbers(1)},
        Rule{"LongNumber",
             "<Dial>+1415555010012345</Dial>",
             {"1:1 warning 13223"},
             "<Dial>+141555501001234</Dial>"},
        Rule{"NoWhatsApp",
             "<Dial><WhatsApp>Alice</WhatsApp></Dial>",
             {"1:7 warning 13223"},
             "<Dial><WhatsApp>+14155550100</WhatsApp></Dial>"},
        Rule{"NoDigits",
             "<Dial><Number sendDigits='x'>+14155550100</Number></Dial>",
             {"1:15 warning 13222"},
             "<Dial><Number sendDigits='ww1#'>+14155550100</Number></Dial>"},
        Rule{"ConferenceBesideNumber",
             "<Dial><Number>+14155550100</Number><Conference>c</Conference></Dial>",
             {"1:36 warning 13000"},
             "<Dial><Conference>c</Conference></Dial>"},
        Rule{"ConferenceBesideText",
             "<Dial>+14155550100<Conference>c</Conference></Dial>",
             {"1:19 warning 13000"},
             "<Dial><Conference>c</Conference></Dial>"},
        Rule{"ElevenCallees", numbers(11), {"1:1 warning too-many-callees"}, numbers(10)},
        Rule{"ConferenceWithoutName",
             "<Dial><Conference> </Conference></Dial>",
             {"1:7 warning 13237"},
             "<Dial><Conference>c</Conference></Dial>"},
        Rule{"LabelWithASlash",
             "<Dial><Conference participantLabel='a/b'>c</Conference></Dial>",
             {"1:19 error 16023"},
             "<Dial><Conference participantLabel='a-b'>c</Conference></Dial>"},
        Rule{"CoachThatIsNoCall",
             "<Dial><Conference coach='Alice'>c</Conference></Dial>",
             {"1:19 error 13240"},
             "<Dial><Conference coach='CA0123456789abcdef0123456789abcdef'>c</Conference></Dial>"},
        Rule{"QueueWithoutName",
             "<Dial><Queue/></Dial>",
             {"1:7 error 14212"},
             "<Dial><Queue>q</Queue></Dial>"},
        Rule{"QueueWithALongName",
             "<Dial><Queue>" + std::string(65, 'q') + "</Queue></Dial>",
             {"1:7 error 14213"},
             "<Dial><Queue>" + std::string(64, 'q') + "</Queue></Dial>"},
        Rule{"EnqueueWithoutName",
             "<Enqueue/>",
             {"1:1 error 14204"},
             "<Enqueue workflowSid='WW1'/>"},
        Rule{"EnqueueWithALongName",
             "<Enqueue>" + std::string(65, 'q') + "</Enqueue>",
             {"1:1 error 14205"},
             "<Enqueue>" + std::string(64, 'q') + "</Enqueue>"}),
    kNameOfRule);

INSTANTIATE_TEST_SUITE_P(
    Stream, TwimlLint,
    testing::Values(Rule{"NoWebSocket",
                         "<Connect><Stream url='https://a/'/></Connect>",
                         {"1:10 warning no-websocket"},
                         "<Connect><Stream url='wss://a/'/></Connect>"},
                    Rule{"Query",
                         "<Start><Stream url='wss://a/?b=1'/></Start><Hangup/>",
                         {"1:16 warning no-websocket"},
                         "<Start><Stream url='wss://a/'/></Start><Hangup/>"},
                    Rule{"BothTracksInConnect",
                         "<Connect><Stream track='both_tracks' url='wss://a/'/></Connect>",
                         {"1:18 warning 12200"},
                         "<Connect><Stream track='inbound_track' url='wss://a/'/></Connect>"},
                    Rule{"RelayWithoutWebSocket",
                         "<Connect><ConversationRelay url='http://a/'/></Connect>",
                         {"1:10 warning no-websocket"},
                         "<Connect><ConversationRelay url='wss://a/'/></Connect>"}),
    kNameOfRule);

// ---- The schema

/// The elements around an element of this type, the outermost first, as far as the first one is a
/// verb.
Texts wayTo(const Schema& schema, const std::string& type) {
  std::vector<Texts> ways{{"Response"}};
  for (std::size_t i = 0; i < ways.size(); ++i) {
    const Texts way = ways[i];
    if (way.back() == type) return {way.begin() + 1, way.end()};
    for (const std::string& child : schema.childrenOf(way.back())) {
      const bool isKnown =
          std::ranges::any_of(ways, [&](const Texts& known) { return known.back() == child; });
      if (isKnown) continue;
      ways.push_back(way);
      ways.back().push_back(child);
    }
  }
  throw std::logic_error{"nothing leads to " + type};
}

/// What the attribute's value is found to be; none if nothing is found at its place.
std::optional<std::string> codeFor(const Schema& schema, const std::string& type,
                                   const std::string& attribute, const std::string& value) {
  std::string document{kStart};
  for (const std::string& step : wayTo(schema, type))
    document += '<' + schema.elementOf(step) + '>';
  document.back() = ' ';
  const std::size_t column = document.size() + 1;
  document += attribute + "=\"" + value + "\"/>";
  const Texts way = wayTo(schema, type);
  for (auto step = std::next(way.rbegin()); step != way.rend(); ++step) {
    document += "</" + schema.elementOf(*step) + '>';
  }
  document += "</Response>";
  for (const Finding& finding : lintTwiml(document)) {
    if (finding.position == TextPosition{1, column} &&
        finding.message.find(attribute + "=\"" + value) == 0) {
      return std::string{finding.code};
    }
  }
  return std::nullopt;
}

/// Calls `check(type, attribute, kind, code, detail)` for every attribute.
template <class Check>
void forEachAttribute(const Schema& schema, Check check) {
  for (const std::string& type : schema.types()) {
    for (const std::string& attribute : schema.attributesOf(type)) {
      SCOPED_TRACE(type + ' ' + attribute);
      const auto detail = schema.detailOf(type, attribute);
      check(type, attribute, schema.kindOf(type, attribute),
            std::to_string(detail.value("code", 12200)), detail);
    }
  }
}

TEST(TwimlLintOfValues, FindsWhatIsNotOfItsTypeAtItsPlaceWithItsCode) {
  const Schema schema;
  int checked = 0;
  forEachAttribute(schema, [&](const auto& type, const auto& attribute, const std::string& kind,
                               const std::string& code, const auto&) {
    const bool isTyped = kind == "boolean" || kind == "number" || kind == "list of number" ||
                         kind == "seconds" || kind == "milliseconds" || kind == "secondsOrAuto";
    if (!isTyped) return;
    ++checked;
    EXPECT_EQ(codeFor(schema, type, attribute, "nonsense"), code);
    EXPECT_EQ(codeFor(schema, type, attribute, ""), code);
    if (kind == "boolean") {
      EXPECT_EQ(codeFor(schema, type, attribute, "true"), std::nullopt);
    }
  });
  EXPECT_GT(checked, 60);
}

TEST(TwimlLintOfValues, FindsNumbersOutsideTheirLimitsAndNoneAtThem) {
  const Schema schema;
  int checked = 0;
  forEachAttribute(schema, [&](const auto& type, const auto& attribute, const std::string&,
                               const std::string& code, const auto& detail) {
    for (const auto& [limit, beyond] : {std::pair{"least", -1}, std::pair{"most", 1}}) {
      if (!detail.contains(limit)) continue;
      ++checked;
      const int at = detail.at(limit);
      EXPECT_EQ(codeFor(schema, type, attribute, std::to_string(at)), std::nullopt);
      EXPECT_EQ(codeFor(schema, type, attribute, std::to_string(at + beyond)), code);
    }
  });
  EXPECT_GT(checked, 30);
}

TEST(TwimlLintOfValues, FindsWordsThatTheProviderDoesNotKnowButForVoicesAndLanguages) {
  for (const auto& [verb, word] :
       {std::pair{"<Dial record='$'>+14155550100</Dial>", "record-from-ringing-dual"},
        std::pair{"<Dial trim='$'>+14155550100</Dial>", "trim-silence"},
        std::pair{"<Dial ringTone='$'>+14155550100</Dial>", "fr"},
        std::pair{"<Gather action='/a' input='dtmf $'/><Hangup/>", "speech"},
        std::pair{"<Redirect method='$'>/a</Redirect>", "GET"},
        std::pair{"<Dial><Conference beep='$'>c</Conference></Dial>", "onEnter"},
        std::pair{"<Dial><Number statusCallbackEvent='ringing $'>+14155550100</Number></Dial>",
                  "answered"},
        std::pair{"<Say>a<break strength='$'/></Say>", "x-weak"}}) {
    const auto with = [verb = std::string{verb}](const std::string& text) {
      return std::string{verb}.replace(verb.find('$'), 1, text);
    };
    EXPECT_THAT(found(with(word)), IsEmpty()) << verb;
    EXPECT_THAT(found(with("nonsense")), testing::SizeIs(1)) << verb;
  }
  EXPECT_THAT(found("<Say voice='Acme.New' language='xx-YY'>Hi</Say>"), IsEmpty());
  EXPECT_THAT(found("<Gather action='/a' language='xx-YY'/><Hangup/>"), IsEmpty());
}

// https://www.twilio.com/docs/api/errors
TEST(TwimlLint, TellsWhatTheReaderFindsToo) {
  const auto first = [](const std::string& text) {
    const std::vector<Finding> findings = lintTwiml(text);
    return findings.empty() ? "" : describe(findings.front(), "f").substr(0, 19);
  };
  EXPECT_EQ(first("<Response><Say>a & b</Say></Response>"), "f:1:18: error[12100");
  EXPECT_EQ(first("<html/>"), "f:1:1: error[12102]");
  EXPECT_EQ(first(""), "f:1:1: error[11770]");
  EXPECT_EQ(first(response("<Sya>Hi</Sya>")), "f:1:11: warning[122");
  EXPECT_EQ(first(std::string(65537, '<')), "f:1:65537: error[11");
}

TEST(TwimlLint, ReportsInTheOrderOfTheText) {
  EXPECT_THAT(found("<Play>/a.ogg</Play>\n<Gather numDigits='0'>\n<Say/></Gather>\n<No/>"),
              testing::ElementsAre("1:1 error 13420", "2:1 warning gather-without-action",
                                   "2:9 warning 13314", "3:1 warning 13520", "4:1 warning 12200"));
}

TEST(TwimlLint, NeverQuotesWhatIsSpokenDialledOrAddressed) {
  const std::string secret = "secret 2025550177";
  const std::string of = "='" + secret + "'";
  for (const TwimlUse use : {TwimlUse::call, TwimlUse::liveUpdate, TwimlUse::conferenceWait,
                             TwimlUse::queueWait, TwimlUse::screening}) {
    const std::vector<Finding> findings = lintTwiml(
        response("<Say no" + of + ">" + secret + "<no>" + secret + "</no></Say><Play digits" + of +
                 ">" + secret + ".ogg</Play><Gather action" + of + " finishOnKey" + of + " hints" +
                 of + "/><Dial callerId" + of + " action" + of + ">" + secret + "<Number url" + of +
                 " sendDigits" + of + ">" + secret + "</Number><Conference coach" + of +
                 " participantLabel='/" + secret + "'>" + secret + "</Conference></Dial>" + secret +
                 "<Redirect>" + secret + "</Redirect><Pay action" + of + "/><Record finishOnKey" +
                 of + "/><Connect><Stream url" + of + "/></Connect><Enqueue>" + secret +
                 "</Enqueue>"),
        use);
    EXPECT_THAT(findings, testing::SizeIs(testing::Ge(14)));
    for (const Finding& finding : findings) {
      EXPECT_THAT(finding.message, Not(HasSubstr("secret")));
      EXPECT_THAT(finding.message, Not(HasSubstr("2025550177")));
    }
  }
}

TEST(TwimlLint, FindsPlacesInsideTheText) {
  for (const support::CorpusDocument& document : support::corpus()) {
    for (const XmlLayout layout : {XmlLayout::compact, XmlLayout::indented}) {
      const std::string text = document.twiml.xml(layout);
      const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
      for (const Finding& finding : lintTwiml(text)) {
        EXPECT_LE(finding.position.line, lines) << document.name;
        EXPECT_LE(finding.position.column, text.size()) << document.name;
      }
    }
  }
}

}  // namespace
