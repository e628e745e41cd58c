// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "audio/fingerprint.hpp"

#include <gtest/gtest.h>
#include <ostream>
#include <string>
#include <vector>

using namespace ivr;
using namespace ivr::audio;

namespace {

struct Vector {
  std::string bytes;
  std::string fingerprint;
};

void PrintTo(const Vector& vector, std::ostream* out) {
  *out << vector.fingerprint << " of " << vector.bytes.size() << " bytes";
}

// Made with the reference program of XXH3.
const std::vector<Vector> kVectors{
    {"", "99aa06d3014798d86001c324468d497f"},
    {"a", "a96faf705af16834e6c632b61e964e1f"},
    {"abc", "06b05ab6733a618578af5f94892f3950"},
    {std::string(1000, 'x'), "50a1af5a5f2dcf01c0a4877b962cba82"},
};

class FingerprintVectors : public testing::TestWithParam<Vector> {};

// 57
TEST_P(FingerprintVectors, IsXxh3Of128BitsInLowerCaseHex) {
  EXPECT_EQ(fingerprintOf(GetParam().bytes), GetParam().fingerprint);
}

INSTANTIATE_TEST_SUITE_P(Fingerprint, FingerprintVectors, testing::ValuesIn(kVectors));

class FingerprintInPieces : public testing::TestWithParam<std::size_t> {};

TEST_P(FingerprintInPieces, IsThatOfTheWhole) {
  std::string bytes;
  for (int number = 0; number < 5000; ++number) bytes += static_cast<char>(number * 7 % 251);
  Fingerprinter fingerprinter;
  for (std::size_t offset = 0; offset < bytes.size(); offset += GetParam()) {
    const std::string piece = bytes.substr(offset, GetParam());
    fingerprinter.add(piece);
  }
  EXPECT_EQ(fingerprinter.finish(), fingerprintOf(bytes));
}

INSTANTIATE_TEST_SUITE_P(Fingerprint, FingerprintInPieces,
                         testing::Values(1, 7, 64, 241, 1024, 4999, 5000));

TEST(Fingerprint, OfNoPiecesIsThatOfNothing) {
  EXPECT_EQ(Fingerprinter{}.finish(), fingerprintOf(""));
}

TEST(Fingerprint, CountsZeroBytes) {
  EXPECT_NE(fingerprintOf(std::string(1, '\0')), fingerprintOf(std::string(2, '\0')));
}

}  // namespace
