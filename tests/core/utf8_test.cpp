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

struct TextPair {
  std::string input;
  std::string expected;
  friend void PrintTo(const TextPair& pair, std::ostream* out) {
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

class MalformedUtf8 : public testing::TestWithParam<TextPair> {};

TEST_P(MalformedUtf8, IsRecognised) { EXPECT_FALSE(isUtf8(GetParam().input)); }

TEST_P(MalformedUtf8, IsReplacedByMaximalParts) {
  EXPECT_EQ(toUtf8(GetParam().input), withReplacements(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(Vectors, MalformedUtf8,
                         Values(TextPair{"\x80", "r"},                 // a continuation alone
                                TextPair{"a\xBF\xBF", "arr"},          //
                                TextPair{"\xC3", "r"},                 // cut off
                                TextPair{"\xC3 x", "r x"},             //
                                TextPair{"\xE2\x82", "r"},             //
                                TextPair{"\xE2\x82z", "rz"},           //
                                TextPair{"\xF0\x9F\x93", "r"},         //
                                TextPair{"\xF0\x9F\x93z", "rz"},       //
                                TextPair{"\xC0\x80", "rr"},            // overlong
                                TextPair{"\xC1\xBF", "rr"},            //
                                TextPair{"\xE0\x80\x80", "rrr"},       //
                                TextPair{"\xF0\x80\x80\x80", "rrrr"},  //
                                TextPair{"\xED\xA0\x80", "rrr"},       // a surrogate
                                TextPair{"\xED\xBF\xBF", "rrr"},       //
                                TextPair{"\xF4\x90\x80\x80", "rrrr"},  // above U+10FFFF
                                TextPair{"\xF5\x80", "rr"},            //
                                TextPair{"\xFE\xFF", "rr"},            //
                                TextPair{"a\xF1\x80\x80\xE1\x80\xC2"
                                         "b\x80"
                                         "c\x80\xBF"
                                         "d",
                                         "arrrbrcrrd"}));  // Unicode, table 3-11

class PrintableText : public testing::TestWithParam<TextPair> {};

TEST_P(PrintableText, HasAQuestionMarkForWhatDoesSomethingToATerminal) {
  EXPECT_EQ(toPrintable(GetParam().input), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Vectors, PrintableText,
    Values(TextPair{"", ""}, TextPair{"plain text", "plain text"},
           TextPair{std::string{"a\0b\x1b[31m\x7f\t\r\n", 12}, "a?b?[31m????"},
           TextPair{"\x9B"
                    "31m",
                    "?31m"},                                 // C1 as a byte
           TextPair{"\xC2\x80 \xC2\x9B \xC2\x9F", "? ? ?"},  // and as UTF-8
           TextPair{"\xC2\xA0 \xC3\xBC", "\xC2\xA0 \xC3\xBC"},
           TextPair{"a\xE2\x80\xA8"
                    "b\xE2\x80\xA9"
                    "c",
                    "a?b?c"},  // line and paragraph separators
           TextPair{"\xE2\x80\xAA\xE2\x80\xAE\xE2\x81\xA6\xE2\x81\xA9", "????"},
           TextPair{"\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C", "???"},  // marks of direction
           TextPair{"\xE2\x80\xA7\xE2\x80\xAF\xE2\x81\xA5\xE2\x81\xAA",
                    "\xE2\x80\xA7\xE2\x80\xAF\xE2\x81\xA5\xE2\x81\xAA"},  // their neighbours
           TextPair{"\xE2\x82z\xFF\xF0\x9F\x93\x9E", "?z?\xF0\x9F\x93\x9E"}));

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
