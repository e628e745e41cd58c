#include "server/request_parser.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <tuple>
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

TEST(RequestParser, TakesAnEmptyChunkedBodyWhereverItIsCut) {
  const std::string bytes =
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n\r\n";
  Reading reading;
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    EXPECT_EQ(reading.feed(bytes.substr(i, 1)), Progress::needsMore);
  }
  EXPECT_EQ(reading.feed("\n"), Progress::complete);
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

/// The status with which `bytes` are refused when they come in pieces of that size.
int refusalInPieces(std::string_view bytes, std::size_t size) {
  Reading reading;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size()))) {
    const Progress progress = reading.feed(bytes.substr(0, size));
    if (progress == Progress::refused) return reading.parser.status();
    EXPECT_LT(reading.input.size(), kMaxHeader);
    if (progress == Progress::complete) return 0;
    EXPECT_GT(reading.parser.room(), reading.input.size()) << "there is no room for what must come";
  }
  return 0;
}

TEST(RequestParser, CountsTheRequestLineAndTheFieldsTogetherHoweverTheyCome) {
  const auto header = [](std::size_t line, std::size_t size) {
    const std::string bytes = "GET /" + std::string(line, 'x') + " HTTP/1.1\r\nHost: h\r\nX: ";
    return bytes + std::string(size - bytes.size() - 4, 'x') + "\r\n\r\n";
  };
  for (const std::size_t line : {std::size_t{1}, kMaxHeader / 2, kMaxHeader - 50}) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{100}, kMaxHeader * 2}) {
      EXPECT_EQ(refusalInPieces(header(line, kMaxHeader), piece), 0) << line << ' ' << piece;
      EXPECT_EQ(refusalInPieces(header(line, kMaxHeader + 1), piece), 431) << line << ' ' << piece;
    }
  }
}

const std::string kChunkedHeader =
    "POST /voice HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(RequestParser, CountsWhatIsKeptOfAChunkLineAsHeader) {
  const std::size_t room = kMaxHeader - kChunkedHeader.size();
  const auto grown = [](const std::string& front, char filling, const std::string& back,
                        std::size_t size) {
    return kChunkedHeader + front + std::string(size - front.size() - back.size(), filling) + back;
  };
  using Line = std::tuple<std::string, char, std::string>;
  for (const auto& [front, filling, back] :
       {Line{"1;", 'x', "\r\n"}, Line{"", '0', "1\r\n"}, Line{"0;", 'x', "\r\n\r\n"},
        Line{"0\r\nX: ", 'x', "\r\n\r\n"}}) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{100}, kMaxHeader * 2}) {
      EXPECT_EQ(refusalInPieces(grown(front, filling, back, room), piece), 0) << front << piece;
      EXPECT_EQ(refusalInPieces(grown(front, filling, back, room + 1), piece), 431)
          << front << piece;
    }
  }
}

TEST(RequestParser, RefusesAChunkLineThatNeverEnds) {
  for (const std::string front : {"1;", "0;", "0", "0\r\n", "1\r\nx\r\n1;", "0\r\nX: "}) {
    std::string bytes = kChunkedHeader + front;
    while (bytes.size() < 3 * kMaxHeader) bytes += front == "0\r\n" ? "X: y\r\n" : "0";
    EXPECT_EQ(refusalInPieces(bytes, 7), 431) << front;
  }
}

TEST(RequestParser, DropsTrailers) {
  const Request request = requestIn(
      kChunkedHeader +
      "5\r\nhello\r\n0\r\nHost: other\r\nX-Twilio-Signature: s\r\nContent-Type: t\r\n\r\n");
  EXPECT_EQ(request.body, "hello");
  EXPECT_EQ(request.headers.size(), 2U);
  EXPECT_EQ(request.headers.find("Host"), "h");
}

TEST(RequestParser, TakesNoTrailerForAFramingOfItsOwn) {
  EXPECT_EQ(refusalOf(kChunkedHeader + "0\r\nContent-Length: 5\r\n\r\n"), 400);
  EXPECT_EQ(refusalOf(kChunkedHeader + "0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST(RequestParser, RefusesMoreThanAHundredFields) {
  const auto withFields = [](int count) {
    std::string bytes = "GET / HTTP/1.1\r\nHost: h\r\n";
    for (int i = 1; i < count; ++i) bytes += "a:\r\n";
    return bytes + "\r\n";
  };
  EXPECT_EQ(refusalOf(withFields(100)), 0);
  EXPECT_EQ(refusalOf(withFields(101)), 431);
}

TEST(RequestParser, RefusesATargetWithAFragment) {
  EXPECT_EQ(refusalOf("GET /voice#?Digits=1 HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(refusalOf("GET /voice?a=1#b HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(refusalOf("GET /voice?a=1%23b HTTP/1.1\r\nHost: h\r\n\r\n"), 0);
}

TEST(RequestParser, ReservesNoMoreForABodyThanMayCome) {
  for (const std::string& framing :
       {"Content-Length: " + std::to_string(kMaxBody), std::string{"Transfer-Encoding: chunked"}}) {
    Reading reading;
    (void)reading.feed("POST / HTTP/1.1\r\nHost: h\r\n" + framing + "\r\n\r\n");
    const bool isChunked = framing.ends_with("chunked");
    for (std::size_t i = 0; i < kMaxBody; ++i) (void)reading.feed(isChunked ? "1\r\nx\r\n" : "x");
    if (isChunked) (void)reading.feed("0\r\n\r\n");
    const Request request = reading.parser.take();
    EXPECT_EQ(request.body, std::string(kMaxBody, 'x'));
    EXPECT_LE(request.body.capacity(), kMaxBody);
  }
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
