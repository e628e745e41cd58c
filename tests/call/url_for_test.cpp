#include "ivr/call/url_for.hpp"

#include "ivr/core/error.hpp"

#include <functional>
#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

// Numbers in comments: the behaviours of the reference framework that each case covers, B: its
// mistakes.

namespace {

using namespace ivr;
using testing::HasSubstr;

/// Links of an application at ftp://localhost that serves audio below /static, every file with
/// fingerprint 1.
UrlBase audioBase() {
  UrlBase base;
  base.scheme = "ftp";
  base.host = "localhost";
  base.fingerprintUrl = [](std::string_view path) { return std::string{path} + "?v=1"; };
  base.fingerprintsByDefault = [](std::string_view path) { return path.starts_with("/static/"); };
  return base;
}

/// The same without audio.
UrlBase plainBase() {
  UrlBase base;
  base.scheme = "ftp";
  base.host = "localhost";
  return base;
}

UrlFor linksOf(UrlBase base = audioBase()) {
  return UrlFor{std::make_shared<const UrlBase>(std::move(base))};
}

/// The message of the error, if the link is a bug in the application.
std::string usageErrorOf(const std::function<std::string()>& makeLink) {
  try {
    return "no error, but " + makeLink();
  } catch (const Error& error) {
    return error.kind() == ErrorKind::usage ? error.what() : "another kind of error";
  }
}

// 46
TEST(UrlFor, FingerprintWithQueryIsAnError) {
  const UrlOptions options{.query = {{{"a", "b"}}}, .fingerprint = true};
  EXPECT_EQ(usageErrorOf([&] { return linksOf()("/static/test", options); }),
            "Can't combine fingerprinting with query parameters.");
}

// 46
TEST(UrlFor, AbsoluteFingerprintWithQueryIsAnError) {
  const UrlOptions options{.query = {{{"a", "b"}}}, .fingerprint = true, .absolute = true};
  EXPECT_EQ(usageErrorOf([&] { return linksOf()("/static/test", options); }),
            "Can't combine fingerprinting with query parameters.");
}

// 46, 53
TEST(UrlFor, FingerprintWithAnEmptyQueryIsAnError) {
  const UrlOptions options{.query = UrlOptions::Query{}, .fingerprint = true};
  EXPECT_EQ(usageErrorOf([&] { return linksOf()("/static/test", options); }),
            "Can't combine fingerprinting with query parameters.");
}

// 47
TEST(UrlFor, FileHasAFingerprintByDefault) {
  EXPECT_EQ(linksOf()("/static/test"), "/static/test?v=1");
}

// 47
TEST(UrlFor, NothingHasAFingerprintWithoutAudio) {
  EXPECT_EQ(linksOf(plainBase())("/static/test"), "/static/test");
}

// 47
TEST(UrlFor, FingerprintCanBeLeftOut) {
  EXPECT_EQ(linksOf()("/static/test", {.fingerprint = false}), "/static/test");
}

// B22, B23
TEST(UrlFor, StateHasNoFingerprintByDefault) {
  EXPECT_EQ(linksOf()("/menu/choice"), "/menu/choice");
}

TEST(UrlFor, FingerprintCanBeDemandedOutsideTheAudio) {
  EXPECT_EQ(linksOf()("/menu", {.fingerprint = true}), "/menu?v=1");
}

// 48
TEST(UrlFor, FingerprintWithoutAudioIsAnError) {
  EXPECT_THAT(
      usageErrorOf([] { return linksOf(plainBase())("/static/test", {.fingerprint = true}); }),
      HasSubstr("to generate fingerprinted urls"));
}

// 49
TEST(UrlFor, IsRelativeByDefault) {
  EXPECT_EQ(linksOf()("/static/test", {.query = {{{"a", "b"}}}}), "/static/test?a=b");
}

// 50
TEST(UrlFor, AbsoluteWithQuery) {
  EXPECT_EQ(linksOf()("/static/test", {.query = {{{"a", "b"}}}, .absolute = true}),
            "ftp://localhost/static/test?a=b");
}

// 50
TEST(UrlFor, AbsoluteWithFingerprint) {
  EXPECT_EQ(linksOf()("/static/test", {.absolute = true}), "ftp://localhost/static/test?v=1");
}

// 50
TEST(UrlFor, AbsoluteWithNeither) {
  EXPECT_EQ(linksOf()("/static/test", {.fingerprint = false, .absolute = true}),
            "ftp://localhost/static/test");
}

// 51
TEST(UrlFor, HostAndSchemeCanBeOthers) {
  EXPECT_EQ(linksOf()("/a", {.absolute = true, .host = "example.com:81", .scheme = "http"}),
            "http://example.com:81/a");
}

// 51
TEST(UrlFor, HostAloneCanBeAnother) {
  EXPECT_EQ(linksOf()("/a", {.absolute = true, .host = "example.com"}), "ftp://example.com/a");
}

// 51
TEST(UrlFor, HostAndSchemeMeanNothingToARelativeLink) {
  EXPECT_EQ(linksOf()("/a", {.host = "example.com", .scheme = "http"}), "/a");
}

// 52
TEST(UrlFor, AbsoluteBeginsWithThePublicUrl) {
  UrlBase base = plainBase();
  base.scheme = "https";
  base.host = "ivr.example.com:8443";
  EXPECT_EQ(linksOf(std::move(base))("/a", {.absolute = true}), "https://ivr.example.com:8443/a");
}

// 52
TEST(UrlFor, AbsoluteWithoutAPublicUrlIsAnError) {
  EXPECT_THAT(usageErrorOf([] { return linksOf(UrlBase{})("/a", {.absolute = true}); }),
              HasSubstr("public URL"));
}

TEST(UrlFor, AbsoluteWithoutAPublicUrlTakesTheOptions) {
  EXPECT_EQ(linksOf(UrlBase{})("/a", {.absolute = true, .host = "example.com", .scheme = "https"}),
            "https://example.com/a");
}

TEST(UrlFor, RelativeNeedsNoPublicUrl) { EXPECT_EQ(linksOf(UrlBase{})("/a"), "/a"); }

// 53
TEST(UrlFor, QueryIsEncoded) {
  EXPECT_EQ(linksOf()("/a", {.query = {{{"x y", "1 &2=#3"}, {"\xC3\xBC", ""}}}}),
            "/a?x%20y=1%20%262%3D%233&%C3%BC=");
}

// 53
TEST(UrlFor, QueryRepeatsANameForEachValue) {
  EXPECT_EQ(linksOf()("/a", {.query = {{{"y", "a"}, {"y", "b"}}}}), "/a?y=a&y=b");
}

// 47, 53
TEST(UrlFor, QueryLeavesTheFingerprintOut) {
  EXPECT_EQ(linksOf()("/static/test", {.query = {{{"a", "b"}}}}), "/static/test?a=b");
}

// 53
TEST(UrlFor, EmptyQueryLeavesTheFingerprintOutAndAddsNoMark) {
  EXPECT_EQ(linksOf()("/static/test", {.query = UrlOptions::Query{}}), "/static/test");
}

// 54, B29
TEST(UrlFor, MarksInThePathAreEncoded) { EXPECT_EQ(linksOf()("/p?x=1#y"), "/p%3Fx=1%23y"); }

TEST(UrlFor, PathIsEncodedAndNotGuessedToBeSo) {
  EXPECT_EQ(linksOf()("/a b/\xC3\xBC%20"), "/a%20b/%C3%BC%2520");
}

// 54
TEST(UrlFor, MissingSlashIsAdded) {
  EXPECT_EQ(linksOf()("a"), "/a");
  EXPECT_EQ(linksOf()("a", {.absolute = true}), "ftp://localhost/a");
  EXPECT_EQ(linksOf()("static/test"), "/static/test?v=1");
}

// B24
TEST(UrlFor, FingerprintIsMadeOfThePlainPath) {
  UrlBase base = audioBase();
  std::string asked;
  base.fingerprintUrl = [&](std::string_view path) { return asked = path; };
  static_cast<void>(linksOf(std::move(base))("/static/a b?.mp3"));
  EXPECT_EQ(asked, "/static/a b?.mp3");
}

// 55, B22
TEST(UrlFor, ErrorOfTheFingerprintIsPassedOn) {
  UrlBase base = audioBase();
  base.fingerprintUrl = [](std::string_view) -> std::string {
    throw Error{ErrorKind::usage, "no such file"};
  };
  EXPECT_EQ(usageErrorOf([&] { return linksOf(base)("/static/missing.mp3"); }), "no such file");
}

// B22
TEST(UrlFor, FingerprintIsNotAskedForWhereNoneIsMade) {
  UrlBase base = audioBase();
  base.fingerprintUrl = [](std::string_view) -> std::string {
    throw Error{ErrorKind::usage, "asked"};
  };
  const UrlFor urlFor = linksOf(std::move(base));
  EXPECT_EQ(urlFor("/menu"), "/menu");
  EXPECT_EQ(urlFor("/static/a", {.fingerprint = false}), "/static/a");
  EXPECT_EQ(urlFor("/static/a", {.query = UrlOptions::Query{}}), "/static/a");
}

// B28
TEST(UrlFor, FingerprintOnAnotherHostStaysThere) {
  UrlBase base = audioBase();
  base.prefix = "/voice";
  base.fingerprintUrl = [](std::string_view) { return "https://cdn.example.com/test.1.mp3"; };
  const UrlFor urlFor = linksOf(std::move(base));
  EXPECT_EQ(urlFor("/static/test.mp3"), "https://cdn.example.com/test.1.mp3");
  EXPECT_EQ(urlFor("/static/test.mp3", {.absolute = true}), "https://cdn.example.com/test.1.mp3");
}

// B28
TEST(UrlFor, FingerprintOnAnotherHostWithoutASchemeStaysThere) {
  UrlBase base = audioBase();
  base.prefix = "/voice";
  base.fingerprintUrl = [](std::string_view) { return "//cdn.example.com/test.1.mp3"; };
  EXPECT_EQ(linksOf(std::move(base))("/static/test.mp3"), "//cdn.example.com/test.1.mp3");
}

TEST(UrlFor, BeginsWithThePathOfThePublicUrl) {
  UrlBase base = audioBase();
  base.prefix = "/voice";
  const UrlFor urlFor = linksOf(std::move(base));
  EXPECT_EQ(urlFor("/menu"), "/voice/menu");
  EXPECT_EQ(urlFor("/static/test"), "/voice/static/test?v=1");
  EXPECT_EQ(urlFor("/menu", {.query = {{{"a", "b"}}}, .absolute = true}),
            "ftp://localhost/voice/menu?a=b");
}

TEST(UrlFor, OutlivesWhoeverMadeIt) {
  auto base = std::make_shared<const UrlBase>(audioBase());
  const UrlFor urlFor{base};
  base.reset();
  EXPECT_EQ(urlFor("/static/test"), "/static/test?v=1");
}

}  // namespace
