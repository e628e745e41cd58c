#include "ivr/http/method.hpp"

#include "ivr/rest/calls.hpp"
#include "ivr/twiml/twiml.hpp"

#include <gtest/gtest.h>
#include <optional>
#include <type_traits>

namespace {

using namespace ivr;

TEST(HttpMethod, IsWrittenAsInARequest) {
  EXPECT_EQ(http::textOf(HttpMethod::get), "GET");
  EXPECT_EQ(http::textOf(HttpMethod::post), "POST");
}

TEST(HttpMethod, IsOneTypeInDocumentsAndInRequestsToTheProvider) {
  EXPECT_TRUE((std::is_same_v<decltype(twiml::Redirect{}.method), std::optional<HttpMethod>>));
  EXPECT_TRUE((std::is_same_v<decltype(rest::CreateCall{}.method), std::optional<HttpMethod>>));
}

}  // namespace
