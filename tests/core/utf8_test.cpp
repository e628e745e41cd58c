#include "core/utf8.hpp"

#include <gtest/gtest.h>
#include <ostream>
#include <string>

namespace {

using namespace ivr;
using testing::Values;

/// Every byte value, in order.
std::string allBytes() {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
  return bytes;
}

struct Repair {
  std::string input;
  std::string expected;
  friend void PrintTo(const Repair& pair, std::ostream* out) {
    *out << testing::PrintToString(pair.input);
  }
};

class WellFormedUtf8 : public testing::TestWithParam<std::string> {};

TEST_P(WellFormedUtf8, IsRecognised) { EXPECT_TRUE(isUtf8(GetParam())); }

TEST_P(WellFormedUtf8, StaysAsItIs) { EXPECT_EQ(toUtf8(GetParam()), GetParam()); }

INSTANTIATE_TEST_SUITE_P(Vectors, WellFormedUtf8,
                         Values("", "ascii", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80",
                                "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80",
                                "\xF4\x8F\xBF\xBF", "Gr\xC3\xBC\xC3\x9F \xF0\x9F\x93\x9E"));

constexpr const char* kReplacement = "\xEF\xBF\xBD";

/// In `pattern`, `r` stands for U+FFFD.
std::string withReplacements(const std::string& pattern) {
  std::string text;
  for (const char c : pattern) text += c == 'r' ? std::string{kReplacement} : std::string(1, c);
  return text;
}

class MalformedUtf8 : public testing::TestWithParam<Repair> {};

TEST_P(MalformedUtf8, IsRecognised) { EXPECT_FALSE(isUtf8(GetParam().input)); }

TEST_P(MalformedUtf8, IsReplacedByMaximalParts) {
  EXPECT_EQ(toUtf8(GetParam().input), withReplacements(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(Vectors, MalformedUtf8,
                         Values(Repair{"\x80", "r"},                 // a continuation alone
                                Repair{"a\xBF\xBF", "arr"},          //
                                Repair{"\xC3", "r"},                 // cut off
                                Repair{"\xC3 x", "r x"},             //
                                Repair{"\xE2\x82", "r"},             //
                                Repair{"\xE2\x82z", "rz"},           //
                                Repair{"\xF0\x9F\x93", "r"},         //
                                Repair{"\xF0\x9F\x93z", "rz"},       //
                                Repair{"\xC0\x80", "rr"},            // overlong
                                Repair{"\xC1\xBF", "rr"},            //
                                Repair{"\xE0\x80\x80", "rrr"},       //
                                Repair{"\xF0\x80\x80\x80", "rrrr"},  //
                                Repair{"\xED\xA0\x80", "rrr"},       // a surrogate
                                Repair{"\xED\xBF\xBF", "rrr"},       //
                                Repair{"\xF4\x90\x80\x80", "rrrr"},  // above U+10FFFF
                                Repair{"\xF5\x80", "rr"},            //
                                Repair{"\xFE\xFF", "rr"},            //
                                Repair{"a\xF1\x80\x80\xE1\x80\xC2"
                                       "b\x80"
                                       "c\x80\xBF"
                                       "d",
                                       "arrrbrcrrd"}));  // Unicode, table 3-11

class PrintableText : public testing::TestWithParam<Repair> {};

TEST_P(PrintableText, HasAQuestionMarkForWhatDoesSomethingToATerminal) {
  EXPECT_EQ(toPrintable(GetParam().input), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Vectors, PrintableText,
    Values(Repair{"", ""}, Repair{"plain text", "plain text"},
           Repair{std::string{"a\0b\x1b[31m\x7f\t\r\n", 12}, "a?b?[31m????"},
           Repair{"\x9B"
                  "31m",
                  "?31m"},                                 // C1 as a byte
           Repair{"\xC2\x80 \xC2\x9B \xC2\x9F", "? ? ?"},  // and as UTF-8
           Repair{"\xC2\xA0 \xC3\xBC", "\xC2\xA0 \xC3\xBC"},
           Repair{"a\xE2\x80\xA8"
                  "b\xE2\x80\xA9"
                  "c",
                  "a?b?c"},  // line and paragraph separators
           Repair{"\xE2\x80\xAA\xE2\x80\xAE\xE2\x81\xA6\xE2\x81\xA9", "????"},
           Repair{"\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C", "???"},  // marks of direction
           Repair{"\xE2\x80\xA7\xE2\x80\xAF\xE2\x81\xA5\xE2\x81\xAA",
                  "\xE2\x80\xA7\xE2\x80\xAF\xE2\x81\xA5\xE2\x81\xAA"},  // their neighbours
           Repair{"\xE2\x82z\xFF\xF0\x9F\x93\x9E", "?z?\xF0\x9F\x93\x9E"}));

TEST(PrintableText, IsUtf8OfPrintableCharactersWhateverTheBytesAre) {
  const std::string text = toPrintable(allBytes() + allBytes());
  EXPECT_TRUE(isUtf8(text));
  EXPECT_EQ(toPrintable(text), text);
  for (const char c : text) EXPECT_FALSE((c >= 0 && c < ' ') || c == '\x7F');
}

TEST(ToUtf8, MakesWellFormedTextOfAnyBytes) {
  EXPECT_TRUE(isUtf8(toUtf8(allBytes() + allBytes())));
}

}  // namespace
