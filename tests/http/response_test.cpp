#include "ivr/http/response.hpp"

#include "ivr/core/error.hpp"

#include <cstdio>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <memory>
#include <ostream>
#include <string>
#include <unistd.h>

namespace {

using namespace ivr;
using namespace ivr::http;
using testing::Values;

/// A descriptor, for its new owner, of a file without a name that holds `text`.
int descriptorOf(const std::string& text) {
  std::FILE* file = std::tmpfile();
  std::fwrite(text.data(), 1, text.size(), file);
  std::fflush(file);
  const int descriptor = ::dup(fileno(file));
  std::fclose(file);
  return descriptor;
}

std::shared_ptr<const StaticFile> fileOf(const std::string& text) {
  return std::make_shared<const StaticFile>(descriptorOf(text), text.size());
}

TEST(StaticFile, ReadsAPartOfItself) { EXPECT_EQ(fileOf("0123456789")->read(3, 4), "3456"); }

TEST(StaticFile, ReadsNothing) { EXPECT_EQ(fileOf("0123")->read(4, 0), ""); }

TEST(StaticFile, PartBeyondItsEndIsAnError) {
  try {
    const std::string bytes = fileOf("0123")->read(2, 4);
    FAIL() << "it read " << bytes;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unavailable);
  }
}

TEST(StaticFile, DescriptorThatCannotBeReadIsAnError) {
  EXPECT_THROW(static_cast<void>(StaticFile(-1, 10).read(0, 1)), Error);
}

TEST(StaticFile, ReadsSomeOfWhatThereIs) {
  const std::string text(100'000, 'x');
  const auto file = fileOf(text);
  const std::string some = file->readSome(10, 90'000);
  EXPECT_THAT(some.size(), testing::AllOf(testing::Ge(1U), testing::Le(90'000U)));
  EXPECT_EQ(file->readSome(99'999, 10), "x");
  EXPECT_EQ(file->readSome(100'000, 10), "");
  EXPECT_TRUE(file->read(0, text.size()) == text);
}

TEST(StaticFile, ClosesItsDescriptor) {
  const int descriptor = descriptorOf("text");
  { const StaticFile file{descriptor, 4}; }
  EXPECT_EQ(::fcntl(descriptor, F_GETFD), -1);
}

TEST(Body, IsEmptyByDefault) {
  EXPECT_TRUE(Body{}.empty());
  EXPECT_TRUE(Body{""}.empty());
}

TEST(Body, OfTextIsThatText) {
  const Body body{std::string{"a\0b", 3}};
  EXPECT_EQ(body.size(), 3U);
  EXPECT_EQ(body.text(), (std::string{"a\0b", 3}));
}

TEST(Body, OfAFileIsThatPartOfIt) {
  const Body body{FileSlice{.file = fileOf("0123456789"), .offset = 8, .length = 2}};
  EXPECT_EQ(body.size(), 2U);
  EXPECT_EQ(body.text(), "89");
}

TEST(Body, SendsItsPartsInOrder) {
  Body body{"<"};
  body.append(FileSlice{.file = fileOf("0123456789"), .offset = 0, .length = 3});
  body.append(std::string{">"});
  EXPECT_EQ(body.size(), 5U);
  EXPECT_EQ(body.text(), "<012>");
}

TEST(Body, KeepsItsFileOpen) {
  auto file = fileOf("0123");
  const Body body{FileSlice{.file = file, .offset = 0, .length = 4}};
  file.reset();
  EXPECT_EQ(body.text(), "0123");
}

TEST(Body, OfAHugeFileHasItsSizeWithoutReadingIt) {
  constexpr std::uint64_t kHuge = std::uint64_t{1} << 40;
  EXPECT_EQ((Body{FileSlice{.file = fileOf(""), .offset = 0, .length = kHuge}}.size()), kHuge);
}

TEST(PlainText, IsATextInUtf8) {
  const Response response = plainText(403, "No.");
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.headers.find("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(response.body.text(), "No.");
}

struct Reason {
  int status;
  std::string phrase;
  friend void PrintTo(const Reason& reason, std::ostream* out) { *out << reason.status; }
};

class ReasonPhrase : public testing::TestWithParam<Reason> {};

TEST_P(ReasonPhrase, IsThatOfTheStandard) {
  EXPECT_EQ(reasonPhrase(GetParam().status), GetParam().phrase);
}

INSTANTIATE_TEST_SUITE_P(
    Standard, ReasonPhrase,
    Values(Reason{100, "Continue"}, Reason{200, "OK"}, Reason{201, "Created"},
           Reason{202, "Accepted"}, Reason{204, "No Content"}, Reason{206, "Partial Content"},
           Reason{301, "Moved Permanently"}, Reason{302, "Found"}, Reason{303, "See Other"},
           Reason{304, "Not Modified"}, Reason{307, "Temporary Redirect"},
           Reason{308, "Permanent Redirect"}, Reason{400, "Bad Request"},
           Reason{401, "Unauthorized"}, Reason{403, "Forbidden"}, Reason{404, "Not Found"},
           Reason{405, "Method Not Allowed"}, Reason{406, "Not Acceptable"},
           Reason{408, "Request Timeout"}, Reason{409, "Conflict"}, Reason{410, "Gone"},
           Reason{411, "Length Required"}, Reason{412, "Precondition Failed"},
           Reason{413, "Content Too Large"}, Reason{414, "URI Too Long"},
           Reason{415, "Unsupported Media Type"}, Reason{416, "Range Not Satisfiable"},
           Reason{417, "Expectation Failed"}, Reason{422, "Unprocessable Content"},
           Reason{426, "Upgrade Required"}, Reason{500, "Internal Server Error"},
           Reason{501, "Not Implemented"}, Reason{502, "Bad Gateway"},
           Reason{503, "Service Unavailable"}, Reason{504, "Gateway Timeout"},
           Reason{505, "HTTP Version Not Supported"}));

INSTANTIATE_TEST_SUITE_P(Other, ReasonPhrase,
                         Values(Reason{0, "Unknown"}, Reason{-1, "Unknown"}, Reason{299, "Unknown"},
                                Reason{std::numeric_limits<int>::max(), "Unknown"}));

}  // namespace
