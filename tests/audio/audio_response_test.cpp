// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "audio/audio_response.hpp"

#include "audio/fingerprint.hpp"
#include "support/app.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace ivr;
using namespace ivr::audio;
using namespace std::chrono_literals;
using support::get;
using support::header;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

namespace {

constexpr std::chrono::system_clock::time_point kModified{
    784111777s};                                                    // from the vectors in RFC 9110
constexpr std::chrono::system_clock::time_point kNow{1709164800s};  // 29 Feb 2024
constexpr const char* kModifiedText = "Sun, 06 Nov 1994 08:49:37 GMT";

AudioFile fileOf(const std::string& bytes) {
  const int descriptor = ::memfd_create("audio", 0);
  if (::write(descriptor, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
    throw std::runtime_error{"memfd"};
  }
  return {.fingerprint = fingerprintOf(bytes),
          .size = bytes.size(),
          .bytes = std::make_shared<const http::StaticFile>(descriptor, bytes.size()),
          .modified = kModified + 500ms,
          .mediaType = "audio/mpeg"};
}

std::string thousandBytes() {
  std::string bytes;
  for (int number = 0; number < 1000; ++number) bytes += static_cast<char>(number * 7 % 251);
  return bytes;
}

std::string tagOf(std::string_view bytes) { return '"' + fingerprintOf(bytes) + '"'; }

Request with(std::initializer_list<http::Headers::Field> fields) {
  Request request = get("/lunch.mp3");
  for (const auto& [name, value] : fields) request.headers.add(name, value);
  return request;
}

Response answer(const Request& request, const std::string& bytes = thousandBytes(),
                Freshness freshness = Freshness::forever) {
  return audioResponse(fileOf(bytes), request, freshness, kNow);
}

// 62
TEST(AudioResponse, SendsTheFileByteForByte) {
  const Response response = answer(get("/lunch.mp3"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.text(), thousandBytes());
}

// 62
TEST(AudioResponse, NamesTheTypeAndOffersRanges) {
  const Response response = answer(get("/lunch.mp3"));
  EXPECT_EQ(header(response, "Content-Type"), "audio/mpeg");
  EXPECT_EQ(header(response, "Accept-Ranges"), "bytes");
}

TEST(AudioResponse, SendsAnEmptyFile) {
  const Response response = answer(get("/lunch.mp3"), "");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.size(), 0U);
}

// 63
TEST(AudioResponse, OfANamedVersionIsKeptForAYear) {
  const Response response = answer(get("/lunch.mp3"));
  EXPECT_EQ(header(response, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(response, "Expires"), "Fri, 28 Feb 2025 00:00:00 GMT");
}

// 63
TEST(AudioResponse, HasTheFingerprintAsStrongTagAndTheTimeOfTheFile) {
  const Response response = answer(get("/lunch.mp3"));
  EXPECT_EQ(header(response, "ETag"), tagOf(thousandBytes()));
  EXPECT_EQ(header(response, "Last-Modified"), kModifiedText);
}

// 65, B20
TEST(AudioResponse, OfNoNamedVersionIsRevalidatedWithTheSameTag) {
  const Response response = answer(get("/lunch.mp3"), "lunch", Freshness::revalidated);
  EXPECT_EQ(header(response, "Cache-Control"), "no-cache");
  EXPECT_EQ(response.headers.count("Expires"), 0U);
  EXPECT_EQ(header(response, "ETag"), tagOf("lunch"));
}

// 64
TEST(AudioResponse, ToSomebodyKnownIsKeptByThemAlone) {
  for (const char* name : {"Cookie", "authorization"}) {
    EXPECT_EQ(header(answer(with({{name, "x"}})), "Cache-Control"),
              "private, max-age=31536000, immutable")
        << name;
  }
}

// 62
TEST(AudioResponse, ToHeadHasTheHeadersAndTheBodyOfGet) {
  Request request = get("/lunch.mp3");
  request.method = "HEAD";
  const Response response = answer(request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.size(), 1000U);
  EXPECT_EQ(header(response, "ETag"), tagOf(thousandBytes()));
}

/// A file of which everything is known but the bytes.
AudioFile withoutBytes() {
  AudioFile file = fileOf(thousandBytes());
  file.bytes = nullptr;
  return file;
}

TEST(AudioResponse, ToHeadNeedsNoBytes) {
  Request request = get("/lunch.mp3");
  request.method = "HEAD";
  const Response response = audioResponse(withoutBytes(), request, Freshness::forever, kNow);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.size(), 1000U);
  EXPECT_EQ(header(response, "Content-Type"), "audio/mpeg");
}

TEST(AudioResponse, ToAClientThatHasTheFileNeedsNoBytes) {
  const Request request = with({{"If-None-Match", tagOf(thousandBytes())}});
  const Response response = audioResponse(withoutBytes(), request, Freshness::forever, kNow);
  EXPECT_EQ(response.status, 304);
  EXPECT_TRUE(response.body.empty());
}

TEST(AudioResponse, WithoutItsBytesIsNotReadAsAnythingElse) {
  const Response response =
      audioResponse(withoutBytes(), get("/lunch.mp3"), Freshness::forever, kNow);
  EXPECT_THROW((void)response.body.text(), Error);
}

// Ranges

// 62
TEST(AudioRange, IsAnsweredWithThatPart) {
  const Response response = answer(with({{"Range", "bytes=100-199"}}));
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(header(response, "Content-Range"), "bytes 100-199/1000");
  EXPECT_EQ(header(response, "Content-Type"), "audio/mpeg");
  EXPECT_EQ(response.body.text(), thousandBytes().substr(100, 100));
}

// 62
TEST(AudioRange, KeepsTheTagAndTheFreshnessOfTheWhole) {
  const Response response = answer(with({{"Range", "bytes=100-199"}}));
  EXPECT_EQ(header(response, "ETag"), tagOf(thousandBytes()));
  EXPECT_EQ(header(response, "Cache-Control"), "public, max-age=31536000, immutable");
}

TEST(AudioRange, OutsideTheFileIsRefusedWithTheSize) {
  const Response response = answer(with({{"Range", "bytes=1000-"}}));
  EXPECT_EQ(response.status, 416);
  EXPECT_EQ(header(response, "Content-Range"), "bytes */1000");
  EXPECT_EQ(response.body.size(), 0U);
}

TEST(AudioRange, RefusalIsNotKeptForAYear) {
  const Response response = answer(with({{"Range", "bytes=1000-"}}));
  EXPECT_THAT(header(response, "Cache-Control"), Not(HasSubstr("max-age")));
  EXPECT_EQ(response.headers.count("Expires"), 0U);
}

TEST(AudioRange, OfHeadIsIgnored) {
  Request request = with({{"Range", "bytes=100-199"}});
  request.method = "HEAD";
  EXPECT_EQ(answer(request).status, 200);
}

class RangesIgnored : public testing::TestWithParam<const char*> {};

TEST_P(RangesIgnored, AreAnsweredWithTheWholeFile) {
  const Response response = answer(with({{"Range", GetParam()}}));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.count("Content-Range"), 0U);
  EXPECT_EQ(response.body.text(), thousandBytes());
}

INSTANTIATE_TEST_SUITE_P(AudioRange, RangesIgnored,
                         testing::Values("", "bytes=9-1", "items=0-1", "bytes=x", "bytes=0-,0-,0-",
                                         "bytes=0-800,200-999",
                                         "bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16,18-18,"
                                         "20-20,22-22,24-24,26-26,28-28,30-30,32-32,34-34,36-36,"
                                         "38-38,40-40,42-42,44-44,46-46,48-48,50-50,52-52,54-54"));

struct Part {
  std::string head;
  std::string bytes;
  friend bool operator==(const Part&, const Part&) = default;
};

std::string boundaryOf(const Response& response) {
  const std::string type = header(response, "Content-Type");
  EXPECT_THAT(type, StartsWith("multipart/byteranges; boundary="));
  return type.substr(type.find('=') + 1);
}

/// The parts of a multipart body, read according to RFC 2046; throws if it is not one.
std::vector<Part> partsOf(const Response& response) {
  const std::string delimiter = "\r\n--" + boundaryOf(response);
  const std::string text = "\r\n" + response.body.text();
  std::vector<Part> parts;
  std::size_t at = text.find(delimiter);
  while (text.substr(at + delimiter.size(), 2) == "\r\n") {
    const std::size_t head = at + delimiter.size() + 2;
    const std::size_t blank = text.find("\r\n\r\n", head);
    at = text.find(delimiter, head);
    if (blank == std::string::npos || at == std::string::npos || blank > at) break;
    parts.push_back(
        {.head = text.substr(head, blank - head), .bytes = text.substr(blank + 4, at - blank - 4)});
  }
  if (at == std::string::npos || text.substr(at + delimiter.size(), 2) != "--") {
    throw std::runtime_error{"no end of the last part in " + text};
  }
  return parts;
}

// 62
TEST(AudioRange, SeveralAreAnsweredInPartsInTheOrderAskedFor) {
  const Response response = answer(with({{"Range", "bytes=500-599, 0-9, -1"}}));
  const auto part = [](std::size_t offset, std::size_t length) {
    return Part{.head = "Content-Type: audio/mpeg\r\nContent-Range: bytes " +
                        std::to_string(offset) + '-' + std::to_string(offset + length - 1) +
                        "/1000",
                .bytes = thousandBytes().substr(offset, length)};
  };
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(response.headers.count("Content-Range"), 0U);
  EXPECT_THAT(partsOf(response), ElementsAre(part(500, 100), part(0, 10), part(999, 1)));
}

TEST(AudioRange, SeveralOfWhichOneIsInTheFileAreAnsweredAsOne) {
  const Response response = answer(with({{"Range", "bytes=2000-, 0-9"}}));
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(header(response, "Content-Range"), "bytes 0-9/1000");
}

TEST(AudioRange, BoundaryOfPartsIsNotInTheFile) {
  const Request request = with({{"Range", "bytes=0-0,2-"}});
  const std::string boundary = boundaryOf(answer(request));
  const std::string hostile = "xx\r\n--" + boundary + "--\r\n";
  const Response response = answer(request, hostile);
  EXPECT_THAT(hostile, Not(HasSubstr(boundaryOf(response))));
}

// Conditions

struct Condition {
  http::Headers headers;
  int status;
};

void PrintTo(const Condition& condition, std::ostream* out) {
  for (const auto& [name, value] : condition.headers) *out << name << " is " << value << ", ";
  *out << "then " << condition.status;
}

class Conditions : public testing::TestWithParam<Condition> {};

// 63
TEST_P(Conditions, DecideTheStatus) {
  Request request = get("/lunch.mp3");
  for (const auto& [name, value] : GetParam().headers) request.headers.add(name, value);
  EXPECT_EQ(answer(request).status, GetParam().status);
}

const std::string kTag = tagOf(thousandBytes());
const std::string kOtherTag = tagOf("another version");
constexpr const char* kBefore = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr const char* kAfter = "Sun, 06 Nov 1994 08:49:38 GMT";

INSTANTIATE_TEST_SUITE_P(
    IfNoneMatch, Conditions,
    testing::Values(
        Condition{{{"If-None-Match", kTag}}, 304}, Condition{{{"If-None-Match", "W/" + kTag}}, 304},
        Condition{{{"If-None-Match", kOtherTag + ", " + kTag}}, 304},
        Condition{{{"If-None-Match", kOtherTag + "\t,W/" + kTag + " ,"}}, 304},
        Condition{{{"If-None-Match", "*"}}, 304}, Condition{{{"If-None-Match", kOtherTag}}, 200},
        Condition{{{"If-None-Match", ""}}, 200}, Condition{{{"If-None-Match", "\""}}, 200},
        Condition{{{"If-None-Match", kTag.substr(0, 33)}}, 200},
        Condition{{{"If-None-Match", fingerprintOf(thousandBytes())}}, 200}));

INSTANTIATE_TEST_SUITE_P(IfModifiedSince, Conditions,
                         testing::Values(Condition{{{"If-Modified-Since", kModifiedText}}, 304},
                                         Condition{{{"If-Modified-Since", kAfter}}, 304},
                                         Condition{{{"If-Modified-Since", kBefore}}, 200},
                                         Condition{{{"If-Modified-Since", "yesterday"}}, 200},
                                         Condition{{{"If-Modified-Since", ""}}, 200}));

// The obsolete forms, which RFC 9110 still requires to be read.
INSTANTIATE_TEST_SUITE_P(
    ObsoleteDate, Conditions,
    testing::Values(Condition{{{"If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT"}}, 304},
                    Condition{{{"If-Modified-Since", "Sunday, 06-Nov-94 08:49:36 GMT"}}, 200},
                    Condition{{{"If-Modified-Since", "Sun Nov  6 08:49:37 1994"}}, 304},
                    Condition{{{"If-Modified-Since", "Sun Nov  6 08:49:36 1994"}}, 200}));

INSTANTIATE_TEST_SUITE_P(
    TagBeforeDate, Conditions,
    testing::Values(Condition{{{"If-None-Match", kOtherTag}, {"If-Modified-Since", kAfter}}, 200},
                    Condition{{{"If-None-Match", kTag}, {"If-Modified-Since", kBefore}}, 304}));

INSTANTIATE_TEST_SUITE_P(
    IfRange, Conditions,
    testing::Values(Condition{{{"Range", "bytes=0-9"}, {"If-Range", kTag}}, 206},
                    Condition{{{"Range", "bytes=0-9"}, {"If-Range", kOtherTag}}, 200},
                    Condition{{{"Range", "bytes=0-9"}, {"If-Range", "W/" + kTag}}, 200},
                    Condition{{{"Range", "bytes=0-9"}, {"If-Range", kModifiedText}}, 206},
                    Condition{{{"Range", "bytes=0-9"}, {"If-Range", kBefore}}, 200},
                    Condition{{{"Range", "bytes=0-9"}, {"If-Range", kAfter}}, 200},
                    Condition{{{"Range", "bytes=0-9"}, {"If-Range", "x"}}, 200},
                    Condition{{{"Range", "bytes=0-9"}, {"If-Range", ""}}, 200},
                    Condition{{{"Range", "bytes=5000-"}, {"If-Range", kOtherTag}}, 200}));

INSTANTIATE_TEST_SUITE_P(ConditionBeforeRange, Conditions,
                         testing::Values(Condition{
                             {{"Range", "bytes=0-9"}, {"If-None-Match", kTag}}, 304}));

// 63
TEST(AudioNotModified, RepeatsWhatACacheNeedsAndHasNoBody) {
  const Response response = answer(with({{"If-None-Match", kTag}}));
  EXPECT_EQ(response.body.size(), 0U);
  EXPECT_EQ(header(response, "ETag"), kTag);
  EXPECT_EQ(header(response, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(response, "Expires"), "Fri, 28 Feb 2025 00:00:00 GMT");
}

// B20
TEST(AudioNotModified, OfNoNamedVersionIsStillRevalidated) {
  const Response response =
      answer(with({{"If-None-Match", kTag}}), thousandBytes(), Freshness::revalidated);
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(header(response, "Cache-Control"), "no-cache");
}

}  // namespace
