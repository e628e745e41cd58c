#include "server/request_parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using server::RequestParser;
using Progress = RequestParser::Progress;
using testing::ElementsAre;
using testing::Pair;

constexpr std::size_t kMaxHeader = 1024;
constexpr std::size_t kMaxBody = 100;

/// A parser that is fed as a connection feeds it: what was not used is passed again, with more.
struct Reading {
  Progress feed(std::string_view bytes) {
    input += bytes;
    std::size_t used = 0;
    const Progress progress = parser.feed(input, used);
    input.erase(0, used);
    return progress;
  }

  RequestParser parser{kMaxHeader, kMaxBody};
  std::string input = {};  ///< Not used yet.
};

/// The request in `bytes`, which are one request.
Request requestIn(std::string_view bytes) {
  Reading reading;
  EXPECT_EQ(reading.feed(bytes), Progress::complete);
  EXPECT_EQ(reading.input, "");
  return reading.parser.take();
}

/// The status with which `bytes` are refused; 0 if they are not.
int refusalOf(std::string_view bytes) {
  Reading reading;
  return reading.feed(bytes) == Progress::refused ? reading.parser.status() : 0;
}

const std::string kWithLength =
    "POST /voice?step=2 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
const std::string kChunked =
    "POST /voice HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    "2;quality=1\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n";

TEST(RequestParser, PassesARequestOnAsItWasSent) {
  const Request request = requestIn(
      "BREW /voice%20menu?a=%zz HTTP/1.1\r\nhOST: h\r\nX-Note:  two  words \r\nX-Note: "
      "again\r\n\r\n");
  EXPECT_EQ(request.method, "BREW");
  EXPECT_EQ(request.target, "/voice%20menu?a=%zz");
  const std::vector<std::pair<std::string, std::string>> headers{request.headers.begin(),
                                                                 request.headers.end()};
  EXPECT_THAT(headers, ElementsAre(Pair("hOST", "h"), Pair("X-Note", "two  words"),
                                   Pair("X-Note", "again")));
  EXPECT_EQ(request.body, "");
}

TEST(RequestParser, MakesTheSameOfARequestWhereverItIsCut) {
  for (const std::string& bytes : {kWithLength, kChunked}) {
    const Request whole = requestIn(bytes);
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
      Reading reading;
      EXPECT_EQ(reading.feed(bytes.substr(0, cut)), Progress::needsMore) << "cut at " << cut;
      EXPECT_EQ(reading.feed(bytes.substr(cut)), Progress::complete) << "cut at " << cut;
      const Request request = reading.parser.take();
      EXPECT_EQ(request.target, whole.target);
      EXPECT_EQ(request.body, "hello");
    }
  }
}

TEST(RequestParser, LeavesWhatBelongsToTheNextRequest) {
  for (const std::string& bytes : {kWithLength, kChunked}) {
    Reading reading;
    EXPECT_EQ(reading.feed(bytes + "GET / HTTP"), Progress::complete);
    EXPECT_EQ(reading.input, "GET / HTTP");
  }
}

TEST(RequestParser, KnowsWhetherTheHeaderIsThere) {
  Reading reading;
  (void)reading.feed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r");
  EXPECT_FALSE(reading.parser.hasHeader());
  EXPECT_EQ(reading.feed("\n"), Progress::needsMore);
  EXPECT_TRUE(reading.parser.hasHeader());
}

TEST(RequestParser, KnowsTheLeastThatIsStillToCome) {
  Reading reading;
  EXPECT_EQ(reading.parser.bytesToCome(), 1U);
  (void)reading.feed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhe");
  EXPECT_EQ(reading.parser.bytesToCome(), 3U);
  (void)reading.feed("l");
  EXPECT_EQ(reading.parser.bytesToCome(), 2U);
}

TEST(RequestParser, KnowsNoMoreThanOneByteToComeOfAChunkedBody) {
  Reading reading;
  (void)reading.feed("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
  EXPECT_EQ(reading.parser.bytesToCome(), 1U);
}

TEST(RequestParser, KnowsWhoWaitsForPermissionToSendTheBody) {
  const auto isWaiting = [](const std::string& expectation) {
    Reading reading;
    (void)reading.feed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n" + expectation +
                       "\r\n");
    return reading.parser.expectsContinue();
  };
  EXPECT_TRUE(isWaiting("Expect: 100-continue\r\n"));
  EXPECT_TRUE(isWaiting("expect: 100-Continue\r\n"));
  EXPECT_FALSE(isWaiting("Expect: miracles\r\n"));
  EXPECT_FALSE(isWaiting(""));
}

TEST(RequestParser, KnowsWhoMaySendAnotherRequest) {
  const auto keepsAlive = [](const std::string& request) {
    Reading reading;
    EXPECT_EQ(reading.feed(request + "\r\n"), Progress::complete) << request;
    return reading.parser.keepsAlive();
  };
  EXPECT_TRUE(keepsAlive("GET / HTTP/1.1\r\nHost: h\r\n"));
  EXPECT_FALSE(keepsAlive("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"));
  EXPECT_FALSE(keepsAlive("GET / HTTP/1.1\r\nHost: h\r\nConnection: foo, Close\r\n"));
  EXPECT_FALSE(keepsAlive("GET / HTTP/1.0\r\n"));
  EXPECT_TRUE(keepsAlive("GET / HTTP/1.0\r\nConnection: keep-alive\r\n"));
}

TEST(RequestParser, TakesABodyOfTheAllowedSizeAndNoByteMore) {
  const auto withLength = [](std::size_t size) {
    return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
           std::string(size, 'x');
  };
  const auto inChunksOfOne = [](std::size_t size) {
    std::string bytes = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t i = 0; i < size; ++i) bytes += "1\r\nx\r\n";
    return bytes + "0\r\n\r\n";
  };
  EXPECT_EQ(requestIn(withLength(kMaxBody)).body.size(), kMaxBody);
  EXPECT_EQ(requestIn(inChunksOfOne(kMaxBody)).body.size(), kMaxBody);
  EXPECT_EQ(refusalOf(withLength(kMaxBody + 1)), 413);
  EXPECT_EQ(refusalOf(inChunksOfOne(kMaxBody + 1)), 413);
}

TEST(RequestParser, RefusesAHeaderOverTheLimitAlthoughItsEndHasNotCome) {
  EXPECT_EQ(refusalOf("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(kMaxHeader / 2, 'x')), 0);
  EXPECT_EQ(refusalOf("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(kMaxHeader, 'x')), 431);
}

TEST(RequestParser, SaysThatAVersionIsNotServedWhereverTheLineIsCut) {
  const std::string bytes = "GET / HTTP/2.0\r\nHost: h\r\n\r\n";
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    Reading reading;
    Progress progress = reading.feed(bytes.substr(0, cut));
    if (progress == Progress::needsMore) progress = reading.feed(bytes.substr(cut));
    EXPECT_EQ(progress, Progress::refused) << "cut at " << cut;
    EXPECT_EQ(reading.parser.status(), 505) << "cut at " << cut;
  }
}

TEST(RequestParser, SaysThatWhatIsNoVersionIsNoRequest) {
  for (const std::string version : {"http/1.1", "HTTP/11", "HTTP/1.x", "SIP/2.0", ""}) {
    EXPECT_EQ(refusalOf("GET / " + version + "\r\nHost: h\r\n\r\n"), 400) << version;
  }
}

}  // namespace
