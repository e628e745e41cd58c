// Settings and where they come from.

#include "ivr/app/config.hpp"

#include "ivr/app/ivr.hpp"
#include "ivr/core/error.hpp"

#include <cstdlib>
#include <gmock/gmock.h>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Tokens = std::vector<std::string>;

/// Sets an environment variable, or removes it if null, and restores its old value.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    const char* before = std::getenv(name);
    wasSet_ = before != nullptr;
    if (wasSet_) before_ = before;
    value != nullptr ? ::setenv(name, value, 1) : ::unsetenv(name);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { wasSet_ ? ::setenv(name_, before_.c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  bool wasSet_ = false;
  std::string before_;
};

TEST(Config, TakesThePublicUrlFromTheEnvironment) {
  const Variable url{"IVR_PUBLIC_URL", "https://ivr.example.com/phone"};
  EXPECT_EQ(Config::fromEnvironment().publicUrl, "https://ivr.example.com/phone");
}

TEST(Config, HasNoPublicUrlWhenTheEnvironmentHasNone) {
  const Variable url{"IVR_PUBLIC_URL", nullptr};
  EXPECT_THAT(Config::fromEnvironment().publicUrl, IsEmpty());
}

TEST(Config, HasNoTokensWhenTheEnvironmentHasNone) {
  const Variable token{"TWILIO_AUTH_TOKEN", nullptr};
  EXPECT_THAT(Config::fromEnvironment().authTokens, IsEmpty());
}

TEST(Config, ReadsTheEnvironmentAnewEachTime) {
  const Variable first{"TWILIO_AUTH_TOKEN", "first"};
  EXPECT_THAT(Config::fromEnvironment().authTokens, ElementsAre("first"));
  const Variable second{"TWILIO_AUTH_TOKEN", "second"};
  EXPECT_THAT(Config::fromEnvironment().authTokens, ElementsAre("second"));
}

struct TokenCase {
  const char* name;
  const char* text;
  Tokens tokens;
};

void PrintTo(const TokenCase& test, std::ostream* out) { *out << test.name; }

class ConfigTokens : public ::testing::TestWithParam<TokenCase> {};

// 88
TEST_P(ConfigTokens, AreSeparatedByCommasAndTrimmed) {
  const Variable token{"TWILIO_AUTH_TOKEN", GetParam().text};
  EXPECT_EQ(Config::fromEnvironment().authTokens, GetParam().tokens);
}

INSTANTIATE_TEST_SUITE_P(
    Variables, ConfigTokens,
    ::testing::Values(TokenCase{"One", "secret", {"secret"}},
                      TokenCase{"Two", "new,old", {"new", "old"}},
                      TokenCase{"BlanksAroundEach", "  new ,\told ", {"new", "old"}},
                      TokenCase{"LineEndOfAFile", "secret\r\n", {"secret"}},
                      TokenCase{"Empty", "", {}}, TokenCase{"OnlyBlanks", "  ", {}}),
    [](const auto& test) { return std::string{test.param.name}; });

// 14, 83
TEST(Config, ValidatesUnlessToldOtherwise) {
  EXPECT_TRUE(Config{}.validate);
  EXPECT_TRUE(Config::fromEnvironment().validate);
}

TEST(Config, IsForProductionUnlessTheEnvironmentSaysOtherwise) {
  const Variable mode{"IVR_MODE", nullptr};
  EXPECT_EQ(Config::fromEnvironment().mode, Config::Mode::production);
}

TEST(Config, TakesTheModeFromTheEnvironment) {
  {
    const Variable mode{"IVR_MODE", "development"};
    EXPECT_EQ(Config::fromEnvironment().mode, Config::Mode::development);
  }
  const Variable mode{"IVR_MODE", "production"};
  EXPECT_EQ(Config::fromEnvironment().mode, Config::Mode::production);
}

TEST(Config, SaysAtTheStartWhatItDoesNotUnderstand) {
  const Variable mode{"IVR_MODE", "debug"};
  const Variable log{"IVR_LOG", "xml"};
  const Variable sessions{"IVR_SESSIONS", "/x.db"};
  Config config = Config::fromEnvironment();
  config.log = logNowhere();
  Ivr ivr{config};
  try {
    ivr.mount();
    FAIL() << "it was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("IVR_MODE is production or development, not \"debug\""),
                      HasSubstr("IVR_LOG is text or json, not \"xml\""),
                      HasSubstr("unknown session store \"/x.db\"")));
  }
}

TEST(Config, MasksPersonalDataUnlessToldOtherwise) {
  EXPECT_EQ(Config{}.personalData, PersonalData::masked);
}

TEST(Config, TrustsNoProxyUnlessToldOtherwise) { EXPECT_THAT(Config{}.trustedProxies, IsEmpty()); }

}  // namespace
