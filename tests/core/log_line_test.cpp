#include "core/log_line.hpp"

#include "core/utf8.hpp"
#include "ivr/core/error.hpp"

#include <chrono>
#include <exception>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace ivr;

std::string line(std::string_view value, Shown shown = Shown::whole,
                 PersonalData personalData = PersonalData::masked) {
  return LogLine{personalData, "event"}.add("name", value, shown).text();
}

TEST(LogLine, IsAnEventAndItsFields) {
  LogLine line{PersonalData::masked, "step"};
  line.add("state", "Welcome").add("us", 85).add("size", std::size_t{3});
  EXPECT_EQ(line.text(), "step state=Welcome us=85 size=3");
}

TEST(LogLine, LeavesOutWhatIsEmpty) { EXPECT_EQ(line(""), "event"); }

TEST(LogLine, QuotesWhatCouldBeTakenForAnotherField) {
  EXPECT_EQ(line("a b"), R"(event name="a b")");
  EXPECT_EQ(line("a=b"), R"(event name="a=b")");
  EXPECT_EQ(line(R"(a"b\c d)"), R"(event name="a\"b\\c d")");
}

TEST(LogLine, StaysOneLine) {
  EXPECT_EQ(line("a\r\nevent name=b"), R"(event name="a??event name=b")");
}

TEST(LogLine, ShowsNoByteThatATerminalObeys) {
  EXPECT_EQ(line("/\x9b"
                 "31m"),
            "event name=\"/?31m\"");
  EXPECT_EQ(line("\xC2\x9B\xE2\x80\xAE\xFF\x1b"), "event name=\"????\"");
  EXPECT_EQ(line("Gr\xC3\xBC\xC3\x9F"), "event name=\"Gr\xC3\xBC\xC3\x9F\"");
}

TEST(LogLine, IsPrintableWhateverTheBytesAreAndHoweverTheyAreShown) {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes += std::string("a") + static_cast<char>(c);
  for (const Shown shown : {Shown::whole, Shown::withoutNumbers, Shown::lastDigits}) {
    for (const PersonalData data : {PersonalData::masked, PersonalData::shown}) {
      const std::string text = line(bytes, shown, data);
      EXPECT_EQ(toPrintable(text), text);
    }
  }
}

TEST(LogLine, EndsALongValue) {
  const std::string text = line(std::string(5000, 'x'));
  EXPECT_LT(text.size(), 1100U);
  EXPECT_TRUE(text.ends_with("...\""));
}

TEST(LogLineOfAnError, ShowsNoByteThatATerminalObeys) {
  const auto error = std::make_exception_ptr(Error{ErrorKind::usage, "bad \xC2\x9B name\n\xFF"});
  EXPECT_EQ(LogLine(PersonalData::masked, "event").add(error).text(),
            "event error=\"bad ? name??\"");
}

std::string errorLine(const std::exception_ptr& error, std::vector<std::string> values = {}) {
  return LogLine{PersonalData::masked, "event"}.add(error, values).text();
}

template <class E>
std::exception_ptr thrown(E error) {
  return std::make_exception_ptr(std::move(error));
}

TEST(LogLineOfAnError, SaysTheTypeOfAForeignException) {
  EXPECT_EQ(errorLine(thrown(std::out_of_range{"map::at"})),
            "event type=std::out_of_range error=map::at");
  EXPECT_EQ(errorLine(thrown(42)), "event type=int error=\"unknown exception\"");
}

TEST(LogLineOfAnError, SaysOnlyTheMessageOfOurOwn) {
  EXPECT_EQ(errorLine(thrown(Error{ErrorKind::usage, "why"})), "event error=why");
  EXPECT_EQ(errorLine(nullptr), "event");
}

TEST(LogLineOfAnError, MasksAShortValueOnlyWhereItIsAWord) {
  const auto error = thrown(Error{ErrorKind::usage, "pin 12 of 123, 12"});
  EXPECT_EQ(errorLine(error, {"12", ""}), "event error=\"pin *** of 123, ***\"");
}

TEST(LogLineOfAnError, MasksALongValueEverywhereButInAnId) {
  const auto error =
      thrown(Error{ErrorKind::usage, "x48151y CA48151678901234567890123456789012 48151"});
  EXPECT_EQ(errorLine(error, {"48151"}),
            "event error=\"x***y CA48151678901234567890123456789012 ***\"");
}

TEST(LogLineOfAnError, MasksManyValuesOfOneLongWordInLinearTime) {
  const auto error = thrown(Error{ErrorKind::usage, std::string(100'000, 'a')});
  const std::vector<std::string> values(1000, "a");
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_NE(errorLine(error, values), "");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{1});
}

TEST(LogLine, MasksWhatIsPersonal) {
  EXPECT_EQ(line("+14155550100", Shown::lastDigits), "event name=+*********00");
  EXPECT_EQ(line("1234", Shown::nothing), "event name=***");
  EXPECT_EQ(line("nobody at 4155550100", Shown::withoutNumbers),
            R"(event name="nobody at **********")");
}

TEST(LogLine, ShowsItWhereThatIsWanted) {
  EXPECT_EQ(line("+14155550100", Shown::lastDigits, PersonalData::shown),
            "event name=+14155550100");
  EXPECT_EQ(line("1234", Shown::nothing, PersonalData::shown), "event name=1234");
}

}  // namespace
