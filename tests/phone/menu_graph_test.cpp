// Menus as text and as drawings.

#include "ivr/phone/menu_graph.hpp"

#include <gmock/gmock.h>
#include <string>
#include <string_view>

namespace {

using namespace ivr::phone;
using ::testing::HasSubstr;
using ::testing::Not;

Act press(std::string keys) { return {.kind = Act::Kind::press, .text = std::move(keys)}; }

MenuGraph menu() {
  MenuGraph graph;
  graph.nodes = {
      {},
      {.id = "Q1",
       .kind = MenuNode::Kind::question,
       .address = "/menu",
       .heard = {"Say \"one\" & <press> #."},
       .states = {"MENU"}},
      {.id = "E1", .kind = MenuNode::Kind::ended, .detail = "completed", .heard = {"Bye."}},
      {.id = "D1", .kind = MenuNode::Kind::dialling, .detail = "+14155550123"}};
  graph.edges = {{.from = 0, .to = 1}};
  for (const char key : std::string_view{"023456789#"}) {
    graph.edges.push_back({.from = 1, .to = 1, .step = {.act = press({key})}});
  }
  graph.edges.push_back({.from = 1, .to = 1, .step = {.act = press("*"), .times = 5}});
  graph.edges.push_back({.from = 1, .to = 3, .step = {.act = press("1")}});
  graph.edges.push_back({.from = 1, .to = 2, .step = {.act = {}, .times = 2}});
  graph.calls = 15;
  graph.webhooks = 1;
  return graph;
}

TEST(MenuText, TellsEachPlaceOnceAndGroupsKeys) {
  EXPECT_EQ(textOf(menu()), R"(the call begins
  -> Q1

Q1 question /menu (MENU)
  "Say "one" & <press> #."
  0 2-9 #, * (5 times) -> Q1
  1                -> D1
  silence (2 times) -> ends completed: "Bye."

D1 dials +14155550123

1 question, 15 calls, 1 webhook
)");
}

TEST(MenuText, SaysWhatWasNotTried) {
  MenuGraph graph = menu();
  graph.nodes[1].isTried = false;
  EXPECT_THAT(textOf(graph), HasSubstr("not tried, because a bound was hit"));
}

TEST(MenuText, WritesNothingOnATerminalButText) {
  MenuGraph graph = menu();
  graph.nodes[1].heard = {
      "\x1b[2J\xc2\x9b"
      "31m"};
  graph.nodes[1].address = "/a\x1b]0;mine\x07";
  for (const std::string& text : {textOf(graph), dotOf(graph), mermaidOf(graph)}) {
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, Not(HasSubstr("\xc2\x9b")));
  }
}

TEST(MenuDot, QuotesWhatGraphvizWouldRead) {
  const std::string dot = dotOf(menu());
  EXPECT_THAT(dot, HasSubstr("digraph menu {"));
  EXPECT_THAT(dot, HasSubstr(R"(\"Say \"one\" & <press> #.\"\n)"));
  EXPECT_THAT(dot, HasSubstr("n1 -> n3 [label=\"1\"];"));
}

TEST(MenuMermaid, QuotesWhatMermaidWouldRead) {
  const std::string mermaid = mermaidOf(menu());
  EXPECT_THAT(mermaid, HasSubstr("flowchart TD\n"));
  EXPECT_THAT(mermaid, HasSubstr("Say #quot;one#quot; #amp; #lt;press#gt; #35;."));
  EXPECT_THAT(mermaid, HasSubstr("n1 -->|\"0 2-9 #35;, * (5 times)\"| n1\n"));
}

TEST(MenuFinding, IsDescribedWithTheWayToIt) {
  EXPECT_EQ(describe(MenuFinding{.kind = "http",
                                 .code = "11217",
                                 .address = "/a",
                                 .message = "answers 404",
                                 .path = {{.act = press("1")}, {.act = {}, .times = 2}},
                                 .count = 3}),
            "http[11217]: /a: answers 404; after press 1, silence (2 times), and 2 times more");
  EXPECT_EQ(describe(MenuFinding{.kind = "unreached", .message = "no call came", .hasPath = false}),
            "unreached: no call came");
  EXPECT_EQ(describe(MenuPath{}), "the beginning");
}

}  // namespace
