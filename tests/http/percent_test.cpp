#include "ivr/http/percent.hpp"

#include <gtest/gtest.h>
#include <ostream>
#include <string>

// Numbers in comments: the behaviours of the reference framework that each case covers.

namespace {

using namespace ivr;
using testing::Values;

/// Every byte there is, in order.
std::string allBytes() {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
  return bytes;
}

TEST(PercentEncode, LeavesUnreservedCharacters) {
  const std::string unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  EXPECT_EQ(percentEncode(unreserved, PercentKeep::nothing), unreserved);
  EXPECT_EQ(percentEncode(unreserved, PercentKeep::pathParts), unreserved);
}

// 53
TEST(PercentEncode, EncodesEverythingElseInAQuery) {
  EXPECT_EQ(percentEncode(" !\"#$%&'()*+,/:;=?@[]", PercentKeep::nothing),
            "%20%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3D%3F%40%5B%5D");
}

// 54
TEST(PercentEncode, KeepsWhatMayStandInAPath) {
  EXPECT_EQ(percentEncode("/a!$&'()*+,;=:@", PercentKeep::pathParts), "/a!$&'()*+,;=:@");
  EXPECT_EQ(percentEncode("/p?x=1#y %[]\\", PercentKeep::pathParts), "/p%3Fx=1%23y%20%25%5B%5D%5C");
}

TEST(PercentEncode, EncodesEachByteOfACharacter) {
  EXPECT_EQ(percentEncode("\xC3\xBC", PercentKeep::pathParts), "%C3%BC");
}

TEST(PercentEncode, DecodesBackToTheSameBytes) {
  EXPECT_EQ(percentDecode(percentEncode(allBytes(), PercentKeep::nothing)), allBytes());
  EXPECT_EQ(percentDecode(percentEncode(allBytes(), PercentKeep::pathParts)), allBytes());
}

struct TextPair {
  std::string input;
  std::string expected;
  friend void PrintTo(const TextPair& pair, std::ostream* out) {
    *out << testing::PrintToString(pair.input);
  }
};

class PercentDecode : public testing::TestWithParam<TextPair> {};

// 20
TEST_P(PercentDecode, LeavesWhatIsMalformed) {
  EXPECT_EQ(percentDecode(GetParam().input), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Vectors, PercentDecode,
                         Values(TextPair{"", ""}, TextPair{"a%20b", "a b"},
                                TextPair{"%2f%2F", "//"}, TextPair{"%41%42", "AB"},
                                TextPair{"%zz", "%zz"}, TextPair{"%", "%"}, TextPair{"%4", "%4"},
                                TextPair{"%4%41", "%4A"}, TextPair{"%%41", "%A"},
                                TextPair{"%2541", "%41"},  // once only
                                TextPair{"% 41", "% 41"}, TextPair{"%+1", "%+1"},
                                TextPair{"%0x", "%0x"}, TextPair{"a+b", "a+b"}));

TEST(PercentDecode, DecodesANulByte) { EXPECT_EQ(percentDecode("%00"), std::string(1, '\0')); }

// 20
TEST(FormDecode, ReadsAPlusAsABlank) { EXPECT_EQ(formDecode("a+b%2Bc%20d"), "a b+c d"); }

// 20
TEST(FormDecode, LeavesWhatIsMalformed) { EXPECT_EQ(formDecode("%zz+%"), "%zz %"); }

class WellFormedUtf8 : public testing::TestWithParam<std::string> {};

TEST_P(WellFormedUtf8, IsRecognised) { EXPECT_TRUE(isUtf8(GetParam())); }

TEST_P(WellFormedUtf8, StaysAsItIs) { EXPECT_EQ(toUtf8(GetParam()), GetParam()); }

INSTANTIATE_TEST_SUITE_P(Vectors, WellFormedUtf8,
                         Values("", "ascii", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80",
                                "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80",
                                "\xF4\x8F\xBF\xBF", "Gr\xC3\xBC\xC3\x9F \xF0\x9F\x93\x9E"));

constexpr const char* kReplacement = "\xEF\xBF\xBD";

/// `r` stands for U+FFFD in what is expected.
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
