#include "ivr/flow/draw.hpp"

#include "core/child_process.hpp"
#include "flow/documented_flow.hpp"
#include "flow/support_flow.hpp"
#include "support/command.hpp"
#include "support/content.hpp"

#include <gmock/gmock.h>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::support_flow;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

TEST(FlowPicture, ForGraphvizHasStatesAsBoxesAndEventsAsArrows) {
  EXPECT_EQ(flow::dot(supportFlow()), R"(digraph "flow" {
  node [shape=box, fontname="sans-serif"];
  edge [fontname="sans-serif"];
  n0 [label="the call begins", shape=circle];
  n0 -> n1 [label="called"];
  n1 [label="incoming"];
  n1 -> n2 [label="called (1) [agents available]"];
  n1 -> n3 [label="called (2)\nwants_voicemail"];
  n1 -> n4 [label="hangs_up"];
  n2 [label="routing"];
  n2 -> n4 [label="hangs_up"];
  n2 -> n3 [label="left"];
  n3 [label="voicemail"];
  n3 -> n5 [label="voicemail_complete"];
  n3 -> n4 [label="hangs_up"];
  n4 [label="cancelled", style="rounded"];
  n5 [label="voicemail_completed", style="rounded"];
}
)");
}

TEST(FlowPicture, ForMermaidIsTheSame) {
  EXPECT_EQ(flow::mermaid(supportFlow()), R"(flowchart TD
  n0(["the call begins"])
  n0 -->|"called"| n1
  n1["incoming"]
  n1 -->|"called (1) [agents available]"| n2
  n1 -->|"called (2)<br/>wants_voicemail"| n3
  n1 -->|"hangs_up"| n4
  n2["routing"]
  n2 -->|"hangs_up"| n4
  n2 -->|"left"| n3
  n3["voicemail"]
  n3 -->|"voicemail_complete"| n5
  n3 -->|"hangs_up"| n4
  n4(["cancelled"])
  n5(["voicemail_completed"])
)");
}

TEST(FlowPicture, HasTheConditionsOfBlocks) {
  EXPECT_THAT(flow::dot(dynamicFlow()),
              HasSubstr("[label=\"called (4) [agents, unless via phone, prefers the browser]\"]"));
}

TEST(FlowPicture, ShowsWhereACallIs) {
  const flow::DrawOptions options{.current = "cancelled"};
  EXPECT_THAT(flow::dot(supportFlow(), options),
              HasSubstr("n4 [label=\"cancelled\", style=\"rounded,filled\", fillcolor="));
  EXPECT_THAT(flow::mermaid(supportFlow(), options), HasSubstr("  style n4 fill:"));
  EXPECT_THAT(flow::dot(supportFlow(), {.current = "nowhere"}), Not(HasSubstr("filled")));
}

TEST(FlowPicture, HasANameAndAFont) {
  const std::string text = flow::dot(supportFlow(), {.name = "a \"b\"", .font = "Helvetica Neue"});
  EXPECT_THAT(text, HasSubstr("digraph \"a \\\"b\\\"\" {"));
  EXPECT_THAT(text, HasSubstr("fontname=\"Helvetica Neue\""));
}

TEST(FlowPicture, LeavesOutWhatIsRefused) {
  Flow<Ticket> flow{&Ticket::state, incoming};
  flow.state(incoming)
      .silent()
      .on(called)
      .when("a|b", &Ticket::agents)
      .to(incoming)
      .on(called)
      .otherwiseRefused();
  EXPECT_THAT(flow::mermaid(flow), HasSubstr("  n1 -->|\"called (1) [a#124;b]\"| n1\n"));
  EXPECT_THAT(flow::mermaid(flow), Not(HasSubstr("(2)")));
}

TEST(FlowPicture, OfTheDocumentationIsThatOfItsCode) {
  const std::string page = support::contentOf(IVR_TESTS_DIR "/../libivr/docs/flows.md");
  const std::string header = support::contentOf(IVR_TESTS_DIR "/flow/documented_flow.hpp");
  const std::size_t begin = header.find("struct Ticket");
  const std::size_t end = header.find("// clang-format on");
  ASSERT_LT(begin, end);
  EXPECT_THAT(page, HasSubstr("```cpp\n" + header.substr(begin, end - begin) + "```"));
  EXPECT_THAT(page, HasSubstr("```mermaid\n" + flow::mermaid(documented::supportFlow()) + "```"));
}

class FlowPictureByGraphviz : public support::NeedsPrograms {
 protected:
  void SetUp() override { require(isProgram("dot"), "Graphviz is not installed"); }
};

TEST_F(FlowPictureByGraphviz, HasEveryState) {
  const auto support = supportFlow();
  const auto picture = flow::svg(support, {}, 60s);
  ASSERT_TRUE(picture.has_value());
  for (const auto& state : support.definition().states()) {
    EXPECT_THAT(*picture, HasSubstr(std::string{state.name.text()}));
  }
}

}  // namespace
