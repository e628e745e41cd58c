// Numbers in comments: the mistakes (B) of the reference framework that each case covers.

#include "ivr/security/signature.hpp"
#include "security/signed_call.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

using namespace ivr;
using namespace ivr::security;
using namespace ivr::support;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

namespace {

std::string explained(const SignedRequest& request, const http::Headers& headers = {},
                      const std::vector<std::string>& tokens = {kToken}) {
  const SignatureVerifier verifier{tokens};
  return verifier.explain(verifier.verify(request), request, headers);
}

struct Mistake {
  std::string name;
  std::string ours;  // the address that the application takes to be its own
  std::string signedFor;
  http::Headers headers;
  std::string word;  // that the explanation must contain
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

class SignatureMistake : public testing::TestWithParam<Mistake> {
 protected:
  [[nodiscard]] static std::string explanation() {
    const Mistake& mistake = GetParam();
    const std::string signature = sign(kToken, mistake.signedFor, kForm);
    return explained({.url = mistake.ours, .form = &kForm, .signature = signature},
                     mistake.headers);
  }
};

// B14
TEST_P(SignatureMistake, IsNamed) { EXPECT_THAT(explanation(), HasSubstr(GetParam().word)); }

// B14
TEST_P(SignatureMistake, IsShownWithTheAddressThatWouldHaveMatched) {
  const std::string& signedFor = GetParam().signedFor;
  EXPECT_THAT(explanation(), HasSubstr(signedFor.substr(0, signedFor.find('?'))));
}

TEST_P(SignatureMistake, IsToldWithoutSecrets) {
  const Mistake& mistake = GetParam();
  EXPECT_THAT(explanation(),
              AllOf(Not(HasSubstr(kToken)), Not(HasSubstr(sign(kToken, mistake.signedFor, kForm))),
                    Not(HasSubstr(std::string{kForm.get("CallSid")})), Not(HasSubstr("secret"))));
}

INSTANTIATE_TEST_SUITE_P(
    Signature, SignatureMistake,
    testing::Values(
        Mistake{"SeenAsHttp", "http://ivr.example.com/voice", kUrl, {}, "scheme"},
        Mistake{"SeenAsHttps", kUrl, "http://ivr.example.com/voice", {}, "scheme"},
        Mistake{"WithAQuery",
                "http://ivr.example.com/voice?key=secret",
                kUrl + "?key=secret",
                {},
                "scheme"},
        Mistake{"PortOfTheHostHeader",
                "http://ivr.example.com/voice",
                "http://ivr.example.com:9123/voice",
                {{"Host", "ivr.example.com:9123"}},
                "port"},
        Mistake{"UsualPort",
                "http://ivr.example.com/voice",
                "http://ivr.example.com:8080/voice",
                {},
                "port"},
        Mistake{"SlashMissing", kUrl, kUrl + "/", {}, "slash"},
        Mistake{"SlashTooMany", kUrl + "/", kUrl, {}, "slash"},
        Mistake{"PrefixTooMany", "https://ivr.example.com/app/voice", kUrl, {}, "prefix"},
        Mistake{"PrefixTakenOff",
                kUrl,
                "https://ivr.example.com/app/voice",
                {{"X-Forwarded-Prefix", "/app"}},
                "prefix"},
        Mistake{"OtherHost",
                "https://internal.example.com/voice",
                kUrl,
                {{"Host", "ivr.example.com"}},
                "host"},
        Mistake{"OtherForwardedHost",
                "https://internal.example.com/voice",
                kUrl,
                {{"Host", "internal.example.com"}, {"X-Forwarded-Host", "ivr.example.com"}},
                "host"}),
    [](const auto& test) { return test.param.name; });

struct Stray {
  std::string name;
  std::string token;
};

void PrintTo(const Stray& stray, std::ostream* out) { *out << stray.name; }

class StrayToken : public testing::TestWithParam<Stray> {};

TEST_P(StrayToken, IsNamed) {
  const std::string signature = sign(kToken, kUrl, kForm);
  EXPECT_THAT(
      explained({.url = kUrl, .form = &kForm, .signature = signature}, {}, {GetParam().token}),
      AllOf(HasSubstr("token"), HasSubstr("blanks"), Not(HasSubstr(kToken))));
}

INSTANTIATE_TEST_SUITE_P(Signature, StrayToken,
                         testing::Values(Stray{"LineEnd", kToken + "\n"},
                                         Stray{"DosLineEnd", kToken + "\r\n"},
                                         Stray{"Blank", " " + kToken},
                                         Stray{"DoubleQuotes", '"' + kToken + '"'},
                                         Stray{"SingleQuotes", "'" + kToken + "'"}),
                         [](const auto& test) { return test.param.name; });

TEST(SignatureExplanation, NoMistakeThatWeKnowSuspectsTheToken) {
  const std::string signature = sign(kOtherToken, kUrl, kForm);
  EXPECT_THAT(explained({.url = kUrl, .form = &kForm, .signature = signature}),
              AllOf(HasSubstr("token"), Not(HasSubstr(kToken)), Not(HasSubstr(signature))));
}

TEST(SignatureExplanation, MissingHeaderIsNamed) {
  EXPECT_THAT(explained({.url = kUrl, .form = &kForm}),
              AllOf(HasSubstr(std::string{kSignatureHeader}), HasSubstr("missing")));
}

TEST(SignatureExplanation, MalformedHeaderIsNotRepeated) {
  EXPECT_THAT(explained({.url = kUrl, .form = &kForm, .signature = "gibberish"}),
              AllOf(HasSubstr(std::string{kSignatureHeader}), Not(HasSubstr("gibberish"))));
}

TEST(SignatureExplanation, ShortSignaturesAreNotReadBeyondTheirEnd) {
  const std::string whole = sign(kToken, kUrl, kForm);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto exact = std::make_unique<char[]>(size);  // so that a sanitizer sees every read
    std::ranges::copy(whole.substr(0, size), exact.get());
    const SignedRequest request{.url = kUrl, .form = &kForm, .signature = {exact.get(), size}};
    EXPECT_THAT(SignatureVerifier{{kToken}}.explain(SignatureVerdict::mismatch, request, {}),
                HasSubstr("token"))
        << size;
  }
}

TEST(SignatureExplanation, WrongBodyIsNamed) {
  const std::string url = kUrl + "?bodySHA256=" + bodySha256("{}");
  const std::string signature = sign(kToken, url);
  EXPECT_THAT(explained({.url = url, .body = "{ }", .signature = signature}),
              AllOf(HasSubstr("bodySHA256"), Not(HasSubstr(bodySha256("{}")))));
}

TEST(SignatureExplanation, UnsignedBodyIsNamed) {
  const std::string signature = sign(kToken, kUrl);
  EXPECT_THAT(explained({.url = kUrl, .body = "{}", .signature = signature}),
              AllOf(HasSubstr("not a form"), HasSubstr("bodySHA256")));
}

TEST(SignatureExplanation, BodiesOver64KiBAreNotAnalysed) {
  const Form form{{"a", std::string(70'000, 'x')}};
  const std::string signature = sign(kToken, "http://ivr.example.com/voice", form);
  EXPECT_THAT(explained({.url = kUrl, .form = &form, .signature = signature}),
              AllOf(HasSubstr("large"), Not(HasSubstr("scheme"))));
}

TEST(SignatureExplanation, AddressesOver8KiBAreNotAnalysed) {
  const std::string query = '?' + std::string(9'000, 'x');
  const std::string signature = sign(kToken, "http://ivr.example.com/voice" + query, kForm);
  EXPECT_THAT(explained({.url = kUrl + query, .form = &kForm, .signature = signature}),
              AllOf(HasSubstr("large"), Not(HasSubstr("scheme"))));
}

TEST(SignatureExplanation, OfALargeRequestTriesTheLikeliestMistakes) {
  const Form form{{"a", std::string(60'000, 'x')}};
  const auto explainedFor = [&](const std::string& signedFor) {
    const std::string signature = sign(kToken, signedFor, form);
    return explained({.url = kUrl, .form = &form, .signature = signature});
  };
  EXPECT_THAT(explainedFor("http://ivr.example.com/voice"), HasSubstr("wrong scheme"));
  EXPECT_THAT(explainedFor("http://ivr.example.com:3000/voice"),
              HasSubstr("too large to try the others"));
}

TEST(SignatureExplanation, OfAUsualRequestTriesEveryMistake) {
  const Form form{{"a", std::string(900, 'x')}};
  const http::Headers headers{{"Host", "10.0.0.7:8080"},
                              {"X-Forwarded-Host", "other.example.com"},
                              {"X-Original-URI", "/app/voice?name=O'Brien+J"},
                              {"X-Forwarded-Prefix", "/app"}};
  const std::string signature = sign(kOtherToken, kUrl, form);
  EXPECT_THAT(
      explained({.url = kUrl + "?name=O'Brien+J", .form = &form, .signature = signature}, headers),
      HasSubstr("the usual mistakes"));
}

TEST(SignatureExplanation, TakesTheHostOfTheNearestProxy) {
  const std::string signature = sign(kToken, "https://other.example.com/voice", kForm);
  EXPECT_THAT(explained({.url = kUrl, .form = &kForm, .signature = signature},
                        {{"X-Forwarded-Host", "chosen.example.com, other.example.com"}}),
              HasSubstr("wrong host"));
}

TEST(SignatureExplanation, IgnoresHintsThatAreTooLong) {
  const std::string prefix = '/' + std::string(600, 'x');
  const std::string signature = sign(kToken, "https://ivr.example.com" + prefix + "/voice", kForm);
  EXPECT_THAT(explained({.url = kUrl, .form = &kForm, .signature = signature},
                        {{"X-Forwarded-Prefix", prefix}}),
              Not(HasSubstr("prefix")));
}

}  // namespace
