#include "ivr/twiml/lint.hpp"

#include "ivr/twiml/reader.hpp"
#include "twiml/corpus.hpp"
#include "twiml/lint_vectors.hpp"
#include "twiml/schema.hpp"

#include <algorithm>
#include <chrono>
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
using support::LintVector;
using support::Names;
using support::Schema;
using testing::ElementsAre;
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

std::string idOf(std::string_view finds) { return std::string{finds.substr(0, finds.find(' '))}; }

std::vector<std::string> rulesIn(const std::string& text, const LintOptions& options = {}) {
  std::vector<std::string> rules;
  for (const Finding& finding : lintTwiml(text, options)) rules.emplace_back(finding.rule);
  return rules;
}

// ---- The documents of tests/vectors/lint

TEST(TwimlLintVectors, NothingIsFoundInCorrectDocuments) {
  int checked = 0;
  for (const char* const file : {"correct.txt", "correct_attributes.txt"}) {
    for (const LintVector& vector : support::lintVectors(file)) {
      ++checked;
      EXPECT_THAT(support::findsIn(vector), IsEmpty()) << file << ": " << vector.name;
    }
  }
  EXPECT_GE(checked, 300);
}

TEST(TwimlLintVectors, EveryAttributeIsInACorrectDocument) {
  const Schema schema;
  Names used;
  for (const LintVector& vector : support::lintVectors("correct_attributes.txt")) {
    const TwimlDocument document{vector.text};
    for (const auto& element : document.elements()) {
      for (const auto& attribute : element.attributes) {
        used.insert(std::string{element.name} + ' ' + std::string{attribute.name});
      }
    }
  }
  for (const std::string& type : schema.types()) {
    for (const std::string& name : schema.attributesOf(type)) {
      EXPECT_TRUE(used.contains(schema.elementOf(type) + ' ' + name)) << type << ' ' << name;
    }
  }
}

TEST(TwimlLintVectors, EveryFaultIsFoundAtItsPlaceAndNothingBesideIt) {
  const std::vector<LintVector> vectors = support::lintVectors("faulty.txt");
  EXPECT_GE(vectors.size(), 120);
  for (const LintVector& vector : vectors) {
    ASSERT_FALSE(vector.finds.empty()) << vector.name;
    EXPECT_THAT(support::findsIn(vector), ElementsAreArray(vector.finds)) << vector.name;
  }
}

TEST(TwimlLintVectors, EveryRuleFindsAFault) {
  const std::set<std::string> alone{"empty-document", "too-long"};  // TellsWhatTheReaderFindsToo
  std::set<std::string> found;
  for (const LintVector& vector : support::lintVectors("faulty.txt")) {
    for (const std::string& finds : vector.finds) found.insert(idOf(finds));
  }
  for (const Rule& rule : lintRules()) {
    const std::string id{rule.id};
    EXPECT_TRUE(found.contains(id) || alone.contains(id)) << id;
  }
}

// ---- Rules

TEST(TwimlRules, HaveIdsOfTheirOwnAndSayWhy) {
  std::set<std::string_view> ids;
  for (const Rule& rule : lintRules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_EQ(rule.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos);
    EXPECT_FALSE(rule.summary.empty()) << rule.id;
    EXPECT_FALSE(rule.why.empty()) << rule.id;
    EXPECT_EQ(findRule(rule.id), &rule);
  }
  EXPECT_GE(ids.size(), 60);
  EXPECT_EQ(findRule("no-such-rule"), nullptr);
}

TEST(TwimlRules, FindSomethingInTheirBadExampleAndNothingInTheGoodOne) {
  for (const Rule& rule : lintRules()) {
    if (rule.bad.empty() && rule.good.empty()) continue;  // it takes a long text, or none at all
    SCOPED_TRACE(rule.id);
    const LintOptions options{.use = rule.use, .url = "https://ivr.example.com/own"};
    EXPECT_THAT(rulesIn(response(std::string{rule.bad}), options),
                testing::Contains(std::string{rule.id}));
    EXPECT_THAT(rulesIn(response(std::string{rule.good}), options), IsEmpty());
  }
}

