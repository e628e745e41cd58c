#include "ivr/phone/timeline.hpp"

#include <gtest/gtest.h>
#include <set>
#include <sstream>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace std::chrono_literals;

TEST(Timeline, AMomentHasHoursIfThereAreAny) {
  EXPECT_EQ(describe(Moment{0}), "00:00.000");
  EXPECT_EQ(describe(Moment{65'432}), "01:05.432");
  EXPECT_EQ(describe(Moment{25h + 1min + 2s + 3ms}), "25:01:02.003");
}

TEST(Timeline, AnEntryIsToldAsOneWouldTellIt) {
  EXPECT_EQ(describe(Entry{.at = 3200ms, .what = Happening::says, .text = "Welcome"}),
            "00:03.200 hears \"Welcome\"");
  EXPECT_EQ(describe(Entry{.at = 0s, .what = Happening::error, .text = "no XML", .code = "12100"}),
            "00:00.000   error 12100 no XML");
  EXPECT_EQ(describe(Entry{.what = Happening::called,
                           .details = {{"from", "+1"}, {"parent", ""}, {"to", "+2"}}}),
            "00:00.000 called from=+1 to=+2");
}

TEST(Timeline, AnEntryIsOneLine) {
  std::ostringstream out;
  out << Entry{.what = Happening::twiml, .text = "<Response>\r\n\t<Hangup/>\n</Response>"};
  EXPECT_EQ(out.str().find_first_of("\r\n\t"), std::string::npos);
}

TEST(Timeline, EveryKindHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int kind = 0; kind <= static_cast<int>(Happening::error); ++kind) {
    const auto name = textOf(static_cast<Happening>(kind));
    EXPECT_FALSE(name.empty()) << kind;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

TEST(Timeline, ADetailThatIsNotThereIsEmpty) {
  const Entry entry{.details = {{"a", "1"}, {"a", "2"}}};
  EXPECT_EQ(entry.detail("a"), "1");
  EXPECT_EQ(entry.detail("b"), "");
}

}  // namespace
