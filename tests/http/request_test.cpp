#include "ivr/http/request.hpp"

#include <gtest/gtest.h>
#include <ostream>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::http;
using testing::Values;

struct Target {
  std::string target;
  std::string path;
  std::string query;
  friend void PrintTo(const Target& target, std::ostream* out) {
    *out << testing::PrintToString(target.target);
  }
};

class RequestTarget : public testing::TestWithParam<Target> {};

TEST_P(RequestTarget, HasAPathBeforeTheFirstMark) {
  EXPECT_EQ(Request{.target = GetParam().target}.path(), GetParam().path);
}

TEST_P(RequestTarget, HasAQueryBehindTheFirstMark) {
  EXPECT_EQ(Request{.target = GetParam().target}.query(), GetParam().query);
}

INSTANTIATE_TEST_SUITE_P(Vectors, RequestTarget,
                         Values(Target{"/voice", "/voice", ""},               //
                                Target{"/voice?step=2", "/voice", "step=2"},  //
                                Target{"/voice?", "/voice", ""},              //
                                Target{"/a?b?c", "/a", "b?c"},                //
                                Target{"/a%3Fb?c=%26", "/a%3Fb", "c=%26"},    // still encoded
                                Target{"?a", "", "a"},                        //
                                Target{"", "", ""}));

struct MediaType {
  std::string header;
  std::string expected;
  friend void PrintTo(const MediaType& type, std::ostream* out) {
    *out << testing::PrintToString(type.header);
  }
};

class RequestMediaType : public testing::TestWithParam<MediaType> {};

TEST_P(RequestMediaType, IsInLowerCaseWithoutParameters) {
  Request request;
  request.headers.add("content-type", GetParam().header);
  EXPECT_EQ(request.mediaType(), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Vectors, RequestMediaType,
    Values(MediaType{"application/json", "application/json"},
           MediaType{"Application/X-WWW-Form-Urlencoded", "application/x-www-form-urlencoded"},
           MediaType{"text/xml; charset=utf-8", "text/xml"},
           MediaType{"text/xml \t; charset=utf-8", "text/xml"}, MediaType{"text/xml;", "text/xml"},
           MediaType{"; charset=utf-8", ""}, MediaType{"", ""}));

TEST(Request, HasNoMediaTypeWithoutTheHeader) {
  EXPECT_EQ(Request{}.mediaType(), "");
  EXPECT_EQ(Request{}.charset(), "");
}

class RequestCharset : public testing::TestWithParam<MediaType> {};

TEST_P(RequestCharset, IsInLowerCaseWithoutQuotes) {
  Request request;
  request.headers.add("content-type", GetParam().header);
  EXPECT_EQ(request.charset(), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Vectors, RequestCharset,
    Values(MediaType{"text/xml; charset=utf-8", "utf-8"},
           MediaType{"text/xml;charset=UTF8", "utf8"},
           MediaType{"text/xml; a=b ; Charset=\"ISO-8859-1\" ; c=d", "iso-8859-1"},
           MediaType{"text/xml; xcharset=utf-8", ""}, MediaType{"text/xml", ""},
           MediaType{"text/xml; charset=", ""}, MediaType{"", ""}));

}  // namespace
