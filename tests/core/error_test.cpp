#include "ivr/core/error.hpp"

#include <gmock/gmock.h>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

using namespace ivr;
using testing::EndsWith;

TEST(Error, SaysItsKindAndItsMessage) {
  const Error error{ErrorKind::timeout, "the state answered too late"};
  EXPECT_EQ(error.kind(), ErrorKind::timeout);
  EXPECT_STREQ(error.what(), "the state answered too late");
}

TEST(Error, KnowsTheLineThatMadeIt) {
  const Error error{ErrorKind::usage, "here"};
  EXPECT_EQ(error.where().line(), static_cast<unsigned>(__LINE__ - 1));
  EXPECT_THAT(error.where().file_name(), EndsWith("error_test.cpp"));
}

TEST(Error, IsCaughtAsAStandardException) {
  EXPECT_THROW(throw Error(ErrorKind::config, "no token"), std::exception);
}

TEST(Error, CopyOutlivesTheOriginal) {
  auto original = std::make_unique<Error>(ErrorKind::remote, std::string(100, 'x'));
  const Error copy = *original;
  original.reset();
  EXPECT_EQ(copy.what(), std::string(100, 'x'));
}

TEST(TextOf, IsTheMessageOfAnException) {
  EXPECT_EQ(textOf(std::make_exception_ptr(std::runtime_error{"broken"})), "broken");
}

TEST(TextOf, IsUnknownForWhatIsNoException) {
  EXPECT_EQ(textOf(std::make_exception_ptr(42)), "unknown exception");
}

TEST(TextOf, IsEmptyForNull) { EXPECT_EQ(textOf(nullptr), ""); }

}  // namespace
