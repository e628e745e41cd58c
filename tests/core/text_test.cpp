#include "core/text.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <gtest/gtest.h>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ivr;

TEST(Trimmed, LosesWhatIsStrayAtItsEnds) {
  EXPECT_EQ(trimmed(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(trimmed("\na\n", kBlanks), "\na\n");
  EXPECT_EQ(trimmed("'a'", "'"), "a");
}

TEST(Trimmed, OfNothingButBlanksIsEmpty) {
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(trimmed(" \t "), "");
}

TEST(ItemsOf, AreTrimmedAndNotEmpty) {
  using Items = std::vector<std::string_view>;
  EXPECT_EQ(itemsOf(" a , b c,, ,d"), (Items{"a", "b c", "d"}));
  EXPECT_EQ(itemsOf("a;b,c", ';'), (Items{"a", "b,c"}));
  EXPECT_EQ(itemsOf(" , "), Items{});
  EXPECT_EQ(itemsOf(""), Items{});
}

TEST(LowerCase, ChangesLettersOfAsciiOnly) {
  EXPECT_EQ(lowerCase("AbZ@[`{\xC3\x9C"), "abz@[`{\xC3\x9C");
}

TEST(NumberFrom, ReadsAWholeText) {
  EXPECT_EQ(numberFrom<int>("-12"), -12);
  EXPECT_EQ(numberFrom<std::uint64_t>("18446744073709551615"),
            std::numeric_limits<std::uint64_t>::max());
}

TEST(NumberFrom, ReadsNothingElse) {
  for (const char* text : {"", " 1", "1 ", "1x", "+1", "0x1", "1.0", "2147483648"}) {
    EXPECT_EQ(numberFrom<int>(text), std::nullopt) << text;
  }
}

TEST(HexText, WritesTwoDigitsForEachByte) {
  EXPECT_EQ(hexText(std::array<unsigned char, 3>{0x00, 0x0F, 0xA9}), "000fa9");
}

TEST(Environment, IsTrimmed) {
  ::setenv("IVR_TEXT_TEST", " value\n", 1);
  EXPECT_EQ(environment("IVR_TEXT_TEST"), "value");
  ::unsetenv("IVR_TEXT_TEST");
  EXPECT_EQ(environment("IVR_TEXT_TEST"), "");
}

}  // namespace
