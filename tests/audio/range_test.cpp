// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "audio/range.hpp"

#include "ivr/core/log.hpp"

#include <gtest/gtest.h>
#include <ostream>
#include <string>
#include <vector>

namespace ivr::audio {

// What GoogleTest prints on failure.
void PrintTo(const RangeRequest& request, std::ostream* out) {
  if (std::holds_alternative<WholeFile>(request)) {
    *out << "the whole file";
  } else if (std::holds_alternative<Unsatisfiable>(request)) {
    *out << "unsatisfiable";
  } else {
    for (const ByteRange& range : std::get<std::vector<ByteRange>>(request)) {
      *out << range.length << " bytes from " << range.offset << "; ";
    }
  }
}

}  // namespace ivr::audio

using namespace ivr;
using namespace ivr::audio;

namespace {

using Ranges = std::vector<ByteRange>;

struct RangeExample {
  std::string header;
  RangeRequest expected;
  std::uint64_t size = 1000;
};

void PrintTo(const RangeExample& example, std::ostream* out) {
  *out << oneLine(example.header, 60) << " of " << example.size;
}

std::string manyRanges(int count) {
  std::string header = "bytes=";
  for (int number = 0; number < count; ++number) {
    header += std::to_string(2 * number) + '-' + std::to_string(2 * number) + ',';
  }
  return header;
}

class RangeHeader : public testing::TestWithParam<RangeExample> {};

// 62
TEST_P(RangeHeader, IsReadAsRfc9110Says) {
  EXPECT_EQ(parseRange(GetParam().header, GetParam().size), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(OfOneRange, RangeHeader,
                         testing::Values(RangeExample{"bytes=0-0", Ranges{{0, 1}}},
                                         RangeExample{"bytes=0-99", Ranges{{0, 100}}},
                                         RangeExample{"bytes=100-", Ranges{{100, 900}}},
                                         RangeExample{"bytes=999-", Ranges{{999, 1}}},
                                         RangeExample{"bytes=-1", Ranges{{999, 1}}},
                                         RangeExample{"bytes=-500", Ranges{{500, 500}}},
                                         RangeExample{"bytes=0-999", Ranges{{0, 1000}}},
                                         RangeExample{"Bytes=0-1", Ranges{{0, 2}}},
                                         RangeExample{"bytes=007-08", Ranges{{7, 2}}}));

INSTANTIATE_TEST_SUITE_P(ReachingPastTheEnd, RangeHeader,
                         testing::Values(RangeExample{"bytes=0-1000", Ranges{{0, 1000}}},
                                         RangeExample{"bytes=900-5000", Ranges{{900, 100}}},
                                         RangeExample{"bytes=-1001", Ranges{{0, 1000}}}));

INSTANTIATE_TEST_SUITE_P(
    WithNumbersOf64BitsAndMore, RangeHeader,
    testing::Values(RangeExample{"bytes=0-18446744073709551615", Ranges{{0, 1000}}},
                    RangeExample{"bytes=1-99999999999999999999999", Ranges{{1, 999}}},
                    RangeExample{"bytes=-99999999999999999999999", Ranges{{0, 1000}}},
                    RangeExample{"bytes=18446744073709551615-", Unsatisfiable{}},
                    RangeExample{"bytes=99999999999999999999999-", Unsatisfiable{}},
                    RangeExample{"bytes=0-18446744073709551615", Ranges{{0, UINT64_MAX}},
                                 UINT64_MAX}));

INSTANTIATE_TEST_SUITE_P(
    OfSeveralRanges, RangeHeader,
    testing::Values(RangeExample{"bytes=0-99,200-299", Ranges{{0, 100}, {200, 100}}},
                    RangeExample{"bytes=500-599,0-99", Ranges{{500, 100}, {0, 100}}},
                    RangeExample{"bytes=0-0,-1", Ranges{{0, 1}, {999, 1}}},
                    RangeExample{"bytes=0-9 , \t20-29", Ranges{{0, 10}, {20, 10}}},
                    RangeExample{"bytes=,0-9,,20-29,", Ranges{{0, 10}, {20, 10}}},
                    RangeExample{"bytes=0-9,2000-2001", Ranges{{0, 10}}}));

INSTANTIATE_TEST_SUITE_P(OutsideTheFile, RangeHeader,
                         testing::Values(RangeExample{"bytes=1000-", Unsatisfiable{}},
                                         RangeExample{"bytes=1000-1001,5000-", Unsatisfiable{}},
                                         RangeExample{"bytes=-0", Unsatisfiable{}},
                                         RangeExample{"bytes=0-", Unsatisfiable{}, 0},
                                         RangeExample{"bytes=-1", Unsatisfiable{}, 0}));

INSTANTIATE_TEST_SUITE_P(
    ThatIsMalformed, RangeHeader,
    testing::Values(
        RangeExample{"", WholeFile{}}, RangeExample{"bytes", WholeFile{}},
        RangeExample{"bytes=", WholeFile{}}, RangeExample{"bytes=,,", WholeFile{}},
        RangeExample{"bytes=-", WholeFile{}}, RangeExample{"bytes=5", WholeFile{}},
        RangeExample{"bytes=9-5", WholeFile{}}, RangeExample{"bytes=a-b", WholeFile{}},
        RangeExample{"bytes=1-2x", WholeFile{}}, RangeExample{"bytes=+1-2", WholeFile{}},
        RangeExample{"bytes=-1-2", WholeFile{}}, RangeExample{"bytes=1--2", WholeFile{}},
        RangeExample{"bytes=--1", WholeFile{}}, RangeExample{"bytes=0x1-0x2", WholeFile{}},
        RangeExample{"bytes=1.5-2", WholeFile{}}, RangeExample{"bytes=0-9;20-29", WholeFile{}},
        RangeExample{"bytes=0-9,x", WholeFile{}}, RangeExample{"=0-9", WholeFile{}},
        RangeExample{"items=0-9", WholeFile{}}, RangeExample{"0-9", WholeFile{}},
        RangeExample{std::string{"bytes=0-9\0", 10}, WholeFile{}}));

INSTANTIATE_TEST_SUITE_P(ThatWouldOnlyCost, RangeHeader,
                         testing::Values(RangeExample{"bytes=0-,0-", WholeFile{}},
                                         RangeExample{"bytes=0-599,400-999", WholeFile{}},
                                         RangeExample{"bytes=0-,1-,2-,3-,4-", WholeFile{}},
                                         RangeExample{manyRanges(200), WholeFile{}},
                                         RangeExample{manyRanges(100000), WholeFile{}},
                                         RangeExample{"bytes=" + std::string(100000, ','),
                                                      WholeFile{}}));

}  // namespace
