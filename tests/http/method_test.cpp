#include "ivr/http/method.hpp"

#include "ivr/rest/calls.hpp"
#include "ivr/twiml/twiml.hpp"

#include <gtest/gtest.h>

namespace {

using namespace ivr;

TEST(HttpMethod, IsWrittenAsInARequest) {
  EXPECT_EQ(http::textOf(HttpMethod::get), "GET");
  EXPECT_EQ(http::textOf(HttpMethod::post), "POST");
}

TEST(HttpMethod, IsOneTypeInDocumentsAndInRequestsToTheProvider) {
  const HttpMethod method = HttpMethod::get;
  EXPECT_EQ(*Redirect({.url = "/a", .method = method}).method, method);
  EXPECT_EQ(*rest::CreateCall({.method = method}).method, method);
}

}  // namespace
