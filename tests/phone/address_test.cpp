// Addresses of applications, as tools take them.

#include "ivr/phone/address.hpp"

#include <gtest/gtest.h>

namespace {

using namespace ivr::phone;

TEST(OriginIn, IsWhatStandsBeforeThePath) {
  EXPECT_EQ(originIn("https://IVR.example.com/a?b#c"), "https://ivr.example.com");
  EXPECT_EQ(originIn("HTTP://127.0.0.1:8080"), "http://127.0.0.1:8080");
  EXPECT_EQ(originIn("https://user:secret@ivr.example.com/a"), "https://ivr.example.com");
}

TEST(OriginIn, IsNothingForOtherSchemesAndForWhatIsNoAddress) {
  for (const char* text :
       {"ftp://example.com/", "file:///etc/passwd", "/incoming-call", "", "http"}) {
    EXPECT_EQ(originIn(text), std::nullopt) << text;
  }
}

TEST(IsOnThisMachine, HoldsForLoopbackAlone) {
  for (const char* url : {"http://127.0.0.1:8080/a", "http://LOCALHOST/a", "http://[::1]:80/"}) {
    EXPECT_TRUE(isOnThisMachine(url)) << url;
  }
  for (const char* url : {"https://ivr.example.com", "http://127.0.0.1.example.com",
                          "http://127.0.0.1@example.com/", "http://10.0.0.1", "localhost"}) {
    EXPECT_FALSE(isOnThisMachine(url)) << url;
  }
}

}  // namespace
