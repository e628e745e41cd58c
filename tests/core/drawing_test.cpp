#include "core/drawing.hpp"

#include <gtest/gtest.h>

namespace {

using namespace ivr;

TEST(Drawing, TextsStayInsideTheirQuotes) {
  EXPECT_EQ(quotedForDot("a \"b\" \\ c\nd"), "a \\\"b\\\" \\\\ c\\nd");
  EXPECT_EQ(quotedForMermaid("\"<&>\" #1|`\n"), "#quot;#lt;#amp;#gt;#quot; #35;1#124;'<br/>");
}

}  // namespace
