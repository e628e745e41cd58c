#include "security/trusted_proxies.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace {

using namespace ivr::security;

TrustedProxies trusting(const char* network) {
  TrustedProxies proxies;
  EXPECT_TRUE(proxies.add(network)) << network;
  return proxies;
}

TEST(TrustedProxies, AreNobodyAtFirst) { EXPECT_FALSE(TrustedProxies{}.contains("127.0.0.1")); }

TEST(TrustedProxies, MayBeOneAddress) {
  const TrustedProxies proxies = trusting("10.0.0.7");
  EXPECT_TRUE(proxies.contains("10.0.0.7"));
  EXPECT_FALSE(proxies.contains("10.0.0.6"));
  EXPECT_FALSE(proxies.contains("10.0.0.70"));
}

TEST(TrustedProxies, MayBeANetworkOfAnyLength) {
  EXPECT_TRUE(trusting("10.0.0.0/8").contains("10.255.1.2"));
  EXPECT_FALSE(trusting("10.0.0.0/8").contains("11.0.0.0"));
  EXPECT_TRUE(trusting("192.168.0.128/25").contains("192.168.0.129"));
  EXPECT_FALSE(trusting("192.168.0.128/25").contains("192.168.0.127"));
  EXPECT_TRUE(trusting("0.0.0.0/0").contains("203.0.113.9"));
  EXPECT_FALSE(trusting("0.0.0.0/0").contains("2001:db8::1"));
  EXPECT_TRUE(trusting("fd00::/8").contains("fdff::1"));
  EXPECT_FALSE(trusting("fd00::/8").contains("fe80::1"));
}

TEST(TrustedProxies, KnowAnIpv4AddressInItsIpv6Form) {
  EXPECT_TRUE(trusting("10.0.0.0/8").contains("::ffff:10.1.2.3"));
  EXPECT_TRUE(trusting("::ffff:10.0.0.0/104").contains("10.1.2.3"));
}

TEST(TrustedProxies, DoNotContainWhatIsNoAddress) {
  for (const char* text : {"", "unix", "10.0.0.7:80", "10.0.0", "example.com", "10.0.0.7 "}) {
    EXPECT_FALSE(trusting("0.0.0.0/0").contains(text)) << text;
    EXPECT_FALSE(trusting("::/0").contains(text)) << text;
  }
}

TEST(TrustedProxies, RefuseWhatIsNoNetwork) {
  TrustedProxies proxies;
  for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
                           "::1/129", "10.0.0.300", "proxy.example.com"}) {
    EXPECT_FALSE(proxies.add(text)) << text;
  }
}

TEST(NearestForwarded, IsTheItemThatTheLastProxyAppended) {
  using List = std::vector<ivr::http::Headers::Field>;
  const auto nearest = [](const List& fields) {
    ivr::http::Headers headers;
    for (const auto& [name, value] : fields) headers.add(name, value);
    return std::string{nearestForwarded(headers, "X-Forwarded-Host").value_or("nothing")};
  };
  EXPECT_EQ(nearest({{"X-Forwarded-Host", "a"}}), "a");
  EXPECT_EQ(nearest({{"X-Forwarded-Host", "chosen, a"}}), "a");
  EXPECT_EQ(nearest({{"X-Forwarded-Host", "chosen,chosen\t,\t a "}}), "a");
  EXPECT_EQ(nearest({{"X-Forwarded-Host", "chosen"}, {"x-forwarded-host", "a"}}), "a");
  EXPECT_EQ(nearest({{"X-Forwarded-Host", "chosen, "}}), "nothing");
  EXPECT_EQ(nearest({{"X-Forwarded-Host", "chosen"}, {"X-Forwarded-Host", ""}}), "nothing");
  EXPECT_EQ(nearest({{"X-Forwarded-Proto", "a"}}), "nothing");
}

}  // namespace
