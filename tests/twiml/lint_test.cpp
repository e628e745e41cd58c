#include "ivr/twiml/lint.hpp"

#include "ivr/twiml/reader.hpp"
#include "twiml/corpus.hpp"
#include "twiml/schema.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::twiml;
using support::Names;
using support::Schema;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSubsetOf;
using testing::Not;
using testing::StartsWith;
using testing::UnorderedElementsAre;

using Texts = std::vector<std::string>;

constexpr std::string_view kStart = "<Response>";

std::string response(const std::string& verbs) {
  return std::string{kStart} + verbs + "</Response>";
}

/// The findings in the verbs, with columns counted from the first verb: `1:1 error 13420`.
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

/// A document in which a rule finds something, and one that differs only in that.
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
        Rule{"BehindReferWithAction",
             "<Refer action='/a'><Sip>sip:a@b.example</Sip></Refer><Say>Hi</Say>",
             {"1:54 warning unreachable"},
             "<Refer><Sip>sip:a@b.example</Sip></Refer><Say>Hi</Say>"},
        Rule{"SeveralBehindHangup",
             "<Hangup/><Say>Hi</Say><Hangup/><Say>Hi</Say>",
             {"1:10 warning unreachable"},
             "<Say>Hi</Say><Say>Hi</Say><Hangup/>"},
        Rule{"UnknownBehindHangup",
             "<Hangup/><Dance/>",
             {"1:10 warning 12200", "1:10 warning unreachable"},
             "<Hangup/><!-- <Dance/> -->"},
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
             kGood},
        Rule{"VerbInDial",
             "<Dial><Say>Hi</Say></Dial>",
             {"1:7 warning 13215"},
             "<Dial>+14155550100</Dial>"},
        Rule{"VerbInStart",
             "<Start><Say>Hi</Say></Start><Hangup/>",
             {"1:8 error 14300"},
             "<Start><Recording/></Start><Hangup/>"}),
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
                    Rule{"RelativeActionOfRecordInALiveCall",
                         "<Record action='/a'/>",
                         {"1:9 error 15004"},
                         "<Record action='http://example.com/a'/>",
                         TwimlUse::liveUpdate},
                    Rule{"RelativeActionOfPayInALiveCall",
                         "<Pay action='/a'/>",
                         {"1:6 error 15004"},
                         "<Pay action='https://example.com/a'/>",
                         TwimlUse::liveUpdate},
                    Rule{"RelativeActionOfDialInALiveCall",
                         "<Dial action='/a'>+14155550100</Dial>",
                         {"1:7 error 11100"},
                         "<Dial action=''>+14155550100</Dial>",
                         TwimlUse::liveUpdate},
                    Rule{"RelativeUrlOfANounInALiveCall",
                         "<Dial><Number url='/a'>+14155550100</Number></Dial>",
                         {"1:15 error 11100"},
                         "<Dial><Number url='http://b/a'>+14155550100</Number></Dial>",
                         TwimlUse::liveUpdate},
                    Rule{"RelativeCallbackOfAStreamInALiveCall",
                         "<Connect><Stream statusCallback='/a' url='wss://a/'/></Connect>",
                         {"1:18 error 11100"},
                         "<Connect><Stream url='wss://a/'/></Connect>",
                         TwimlUse::liveUpdate},
                    Rule{"RelayWithoutWebSocketInALiveCall",
                         "<Connect><ConversationRelay url='/a'/></Connect>",
                         {"1:10 warning no-websocket"},
                         "<Connect><ConversationRelay url='wss://a/'/></Connect>",
                         TwimlUse::liveUpdate},
                    Rule{"RedirectToItselfInALiveCall",
                         "<Redirect/>",
                         {"1:1 warning redirect-to-itself"},
                         "<Redirect>http://example.com/a</Redirect>",
                         TwimlUse::liveUpdate},
                    Rule{"RedirectToItselfByACallee",
                         "<Redirect/>",
                         {"1:1 warning redirect-to-itself"},
                         "<Redirect>/a</Redirect>",
                         TwimlUse::screening},
                    Rule{"GatherAloneByACallee",
                         "<Gather action='/a'/>",
                         {"1:1 warning gather-ends-call"},
                         "<Gather action='/a'/><Hangup/>",
                         TwimlUse::screening},
                    Rule{"UnknownInAQueue",
                         "<Dance/>",
                         {"1:1 warning 12200"},
                         "<Redirect/>",
                         TwimlUse::queueWait},
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
                    Rule{"Bracket",
                         "<Redirect>/a&lt;b</Redirect>",
                         {"1:1 error 11100"},
                         "<Redirect>/a%3Cb</Redirect>"},
                    Rule{"Quote",
                         "<Redirect>/a\"b</Redirect>",
                         {"1:1 error 11100"},
                         "<Redirect>/a'b</Redirect>"},
                    Rule{"BlankInAFile",
                         "<Play>/a b.mp3</Play>",
                         {"1:1 error 11100"},
                         "<Play>/a%20b.mp3</Play>"},
                    Rule{"BlankBehindAnAttribute",
                         "<Dial timeout='10'\n action='/a b'>+14155550100</Dial>",
                         {"2:2 error 11100"},
                         "<Dial timeout='10'\n action='/a'>+14155550100</Dial>"},
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
        Rule{"NothingToSayInGather",
             "<Gather action='/a'>\n<Say/></Gather><Hangup/>",
             {"2:1 warning 13520"},
             "<Gather action='/a'>\n<Say><break/></Say></Gather><Hangup/>"},
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
        Rule{"TypeThatIsNotPlayedInPay",
             "<Pay><Prompt><Play>/a.ogg</Play></Prompt></Pay>",
             {"1:14 error 13420"},
             "<Pay><Prompt><Play>/a.wav</Play></Prompt></Pay>"},
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
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Dial, TwimlLint,
    testing::Values(
        Rule{"Nobody", "<Dial/>", {"1:1 warning 13223"}, "<Dial>(415) 555-0100</Dial>"},
        Rule{"NoNumber", "<Dial>Alice</Dial>", {"1:1 warning 13223"}, "<Dial>+14155550100</Dial>"},
        Rule{"EmptyNumber",
             "<Dial><Number/></Dial>",
             {"1:7 warning 13223"},
             "<Dial>" + numbers(1) + "</Dial>"},
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
        Rule{"ElevenCallees",
             "<Dial>" + numbers(11) + "</Dial>",
             {"1:1 warning too-many-callees"},
             "<Dial>" + numbers(10) + "</Dial>"},
        Rule{"ElevenCalleesOfSeveralKinds",
             "<Dial>+14155550100" + numbers(8) +
                 "<Client>a</Client><Sip>sip:a@b.example</Sip></Dial>",
             {"1:1 warning too-many-callees"},
             "<Dial>+14155550100" + numbers(8) + "<Client>a</Client></Dial>"},
        Rule{"ConferenceWithoutName",
             "<Dial><Conference> </Conference></Dial>",
             {"1:7 warning 13237"},
             "<Dial><Conference>c</Conference></Dial>"},
        Rule{"LabelWithASlash",
             "<Dial><Conference participantLabel='a/b'>c</Conference></Dial>",
             {"1:19 error 16023"},
             "<Dial><Conference participantLabel='a-b'>c</Conference></Dial>"},
        Rule{"LongLabel",
             "<Dial><Conference participantLabel='" + std::string(129, 'a') +
                 "'>c</Conference></Dial>",
             {"1:19 error 16023"},
             "<Dial><Conference participantLabel='" + std::string(128, 'a') +
                 "'>c</Conference></Dial>"},
        Rule{"ShortCoach",
             "<Dial><Conference coach='CA0123456789abcdef0123456789abcde'>c</Conference></Dial>",
             {"1:19 error 13240"},
             "<Dial><Conference coach=''>c</Conference></Dial>"},
        Rule{"CoachThatIsNoCall",
             "<Dial><Conference coach='Alice'>c</Conference></Dial>",
             {"1:19 error 13240"},
             "<Dial><Conference coach='CA0123456789abcdef0123456789abcdef'>c</Conference></Dial>"},
        Rule{"QueueWithoutName",
             "<Dial><Queue/></Dial>",
             {"1:7 error 14212"},
             "<Dial><Queue>q</Queue></Dial>"},
        Rule{"QueueWithABlankName",
             "<Dial><Queue> </Queue></Dial>",
             {"1:7 error 14212"},
             "<Dial><Queue reservationSid='WR1'/></Dial>"},
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
                    Rule{"NoUrl",
                         "<Start><Stream/></Start><Hangup/>",
                         {"1:8 warning no-websocket"},
                         "<Start><Stream connectorName='c'/></Start><Hangup/>"},
                    Rule{"RelayWithoutUrl",
                         "<Connect><ConversationRelay/></Connect>",
                         {"1:10 warning no-websocket"},
                         "<Connect><ConversationRelay url=' wss://a/'/></Connect>"},
                    Rule{"QueryBesideAConnector",
                         "<Start><Stream connectorName='c' url='/a?b'/></Start><Hangup/>",
                         {"1:34 warning no-websocket"},
                         "<Stop><Stream name='s'/></Stop>"},
                    Rule{"OutboundTrackInConnect",
                         "<Connect><Stream track='outbound_track' url='wss://a/'/></Connect>",
                         {"1:18 warning 12200"},
                         "<Start><Stream track='outbound_track' url='wss://a/'/></Start><Hangup/>"},
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

/// The elements around an element of this type, the outermost first, starting with a verb, and the
/// element itself.
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

/// Those of the codes below that the provider logs as errors:
/// https://www.twilio.com/docs/api/errors
const std::set<std::string> kErrors{"13231", "13239", "13257", "13338",
                                    "13621", "14201", "14206", "14210"};

/// An element with one attribute, inside the elements that must surround it.
struct Attribute {
  std::string type;
  std::string name;
  std::string kind;  ///< As the schema calls it.
  nlohmann::json detail;
  std::string front;  ///< The document, up to the name.
  std::string back;   ///< And after the value.

  Attribute(const Schema& schema, const std::string& itsType, const std::string& itsName)
      : type(itsType),
        name(itsName),
        kind(schema.kindOf(type, name)),
        detail(schema.detailOf(type, name)),
        front(kStart),
        back("/>") {
    const Texts way = wayTo(schema, type);
    for (const std::string& step : way) front += '<' + schema.elementOf(step) + '>';
    front.back() = ' ';
    for (auto step = std::next(way.rbegin()); step != way.rend(); ++step) {
      back += "</" + schema.elementOf(*step) + '>';
    }
    back += "</Response>";
  }

  [[nodiscard]] std::string documentWith(const std::string& value) const {
    return front + name + "=\"" + value + '"' + back;
  }

  /// The finding required for a wrong value.
  [[nodiscard]] std::string wrong() const {
    const std::string code = std::to_string(detail.value("code", 12200));
    return (kErrors.contains(code) ? "error " : "warning ") + code;
  }

  /// The findings at the value, from its type, its limits and its words alone; empty if there are
  /// none.
  [[nodiscard]] std::string foundAt(const std::string& value) const {
    std::string texts;
    for (const Finding& finding : lintTwiml(documentWith(value))) {
      const bool isHere = finding.position == TextPosition{1, front.size() + 1};
      if (!isHere || !finding.message.starts_with(name + "=\"" + value + "\" ")) continue;
      texts += (finding.severity == Severity::error ? "error " : "warning ");
      texts += finding.code;
    }
    return texts;
  }
};

template <class Check>
void forEachAttribute(const Schema& schema, Check check) {
  for (const std::string& type : schema.types()) {
    for (const std::string& name : schema.attributesOf(type)) {
      SCOPED_TRACE(type + ' ' + name);
      check(Attribute{schema, type, name});
    }
  }
}

struct Kind {
  Texts right;
  Texts wrong;
};

const std::map<std::string, Kind> kKinds{
    {"boolean", {{"true", "false"}, {"", "nonsense", "1", "True", " true"}}},
    {"number", {{"2"}, {"", "nonsense", "2.5", "2x", " 2", "99999999999"}}},
    {"list of number", {{"1", "1 2  3"}, {"", "nonsense", "1 x", "1,2"}}},
    {"seconds", {{"5"}, {"", "nonsense", "5.5", "5s", "auto", "99999999999999999999"}}},
    {"milliseconds", {{}, {"", "nonsense", "s", "5x", "99999999999999999999"}}},
    {"secondsOrAuto", {{"5", "auto"}, {"", "nonsense", "1.5", "Auto"}}}};

TEST(TwimlLintOfValues, FindsWhatIsNotOfItsTypeAtItsPlaceWithItsCode) {
  const Schema schema;
  int checked = 0;
  forEachAttribute(schema, [&](const Attribute& attribute) {
    const auto kind = kKinds.find(attribute.kind);
    if (kind == kKinds.end()) return;
    ++checked;
    for (const std::string& value : kind->second.wrong) {
      EXPECT_EQ(attribute.foundAt(value), attribute.wrong()) << value;
    }
    for (const std::string& value : kind->second.right) {
      EXPECT_EQ(attribute.foundAt(value), "") << value;
    }
  });
  EXPECT_GE(checked, 60);
}

TEST(TwimlLintOfValues, FindsNumbersOutsideTheirLimitsAndNoneAtThem) {
  const Schema schema;
  int checked = 0;
  forEachAttribute(schema, [&](const Attribute& attribute) {
    for (const auto& [limit, beyond] : {std::pair{"least", -1}, std::pair{"most", 1}}) {
      if (!attribute.detail.contains(limit)) continue;
      ++checked;
      const int at = attribute.detail.at(limit);
      EXPECT_EQ(attribute.foundAt(std::to_string(at)), "") << limit;
      EXPECT_EQ(attribute.foundAt(std::to_string(at + beyond)), attribute.wrong()) << limit;
    }
  });
  EXPECT_GE(checked, 40);
}

TEST(TwimlLintOfValues, FindsWordsThatTheProviderDoesNotKnowButForVoicesAndLanguages) {
  const Schema schema;
  int closed = 0;
  Texts open;
  forEachAttribute(schema, [&](const Attribute& attribute) {
    const Schema::Words words = schema.wordsOf(attribute.type, attribute.name);
    if (words.all.empty()) return;
    for (const std::string& word : words.all) EXPECT_EQ(attribute.foundAt(word), "") << word;
    if (words.isOpen) {
      EXPECT_EQ(attribute.foundAt("nonsense"), "");
      open.push_back(attribute.type + ' ' + attribute.name);
      return;
    }
    ++closed;
    Texts wrong{"nonsense", "", words.all.front() + 'x'};
    if (attribute.kind.starts_with("list of ")) {
      EXPECT_EQ(attribute.foundAt(words.all.front() + ' ' + words.all.back()), "");
      wrong.push_back(words.all.front() + " nonsense");
    }
    for (const std::string& value : wrong) {
      EXPECT_EQ(attribute.foundAt(value), attribute.wrong()) << value;
    }
  });
  EXPECT_GE(closed, 80);
  EXPECT_THAT(open, UnorderedElementsAre("Gather language", "Pay language", "Say language",
                                         "Say voice", "SsmlLang xml:lang"));
}

// ---- All of it

const std::vector<TwimlUse> kUses{TwimlUse::call, TwimlUse::liveUpdate, TwimlUse::conferenceWait,
                                  TwimlUse::queueWait, TwimlUse::screening};

TEST(TwimlLint, AllowsTheVerbsOfEachUse) {
  struct Use {
    TwimlUse use;
    Names allowed;
    std::string code;
  };
  const Schema schema;
  Names verbs;
  for (const std::string& type : schema.childrenOf("Response")) verbs.insert(type);
  ASSERT_THAT(verbs, testing::SizeIs(20));
  const std::set<std::string_view> codes{"13238", "not-in-queue", "13201", "not-in-screening"};
  for (const Use& one :
       std::vector<Use>{{TwimlUse::call, verbs, ""},
                        {TwimlUse::liveUpdate, verbs, ""},
                        {TwimlUse::conferenceWait, {"Pause", "Play", "Redirect", "Say"}, "13238"},
                        {TwimlUse::queueWait,
                         {"Gather", "Hangup", "Leave", "Pause", "Play", "Redirect", "Say"},
                         "not-in-queue"},
                        {TwimlUse::screening,
                         {"Gather", "Hangup", "Pause", "Play", "Redirect", "Say"},
                         "not-in-screening"}}) {
    for (const std::string& verb : verbs) {
      std::string code = one.allowed.contains(verb) ? "" : one.code;
      if (one.use == TwimlUse::screening && verb == "Dial") code = "13201";
      std::string is;
      for (const Finding& finding : lintTwiml(response('<' + verb + "/>"), one.use)) {
        if (codes.contains(finding.code)) is += finding.code;
      }
      EXPECT_EQ(is, code) << verb << " in use " << static_cast<int>(one.use);
    }
  }
}

TEST(TwimlLint, TellsWhatTheReaderFindsToo) {
  const auto first = [](const std::string& text) {
    const std::vector<Finding> findings = lintTwiml(text);
    return findings.empty() ? "" : describe(findings.front(), "f");
  };
  EXPECT_THAT(first("<Response><Say>a & b</Say></Response>"), StartsWith("f:1:18: error[12100]: "));
  EXPECT_THAT(first("<?xml version='1.1'?><Response/>"), HasSubstr(": error[12101]: "));
  EXPECT_THAT(first("<html/>"), StartsWith("f:1:1: error[12102]: "));
  EXPECT_THAT(first(""), StartsWith("f:1:1: error[11770]: "));
  EXPECT_THAT(first(std::string(65537, '<')), StartsWith("f:1:65537: error[11750]: "));
  EXPECT_EQ(first(response("<Sya>Hi</Sya>")),
            "f:1:11: warning[12200]: <Sya> does not belong in <Response>");
  EXPECT_EQ(first(response("<Hangup/>\n <Redirct>/a</Redirct>")),
            "f:2:2: warning[12200]: <Redirct> does not belong in <Response>; did you mean "
            "Redirect?");
  EXPECT_EQ(first(response("<Dial numbr='1'>\n<Number sendDigit='1'>+1</Number></Dial>")),
            "f:1:17: warning[12200]: <Dial> has no attribute numbr");
  EXPECT_EQ(first(response("<Dial><Number\nsendDigit='1'>+14155550100</Number></Dial>")),
            "f:2:1: warning[12200]: <Number> has no attribute sendDigit; did you mean sendDigits?");
}

TEST(TwimlLint, ReportsInTheOrderOfTheText) {
  EXPECT_THAT(found("<Play>/a.ogg</Play>\n<Gather numDigits='0'>\n<Say/></Gather>\n<No/>"),
              testing::ElementsAre("1:1 error 13420", "2:1 warning gather-without-action",
                                   "2:9 warning 13314", "3:1 warning 13520", "4:1 warning 12200"));
}

/// A faulty document with the text everywhere that text may stand.
std::string documentOf(const std::string& text) {
  const std::string of = "='" + text + "'";
  return response(
      "<Say no" + of + ">" + text + std::string(5000, 'a') + "<no>" + text +
      "</no></Say><Play digits" + of + ">" + text + ".ogg</Play><Gather action" + of +
      " finishOnKey" + of + " hints='" + text + std::string(101, 'a') + "'/><Dial callerId" + of +
      " action" + of + ">" + text + "<Number url" + of + " sendDigits" + of + ">" + text +
      "</Number><WhatsApp>" + text + "</WhatsApp><Conference coach" + of + " participantLabel='/" +
      text + "'>" + text + "</Conference><Queue>" + text + std::string(65, 'a') +
      "</Queue></Dial>" + text + "<Redirect>" + text + "</Redirect><Pay action='http://" + text +
      "'/><Record finishOnKey" + of + "/><Connect><Stream url" + of + "/><ConversationRelay url" +
      of + "/></Connect><Enqueue>" + text + std::string(65, 'a') + "</Enqueue>");
}

TEST(TwimlLint, NeverQuotesWhatIsSpokenDialledOrAddressed) {
  const Schema schema;
  const auto expectNoSecret = [](const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) {
      EXPECT_THAT(finding.message, Not(HasSubstr("secret")));
      EXPECT_THAT(finding.message, Not(HasSubstr("2025550177")));
    }
  };
  for (const std::string secret : {"secret 2025550177", "secret_2025550177"}) {
    for (const TwimlUse use : kUses) {
      const std::vector<Finding> findings = lintTwiml(documentOf(secret), use);
      EXPECT_THAT(findings, testing::SizeIs(testing::Ge(20)));
      expectNoSecret(findings);
    }
    forEachAttribute(schema, [&](const Attribute& attribute) {
      const bool isText =
          attribute.kind == "string" && schema.wordsOf(attribute.type, attribute.name).all.empty();
      if (!isText) return;
      for (const TwimlUse use : kUses) {
        expectNoSecret(lintTwiml(attribute.documentWith(secret), use));
      }
    });
  }
}

