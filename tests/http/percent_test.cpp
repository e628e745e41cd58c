#include "ivr/http/percent.hpp"

#include <gtest/gtest.h>
#include <ostream>
#include <string>

// Numbers in comments: the behaviours of the reference framework that each case covers.

namespace {

using namespace ivr;
using namespace ivr::http;
using testing::Values;

/// Every byte value, in order.
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

TEST(PercentDecode, ReadsASequenceWhereverItStands) {
  for (std::size_t before = 0; before < 20; ++before) {
    for (std::size_t after = 0; after < 20; ++after) {
      const std::string front(before, 'a');
      const std::string back(after, 'z');
      EXPECT_EQ(percentDecode(front + "%41%" + back), front + "A%" + back);
      EXPECT_EQ(formDecode(front + "+%3d%" + back), front + " =%" + back);
    }
  }
}

TEST(PercentDecode, LeavesEveryOtherByte) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(20, static_cast<char>(byte));
    EXPECT_EQ(percentDecode(text), text);
    EXPECT_EQ(formDecode(text), byte == '+' ? std::string(20, ' ') : text);
  }
}

TEST(PercentDecode, DecodesANulByte) { EXPECT_EQ(percentDecode("%00"), std::string(1, '\0')); }

// 20
TEST(FormDecode, ReadsAPlusAsABlank) { EXPECT_EQ(formDecode("a+b%2Bc%20d"), "a b+c d"); }

// 20
TEST(FormDecode, LeavesWhatIsMalformed) { EXPECT_EQ(formDecode("%zz+%"), "%zz %"); }

}  // namespace