TEST(TwimlRules, CanBeATeamsOwn) {
  constexpr Rule kNoMan{.id = "no-man",
                        .severity = Severity::error,
                        .elements = "Say",
                        .check = [](const TwimlDocument::Element& say, Lint& run) {
                          if (say.value("voice") != "man") return;
                          run.report("no-man", *say.find("voice"), "our lines have another voice");
                        }};
  const TwimlDocument document{
      "<Response>\n<Say voice='man'>Hi</Say>\n<!-- twiml-lint: ignore no-man -->\n"
      "<Say voice='man'>Hi</Say><Foo><Say voice='man'>Hi</Say></Foo></Response>"};
  const std::vector<Finding> findings = lint(document, std::span{&kNoMan, 1});
  ASSERT_THAT(findings, testing::SizeIs(1));
  EXPECT_EQ(describe(findings[0], "f"), "f:2:6: error[no-man]: our lines have another voice");
  EXPECT_THAT(lint(TwimlDocument{"<Response><Say voice='man'>"}, std::span{&kNoMan, 1}), IsEmpty());
}

// ---- What is wanted

TEST(TwimlLint, HasASeverityForEachRuleThatCanBeChanged) {
  const std::string text = response("<Hangup/><Say>Hi</Say>");
  EXPECT_EQ(lintTwiml(text).at(0).severity, Severity::warning);
  EXPECT_EQ(lintTwiml(text, {.levels = {{"unreachable", RuleLevel::error}}}).at(0).severity,
            Severity::error);
  EXPECT_THAT(lintTwiml(text, {.levels = {{"unreachable", RuleLevel::off}}}), IsEmpty());
  const std::string local = response("<Redirect>http://localhost/a</Redirect>");
  EXPECT_THAT(rulesIn(local), ElementsAre("address-local"));
  EXPECT_THAT(rulesIn(local, {.allowsLocalAddresses = true}), IsEmpty());
}

TEST(TwimlLint, IgnoresWhatACommentNamesInTheElementBehindIt) {
  const std::string bad = "<Say voice='Joanna'/>";
  const auto ignoring = [](const std::string& words) {
    return "<!-- twiml-lint: " + words + " -->";
  };
  EXPECT_THAT(rulesIn(response(bad)), ElementsAre("nothing-to-say", "unknown-voice"));
  EXPECT_THAT(rulesIn(response(ignoring("ignore unknown-voice") + bad)),
              ElementsAre("nothing-to-say"));
  EXPECT_THAT(rulesIn(response(ignoring("ignore unknown-voice, nothing-to-say (later)") + bad)),
              IsEmpty());
  EXPECT_THAT(rulesIn(ignoring("ignore unknown-voice nothing-to-say") + response(bad + bad)),
              IsEmpty());
  EXPECT_THAT(rulesIn(response(ignoring("ignore unknown-voice") + bad + bad)),
              ElementsAre("nothing-to-say", "nothing-to-say", "unknown-voice"));
  EXPECT_THAT(rulesIn(response(bad + ignoring("ignore unknown-voice"))),
              ElementsAre("nothing-to-say", "unknown-voice"));
  EXPECT_THAT(rulesIn(response(ignoring("disable unknown-voice") + "<Hangup/>")),
              ElementsAre("unknown-rule"));
}