TEST(TwimlLint, FindsWhatTheReaderFindsInTheOrderOfTheTextAndInsideIt) {
  const auto place = [](const Finding& finding) {
    return std::pair{finding.position.line, finding.position.column};
  };
  for (const support::CorpusDocument& document : support::corpus()) {
    SCOPED_TRACE(document.name);
    for (const XmlLayout layout : {XmlLayout::compact, XmlLayout::indented}) {
      const std::string text = document.twiml.xml(layout);
      std::vector<std::size_t> lengths;
      std::istringstream lines{text};
      for (std::string line; std::getline(lines, line);) lengths.push_back(line.size());
      for (const TwimlUse use : kUses) {
        const std::vector<Finding> findings = lintTwiml(text, use);
        EXPECT_THAT(readTwiml(text).findings, IsSubsetOf(findings));
        EXPECT_TRUE(std::ranges::is_sorted(findings, {}, place));
        for (const Finding& finding : findings) {
          const auto [line, column] = finding.position;
          ASSERT_TRUE(line >= 1 && line <= lengths.size()) << describe(finding, "");
          EXPECT_TRUE(column >= 1 && column <= lengths[line - 1]) << describe(finding, "");
        }
      }
    }
  }
}

TEST(TwimlLint, FindsNothingAgainstTheSchemaAndNoErrorInWhatUsersWrite) {
  int checked = 0;
  for (const support::CorpusPart& part : support::corpusParts()) {
    if (part.name == "unknown") continue;
    const bool isOdd = part.name == "text";  // holds empty names and invalid addresses
    for (const support::CorpusDocument& document : part.documents()) {
      ++checked;
      const std::string text = document.twiml.xml();
      EXPECT_THAT(readTwiml(text).findings, IsEmpty()) << document.name;
      for (const Finding& finding : lintTwiml(text)) {
        EXPECT_NE(finding.code, "12200") << describe(finding, document.name);
        EXPECT_TRUE(isOdd || finding.severity == Severity::warning)
            << describe(finding, document.name);
      }
    }
  }
  EXPECT_GE(checked, 40);
}

}  // namespace
