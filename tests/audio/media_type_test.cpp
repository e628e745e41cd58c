// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "audio/media_type.hpp"

#include <gtest/gtest.h>
#include <string_view>
#include <utility>

using namespace ivr;
using namespace ivr::audio;

namespace {

using Example = std::pair<std::string_view, std::string_view>;

class MediaTypes : public testing::TestWithParam<Example> {};

// 62
TEST_P(MediaTypes, FollowTheExtension) {
  EXPECT_EQ(mediaTypeFor(GetParam().first), GetParam().second);
}

INSTANTIATE_TEST_SUITE_P(
    Audio, MediaTypes,
    testing::Values(Example{"lunch.mp3", "audio/mpeg"}, Example{"lunch.mpga", "audio/mpeg"},
                    Example{"lunch.wav", "audio/wav"}, Example{"lunch.aif", "audio/aiff"},
                    Example{"lunch.aiff", "audio/aiff"}, Example{"lunch.aifc", "audio/x-aifc"},
                    Example{"lunch.gsm", "audio/gsm"}, Example{"lunch.ulaw", "audio/ulaw"},
                    Example{"lunch.mulaw", "audio/ulaw"}, Example{"lunch.ul", "audio/ulaw"}));

INSTANTIATE_TEST_SUITE_P(InAnyCase, MediaTypes,
                         testing::Values(Example{"LUNCH.MP3", "audio/mpeg"},
                                         Example{"lunch.Wav", "audio/wav"}));

INSTANTIATE_TEST_SUITE_P(OfTheLastExtensionOnly, MediaTypes,
                         testing::Values(Example{"lunch.wav.mp3", "audio/mpeg"},
                                         Example{"lunch.mp3.txt", "application/octet-stream"},
                                         Example{"a.mp3/readme", "application/octet-stream"}));

INSTANTIATE_TEST_SUITE_P(OfOtherFiles, MediaTypes,
                         testing::Values(Example{"", "application/octet-stream"},
                                         Example{"lunch", "application/octet-stream"},
                                         Example{"lunch.", "application/octet-stream"},
                                         Example{"lunchmp3", "application/octet-stream"},
                                         Example{"lunch.mp34", "application/octet-stream"},
                                         Example{"lunch.html", "application/octet-stream"}));

}  // namespace
