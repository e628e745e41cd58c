#include "core/base64.hpp"

#include <gtest/gtest.h>
#include <string>

namespace {

using namespace ivr;

TEST(Base64, WritesTheExamplesOfItsStandard) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(Base64, ReadsWhatItHasWritten) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(i);
    EXPECT_EQ(base64Decoded(base64(bytes)), bytes);
  }
}

TEST(Base64, ReadsTextWithoutPadding) { EXPECT_EQ(base64Decoded("Zm9vYg"), "foob"); }

TEST(Base64, RefusesOtherCharacters) {
  EXPECT_EQ(base64Decoded("Zm9v!g=="), std::nullopt);
  EXPECT_EQ(base64Decoded("Zm 9v"), std::nullopt);
}

}  // namespace