TEST(TwimlLint, FixesWhatIsSurelyMeantOtherwise) {
  const auto fix = [](const std::string& text) { return fixed(text, lintTwiml(text)); };
  EXPECT_EQ(fix(response("<say>Hi</say><hangup/>")), response("<Say>Hi</Say><Hangup/>"));
  EXPECT_EQ(fix(response("<Gather action='/a' numdigits='1'/><Hangup/>")),
            response("<Gather action='/a' numDigits='1'/><Hangup/>"));
  EXPECT_EQ(fix(response("<Redirect method='post'>/a</Redirect>")),
            response("<Redirect method='POST'>/a</Redirect>"));
  EXPECT_EQ(fix(response("<Record action='/a' playBeep='True'/>")),
            response("<Record action='/a' playBeep='true'/>"));
  EXPECT_EQ(fix(response("<Say language='en_US'>Hi</Say>")),
            response("<Say language='en-US'>Hi</Say>"));
  const std::string unsure = response("<Gather action='/a' numDigit='1'/><Sya>Hi</Sya>");
  EXPECT_EQ(fix(unsure), unsure);
}

TEST(TwimlLint, SaysAtMostAThousandThings) {
  std::string verbs;
  for (int i = 0; i < 3000; ++i) verbs += "<a/>";
  EXPECT_THAT(lintTwiml(response(verbs)), testing::SizeIs(1000));
  EXPECT_THAT(lintTwiml(response(verbs) + '.'), testing::SizeIs(1001));
}

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
    {"secondsOrAuto", {{"5", "auto"}, {"", "nonsense", "1.5", "Auto"}}},
    {"millisecondsOrAuto", {{"1200", "auto"}, {"", "nonsense", "1.5", "Auto"}}}};

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
    std::string rule;
  };
  const Schema schema;
  Names verbs;
  for (const std::string& type : schema.childrenOf("Response")) verbs.insert(type);
  ASSERT_THAT(verbs, testing::SizeIs(20));
  const std::set<std::string_view> rules{"not-in-conference", "not-in-queue", "dial-in-screening",
                                         "not-in-screening"};
  for (const Use& one : std::vector<Use>{
           {TwimlUse::call, verbs, ""},
           {TwimlUse::liveUpdate, verbs, ""},
           {TwimlUse::conferenceWait, {"Pause", "Play", "Redirect", "Say"}, "not-in-conference"},
           {TwimlUse::queueWait,
            {"Gather", "Hangup", "Leave", "Pause", "Play", "Redirect", "Say"},
            "not-in-queue"},
           {TwimlUse::screening,
            {"Gather", "Hangup", "Pause", "Play", "Redirect", "Say"},
            "not-in-screening"}}) {
    for (const std::string& verb : verbs) {
      std::string rule = one.allowed.contains(verb) ? "" : one.rule;
      if (one.use == TwimlUse::screening && verb == "Dial") rule = "dial-in-screening";
      std::string is;
      for (const Finding& finding : lintTwiml(response('<' + verb + "/>"), {.use = one.use})) {
        if (rules.contains(finding.rule)) is += finding.rule;
      }
      EXPECT_EQ(is, rule) << verb << " in use " << static_cast<int>(one.use);
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
}

TEST(TwimlLint, ReportsInTheOrderOfTheText) {
  const support::LintVector vector{
      .text = response("<Play>/a.ogg</Play>\n<Gather numDigits='0'>\n<Say/></Gather>\n<No/>")};
  EXPECT_THAT(support::findsIn(vector),
              ElementsAre("audio-type 1:11", "gather-without-action 2:1", "invalid-value 2:9",
                          "nothing-to-say 3:1", "unknown-element 4:1"));
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
      const std::vector<Finding> findings = lintTwiml(documentOf(secret), {.use = use});
      EXPECT_THAT(findings, testing::SizeIs(testing::Ge(20)));
      expectNoSecret(findings);
    }
    forEachAttribute(schema, [&](const Attribute& attribute) {
      const bool isText =
          attribute.kind == "string" && schema.wordsOf(attribute.type, attribute.name).all.empty();
      if (!isText) return;
      for (const TwimlUse use : kUses) {
        expectNoSecret(lintTwiml(attribute.documentWith(secret), {.use = use}));
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
        const std::vector<Finding> findings = lintTwiml(text, {.use = use});
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
