// call_center's own examples: ours say the same, in no more lines.

#include "flow/call_center_examples.hpp"
#include "ivr/test/flow.hpp"
#include "support/content.hpp"

#include <cstddef>
#include <gmock/gmock.h>
#include <map>
#include <sstream>
#include <string>
#include <string_view>

namespace {

using namespace ivr;
using namespace ivr::call_center;
using test::FlowTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// The lines of code of each example in a file: those that are neither blank nor a comment.
std::map<std::string, std::size_t> linesOf(const std::string& text, std::string_view comment) {
  std::map<std::string, std::size_t> examples;
  std::string name;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    line.erase(0, line.find_first_not_of(' '));
    if (!line.starts_with(comment)) {
      if (!name.empty() && !line.empty()) ++examples[name];
      continue;
    }
    line.erase(0, comment.size() + 1);
    if (!line.starts_with('[')) continue;
    name = line.substr(1, line.find(']') - 1);
    if (name == "end") name.clear();
  }
  return examples;
}

std::string ruby() { return support::contentOf(IVR_TESTS_DIR "/vectors/flow/call_center.rb"); }

TEST(CallCenter, ItsExamplesNeedNoMoreLinesWithOurs) {
  const auto theirs = linesOf(ruby(), "#");
  const auto ours =
      linesOf(support::contentOf(IVR_TESTS_DIR "/flow/call_center_examples.hpp"), "//");
  EXPECT_EQ(theirs.size(), 5U);
  EXPECT_EQ(ours.size(), theirs.size());
  for (const auto& [name, lines] : theirs) {
    ASSERT_TRUE(ours.contains(name)) << name;
    EXPECT_LE(ours.at(name), lines) << name << ": ours has more lines than theirs";
  }
}

TEST(CallCenter, LinesAreCountedWithoutCommentsAndBlanks) {
  EXPECT_EQ(linesOf("x\n# [a]\ny\n\n  # no\n  z # yes\n# [end]\nx\n# [b]\ny\n", "#"),
            (std::map<std::string, std::size_t>{{"a", 2}, {"b", 1}}));
}

struct Examples : ::testing::Test {
  FlowTest<Ticket> flow{callFlow()};
};

TEST_F(Examples, HaveNoMistake) {
  EXPECT_THAT(callFlow().check(), IsEmpty());
  EXPECT_THAT(salesFlow().check(), IsEmpty());
}

TEST_F(Examples, LinkToTheAddressesOfTheReadme) {
  constexpr const char* kGather =
      "/voice/calls/flow?event=wants_voicemail&actor=customer&call_id=5000";
  constexpr const char* kRecord =
      "/voice/calls/flow?event=voicemail_complete&actor=customer&call_id=5000";
  EXPECT_THAT(ruby(), HasSubstr(kGather));
  EXPECT_THAT(ruby(), HasSubstr(kRecord));
  flow.given(incoming)
      .renders("/Response/Gather[@numDigits='1']/@action", kGather)
      .renders("/Response/Gather/Say", "Hello World")
      .renders("/Response/Gather/Play[@loop='100']", kNiceMusic);
  flow.given(voicemail)
      .renders("/Response/Say", "Please leave a message")
      .renders("/Response/Record/@action", kRecord);
}

TEST_F(Examples, LeadWhereTheirsLead) {
  flow.given(incoming).on(called).leadsTo(voicemail).on(recorded).leadsTo(voicemailCompleted);
  flow.given(incoming).on(wantsVoicemail).leadsTo(voicemail).on(hangsUp).leadsTo(cancelled);
  flow.given(incoming).on(hangsUp).leadsTo(cancelled);
  areAgentsThere = true;
  flow.given(incoming).on(called).leadsTo(routing);
  areAgentsThere = false;
}

TEST_F(Examples, RenderWhatTheModelSays) {
  const FlowTest<Sale> sale{salesFlow(), Sale{.agent = "Henry"}};
  sale.given(sales).renders("/Response/Say", "This is Henry!");
}

TEST_F(Examples, CallBackInTheirOrder) {
  const FlowTest<Sale> sale{salesFlow()};
  const auto entered = sale.given(sales).on(sold).leadsTo(voicemail);
  EXPECT_THAT(entered.model().done, ElementsAre("log start", "log end", "browser"));
  EXPECT_THAT(entered.on(sold).leadsTo(voicemail).model().done,
              ElementsAre("log start", "log end", "browser", "log start", "log end"));
}

TEST_F(Examples, AreServedAndDrawn) {
  Config config;
  config.validate = false;
  config.log = logNowhere();
  Ivr ivr{config};
  serve(ivr, FlowStore<Ticket>{});
  ivr.mount();
  EXPECT_THAT(draw(callFlow()), HasSubstr("fontname=\"Helvetica Neue\""));
}

}  // namespace
