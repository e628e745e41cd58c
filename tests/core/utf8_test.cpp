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

TEST(ToUtf8, MakesWellFormedTextOfAnyBytes) {
  EXPECT_TRUE(isUtf8(toUtf8(allBytes() + allBytes())));
}

}  // namespace
