#include "http/url.hpp"

#include <gtest/gtest.h>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::http;
using testing::Values;

TEST(Url, HasAllItsParts) {
  const auto url = Url::parse("https://user:pass@ivr.example.com:8443/voice/a%20b?x=1&y=?#top");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->userinfo, "user:pass");
  EXPECT_EQ(url->host, "ivr.example.com");
  EXPECT_EQ(url->port, "8443");
  EXPECT_EQ(url->path, "/voice/a%20b");
  EXPECT_EQ(url->query, "x=1&y=?");
  EXPECT_EQ(url->fragment, "top");
}

TEST(Url, NeedsOnlySchemeAndHost) {
  EXPECT_EQ(Url::parse("http://localhost"), (Url{.scheme = "http",
                                                 .userinfo = {},
                                                 .host = "localhost",
                                                 .port = "",
                                                 .path = "",
                                                 .query = {},
                                                 .fragment = {}}));
}

TEST(Url, TellsAnEmptyPartFromNone) {
  const auto url = Url::parse("http://@host?#");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->userinfo, "");
  EXPECT_EQ(url->query, "");
  EXPECT_EQ(url->fragment, "");
}

TEST(Url, KeepsTheBracketsOfAnAddress) {
  const auto url = Url::parse("https://[2001:db8::1]:443/");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "[2001:db8::1]");
  EXPECT_EQ(url->port, "443");
}

TEST(Url, QueryEndsTheAuthorityWithoutAPath) {
  const auto url = Url::parse("https://host?a=/b");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "host");
  EXPECT_EQ(url->path, "");
  EXPECT_EQ(url->query, "a=/b");
}

TEST(Url, HostStandsBehindTheLastAtSign) {
  EXPECT_EQ(Url::parse("https://a@evil.example@host/")->host, "host");
}

TEST(Url, AtSignInThePathIsNoUser) {
  const auto url = Url::parse("https://host/a@b:c");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "host");
  EXPECT_EQ(url->userinfo, std::nullopt);
}

class GoodUrl : public testing::TestWithParam<std::string> {};

TEST_P(GoodUrl, IsTheSameTextPutTogetherAgain) {
  const auto url = Url::parse(GetParam());
  ASSERT_TRUE(url);
  EXPECT_EQ(url->text(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Vectors, GoodUrl,
                         Values("http://localhost", "HTTPS://Host/", "https://host:80",
                                "https://host:00443/", "https://u:p@host:1/p?q#f", "https://host?",
                                "https://host#", "https://host/?", "https://host/#?a",
                                "https://host//a/../b", "https://host/%zz?%", "https://[::1]/",
                                "https://@host/", "svn+ssh://host/", "https://host/a?b=c&d=e+f"));

class BadUrl : public testing::TestWithParam<std::string> {};

TEST_P(BadUrl, IsNothing) { EXPECT_EQ(Url::parse(GetParam()), std::nullopt); }

INSTANTIATE_TEST_SUITE_P(
    Vectors, BadUrl,
    Values("", "/voice", "host", "host:443", "//host/", "https:host", "https:/host", "https://",
           "https:///path", "https://?a", "https://:443/", "https://user@/", "://host",
           "ht tp://host", "ht_tp://host", "https://ho st/", "https://host/a b", "https://host/\t",
           "https://host/\r\nX: y", "https://host/\x7F", std::string{"https://ho\0st/", 14},
           "https://host:/", "https://host:x/", "https://host:-1/", "https://host:123456/",
           "https://host:44 3/", "https://[::1/", "1https://host/", "+://host/"));

class LoopbackHost : public testing::TestWithParam<std::string> {};

TEST_P(LoopbackHost, IsThisMachineAlone) { EXPECT_TRUE(isLoopback(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Vectors, LoopbackHost,
                         Values("localhost", "LOCALHOST", "127.0.0.1", "127.0.0.0", "127.1.2.3",
                                "127.255.255.255", "::1", "[::1]"));

class OtherHost : public testing::TestWithParam<std::string> {};

TEST_P(OtherHost, IsNotThisMachine) { EXPECT_FALSE(isLoopback(GetParam())); }

INSTANTIATE_TEST_SUITE_P(
    Vectors, OtherHost,
    Values("", ".", "127", "127.", "127.1", "127.0.1", "127.0.0.", "127.0.0.1.", "127..0.1",
           "127.0.0.1.1", ".127.0.0.1", "127.0.0.256", "127.0.0.1000", "127.0.0.-1", "127.0.0.+1",
           "127.0.0.01", "127.0.0.1 ", " 127.0.0.1", "127.0.0.1/8", "127.0.0.1:80", "127.0.0.x",
           "127.evil.com", "127.0.0.1.evil.com", "127.0.0.1@evil.com", "evil.com@127.0.0.1",
           "localhost.", "localhost.evil.com", "evil.localhost", "local", "0127.0.0.1",
           "0x7f.0.0.1", "0177.0.0.1", "2130706433", "0x7f000001", "128.0.0.1", "0.0.0.0", "0",
           "::", "[::]", "[::1", "::1]", "[::1].evil.com", "[::2]", "::ffff:127.0.0.1",
           std::string{"127.0.0.1\0", 10}, std::string{"localhost\0.evil.com", 19}));

}  // namespace
