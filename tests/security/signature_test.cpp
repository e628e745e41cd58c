// Numbers in comments: the behaviours of the reference framework that each case covers, and its
// mistakes (B).

#include "ivr/security/signature.hpp"

#include "ivr/core/error.hpp"
#include "security/signed_call.hpp"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

using namespace ivr;
using namespace ivr::security;
using namespace ivr::support;
using testing::HasSubstr;
using testing::Not;

namespace ivr {

void PrintTo(const SignatureVerdict verdict, std::ostream* out) {
  switch (verdict) {
    case SignatureVerdict::valid: *out << "valid"; return;
    case SignatureVerdict::missing: *out << "missing"; return;
    case SignatureVerdict::malformed: *out << "malformed"; return;
    case SignatureVerdict::mismatch: *out << "mismatch"; return;
    case SignatureVerdict::wrongBody: *out << "wrongBody"; return;
    case SignatureVerdict::unsignedBody: *out << "unsignedBody"; return;
  }
}

}  // namespace ivr

namespace {

SignatureVerdict verdictOf(const std::string& url, const Form& form, const std::string& signature,
                           const std::vector<std::string>& tokens = {kToken}) {
  return SignatureVerifier{tokens}.verify({.url = url, .form = &form, .signature = signature});
}

SignatureVerdict verdictOfBody(const std::string& url, const std::string& body,
                               const std::string& signature) {
  return SignatureVerifier{{kToken}}.verify({.url = url, .body = body, .signature = signature});
}

std::string urlVouchingFor(const std::string& body) {
  return kUrl + "?bodySHA256=" + bodySha256(body);
}

// ---- The vectors

struct Vector {
  std::string id;
  std::string url;
  std::optional<Form> form;
  std::string body;
  std::vector<std::string> tokens;
  std::string signature;
  std::string signedUrl;  // empty when the signature is not the one over the request
  bool valid;
};

void PrintTo(const Vector& vector, std::ostream* out) { *out << vector.id; }

Form formOf(const nlohmann::json& params) {
  Form form;
  for (const auto& [name, value] : params.items()) {
    if (value.is_array()) {
      for (const auto& one : value) form.add(name, one.get<std::string>());
    } else {
      form.add(name, value.get<std::string>());
    }
  }
  return form;
}

Vector vectorOf(const nlohmann::json& json) {
  Vector vector{.id = json.at("id"),
                .url = json.at("url"),
                .form = {},
                .body = json.value("body", ""),
                .tokens = {},
                .signature = json.at("signature"),
                .signedUrl = {},
                .valid = json.at("recommended_valid")};
  if (json.contains("form_body")) {
    vector.form = Form::parse(json.at("form_body").get<std::string>(), 1000);
  } else if (json.contains("params")) {
    vector.form = formOf(json.at("params"));
  }
  if (json.contains("auth_tokens")) {
    vector.tokens = json.at("auth_tokens").get<std::vector<std::string>>();
  } else {
    vector.tokens = {json.at("auth_token").get<std::string>()};
  }
  if (vector.valid) vector.signedUrl = json.at("signed_url");
  return vector;
}

std::vector<Vector> vectors() {
  std::ifstream file{IVR_TESTS_DIR "/vectors/signature/signature_vectors.json"};
  std::vector<Vector> all;
  const nlohmann::json document = nlohmann::json::parse(file);
  for (const auto& one : document.at("vectors")) all.push_back(vectorOf(one));
  return all;
}

std::vector<Vector> validVectors() {
  std::vector<Vector> all = vectors();
  std::erase_if(all, [](const Vector& vector) { return !vector.valid; });
  return all;
}

std::string idOf(const testing::TestParamInfo<Vector>& info) {
  std::string id = info.param.id;
  std::ranges::replace(id, '-', '_');
  return id;
}

class SignatureVector : public testing::TestWithParam<Vector> {};
class SignatureVectorSigned : public testing::TestWithParam<Vector> {};

// 85, B15-B17
TEST_P(SignatureVector, HasTheRecommendedVerdict) {
  const Vector& vector = GetParam();
  const SignatureVerdict verdict =
      SignatureVerifier{vector.tokens}.verify({.url = vector.url,
                                               .form = vector.form ? &*vector.form : nullptr,
                                               .body = vector.body,
                                               .signature = vector.signature});
  EXPECT_EQ(verdict == SignatureVerdict::valid, vector.valid) << testing::PrintToString(verdict);
}
INSTANTIATE_TEST_SUITE_P(Vectors, SignatureVector, testing::ValuesIn(vectors()), idOf);

// 85
TEST_P(SignatureVectorSigned, IsWhatWeSign) {
  const Vector& vector = GetParam();
  EXPECT_EQ(sign(vector.tokens.back(), vector.signedUrl, vector.form.value_or(Form{})),
            vector.signature);
}
INSTANTIATE_TEST_SUITE_P(Vectors, SignatureVectorSigned, testing::ValuesIn(validVectors()), idOf);

// ---- Signing

TEST(Signature, OrderOfFieldsIsIrrelevant) {
  EXPECT_EQ(sign(kToken, kUrl, {{"b", "2"}, {"a", "1"}, {"a", "0"}}),
            sign(kToken, kUrl, {{"a", "0"}, {"a", "1"}, {"b", "2"}}));
}

// B16
TEST(Signature, EqualFieldsCountOnce) {
  EXPECT_EQ(sign(kToken, kUrl, {{"a", "1"}, {"b", "2"}, {"a", "1"}}),
            sign(kToken, kUrl, {{"a", "1"}, {"b", "2"}}));
}

// B16
TEST(Signature, ValuesOfARepeatedNameAllCount) {
  EXPECT_NE(sign(kToken, kUrl, {{"a", "1"}, {"a", "2"}}), sign(kToken, kUrl, {{"a", "1"}}));
}

TEST(Signature, NamesThatShareEightBytesAreSortedByTheRest) {
  EXPECT_EQ(sign(kToken, kUrl, {{"CallerState", "x"}, {"CallerCity", "y"}, {"CallerCi", "z"}}),
            sign(kToken, kUrl + "CallerCizCallerCityyCallerStatex"));
}

TEST(Signature, BytesAboveAsciiAreSortedLast) {
  EXPECT_EQ(sign(kToken, kUrl, {{"\xC3\xA9", "1"}, {"z", "2"}}), sign(kToken, kUrl + "z2\xC3\xA9"
                                                                                     "1"));
}

TEST(Signature, ValuesMayHoldZeroBytes) {
  const Form form{{"a", std::string("x\0y", 3)}};
  EXPECT_EQ(sign(kToken, kUrl, form), sign(kToken, kUrl + std::string("ax\0y", 4)));
}

TEST(Signature, TokenLongerThanAHashBlockSignsAndVerifies) {
  const std::string token(200, 'k');
  EXPECT_EQ(verdictOf(kUrl, kForm, sign(token, kUrl, kForm), {token}), SignatureVerdict::valid);
}

TEST(Signature, NoTwoTokensSignAlike) {
  EXPECT_NE(sign(kToken, kUrl, kForm), sign(kOtherToken, kUrl, kForm));
}

TEST(Signature, BodyHashIsLowerCaseHexSha256) {
  EXPECT_EQ(bodySha256("{}"), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}

// ---- Forms

// 83
TEST(Signature, AcceptsWhatTheHolderOfTheTokenSigned) {
  EXPECT_EQ(verdictOf(kUrl, kForm, sign(kToken, kUrl, kForm)), SignatureVerdict::valid);
}

// 83
TEST(Signature, RejectsABodyChangedAfterSigning) {
  const Form changed{{"CallSid", "CA00000000000000000000000000000001"}, {"Digits", "43"}};
  EXPECT_EQ(verdictOf(kUrl, changed, sign(kToken, kUrl, kForm)), SignatureVerdict::mismatch);
}

TEST(Signature, RejectsAFormWhoseFieldsWereSignedAsNone) {
  EXPECT_EQ(verdictOf(kUrl, kForm, sign(kToken, kUrl)), SignatureVerdict::mismatch);
}

TEST(Signature, BodyHashInTheAddressDoesNotExcuseAForm) {
  const std::string url = urlVouchingFor(kForm.encoded());
  EXPECT_EQ(verdictOf(url, kForm, sign(kToken, url)), SignatureVerdict::mismatch);
}

// ---- Other bodies

// B17
TEST(Signature, AcceptsABodyThatTheAddressVouchesFor) {
  const std::string url = urlVouchingFor(R"({"a":1})");
  EXPECT_EQ(verdictOfBody(url, R"({"a":1})", sign(kToken, url)), SignatureVerdict::valid);
}

TEST(Signature, AcceptsARequestWithoutBody) {
  EXPECT_EQ(verdictOfBody(kUrl, "", sign(kToken, kUrl)), SignatureVerdict::valid);
}

TEST(Signature, RejectsABodyWithAnotherHash) {
  const std::string url = urlVouchingFor(R"({"a":1})");
  EXPECT_EQ(verdictOfBody(url, R"({"a":2})", sign(kToken, url)), SignatureVerdict::wrongBody);
}

TEST(Signature, RejectsABodyThatWasTakenAway) {
  const std::string url = urlVouchingFor(R"({"a":1})");
  EXPECT_EQ(verdictOfBody(url, "", sign(kToken, url)), SignatureVerdict::wrongBody);
}

TEST(Signature, RejectsABodyHashInUpperCase) {
  std::string hash = bodySha256("{}");
  std::ranges::transform(hash, hash.begin(), [](char c) {
    return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  const std::string url = kUrl + "?bodySHA256=" + hash;
  EXPECT_EQ(verdictOfBody(url, "{}", sign(kToken, url)), SignatureVerdict::wrongBody);
}

TEST(Signature, RejectsAJsonBodyForWhichNoHashWasSigned) {
  EXPECT_EQ(verdictOfBody(kUrl, "{}", sign(kToken, kUrl)), SignatureVerdict::unsignedBody);
}

TEST(Signature, RejectsARightHashUnderAWrongSignature) {
  EXPECT_EQ(verdictOfBody(urlVouchingFor("{}"), "{}", sign(kToken, kUrl)),
            SignatureVerdict::mismatch);
}

TEST(Signature, BodyHashInTheFragmentVouchesForNothing) {
  const std::string url = kUrl + "#?bodySHA256=" + bodySha256("{}");
  EXPECT_EQ(verdictOfBody(url, "{}", sign(kToken, kUrl)), SignatureVerdict::unsignedBody);
}

TEST(Signature, BodyHashUnderALongerNameVouchesForNothing) {
  const std::string url = kUrl + "?xbodySHA256=" + bodySha256("{}");
  EXPECT_EQ(verdictOfBody(url, "{}", sign(kToken, url)), SignatureVerdict::unsignedBody);
}

// ---- The header

// 83
TEST(Signature, EmptyHeaderIsMissing) {
  EXPECT_EQ(verdictOf(kUrl, kForm, ""), SignatureVerdict::missing);
}

TEST(Signature, ShortHeaderIsMalformed) {
  EXPECT_EQ(verdictOf(kUrl, kForm, sign(kToken, kUrl, kForm).substr(0, 27)),
            SignatureVerdict::malformed);
}

TEST(Signature, LongHeaderIsMalformed) {
  EXPECT_EQ(verdictOf(kUrl, kForm, sign(kToken, kUrl, kForm) + "="), SignatureVerdict::malformed);
}

TEST(Signature, BlanksAroundTheHeaderAreMalformed) {
  EXPECT_EQ(verdictOf(kUrl, kForm, " " + sign(kToken, kUrl, kForm)), SignatureVerdict::malformed);
}

TEST(Signature, RepeatedHeaderJoinedByACommaIsMalformed) {
  const std::string signature = sign(kToken, kUrl, kForm);
  EXPECT_EQ(verdictOf(kUrl, kForm, signature + ", " + signature), SignatureVerdict::malformed);
}

TEST(Signature, TwentyEightBytesThatAreNoBase64AreAMismatch) {
  EXPECT_EQ(verdictOf(kUrl, kForm, std::string(28, '\xFF')), SignatureVerdict::mismatch);
}

TEST(Signature, TwentyEightZeroBytesAreAMismatch) {
  EXPECT_EQ(verdictOf(kUrl, kForm, std::string(28, '\0')), SignatureVerdict::mismatch);
}

TEST(Signature, EveryCharacterOfTheHeaderCounts) {
  const std::string signature = sign(kToken, kUrl, kForm);
  for (std::size_t at = 0; at < signature.size(); ++at) {
    std::string changed = signature;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(verdictOf(kUrl, kForm, changed), SignatureVerdict::mismatch) << "character " << at;
  }
}

// ---- Tokens

// B17
TEST(Signature, AnyOfSeveralTokensWillDo) {
  for (const std::string& token : {kOtherToken, kToken}) {
    EXPECT_EQ(verdictOf(kUrl, kForm, sign(token, kUrl, kForm), {kOtherToken, kToken}),
              SignatureVerdict::valid);
  }
}

TEST(Signature, NoneOfSeveralTokensIsAMismatch) {
  EXPECT_EQ(verdictOf(kUrl, kForm, sign("third", kUrl, kForm), {kOtherToken, kToken}),
            SignatureVerdict::mismatch);
}

TEST(Signature, VerifierWithoutTokensAcceptsNothing) {
  EXPECT_EQ(verdictOf(kUrl, kForm, sign(kToken, kUrl, kForm), {}), SignatureVerdict::mismatch);
}

// 88
TEST(Signature, EmptyTokenIsAConfigurationError) {
  try {
    const SignatureVerifier verifier{{kToken, ""}};
    FAIL() << "an empty token was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
  }
}

TEST(Signature, OneVerifierServesManyThreads) {
  const SignatureVerifier verifier{{kOtherToken, kToken}};
  const std::string signature = sign(kToken, kUrl, kForm);
  std::atomic<int> accepted = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int round = 0; round < 100; ++round) {
        const auto verdict = verifier.verify({.url = kUrl, .form = &kForm, .signature = signature});
        if (verdict == SignatureVerdict::valid) ++accepted;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(accepted, 400);
}

// ---- What a wrong signature costs

/// A form whose signed text has about so many bytes.
Form formOf(std::size_t bytes) { return {{"Body", std::string(bytes, 'x')}}; }

TEST(Signature, EveryFormOfTheAddressOfASmallRequestIsTried) {
  const std::string url = kUrl + "?name=O'Brien+J";
  for (const char* signedUrl :
       {"/voice?name=O'Brien+J", "/voice?name=O'Brien%20J", "/voice?name=O%27Brien+J"}) {
    for (const char* host : {"https://ivr.example.com", "https://ivr.example.com:443"}) {
      const std::string signature = sign(kToken, std::string{host} + signedUrl, kForm);
      EXPECT_EQ(verdictOf(url, kForm, signature), SignatureVerdict::valid) << host << signedUrl;
    }
  }
}

TEST(Signature, OfAUsualRequestTheLikeliestFormsAreTried) {
  for (const char* signedUrl : {"https://ivr.example.com:443/voice?name=O'Brien+J",
                                "https://ivr.example.com/voice?name=O'Brien%20J",
                                "https://ivr.example.com/voice?name=O%27Brien+J"}) {
    const std::string signature = sign(kToken, signedUrl, formOf(900));
    for (const std::vector<std::string>& tokens : {std::vector{kToken}, {kOtherToken, kToken}}) {
      EXPECT_EQ(verdictOf(kUrl + "?name=O'Brien+J", formOf(900), signature, tokens),
                SignatureVerdict::valid)
          << signedUrl;
    }
  }
}

TEST(Signature, ALargeRequestIsTriedWithAndWithoutThePort) {
  const std::string withPort = sign(kToken, "https://ivr.example.com:443/voice", formOf(100'000));
  EXPECT_EQ(verdictOf(kUrl, formOf(100'000), withPort), SignatureVerdict::valid);
}

// Otherwise a mebibyte that is hashed once if it is signed would be hashed six times if it is not.
TEST(Signature, ALargeRequestIsNotTriedInRarerForms) {
  const std::string rare = sign(kToken, kUrl + "?a=%27", formOf(100'000));
  EXPECT_EQ(verdictOf(kUrl + "?a='", formOf(100'000), rare), SignatureVerdict::mismatch);
}

// Each took more than a second when the work was quadratic, and was repeated for every address.
TEST(Signature, ThousandsOfNamesAreRefusedAndExplainedOverAndOver) {
  std::string url = kUrl + '?';
  for (int i = 0; url.size() < 8000; ++i) url += 'a' + std::to_string(i) + '&';
  const std::string signature = sign(kOtherToken, url, kForm);
  const SignatureVerifier verifier{{kToken}};
  const SignedRequest request{.url = url, .form = &kForm, .signature = signature};
  for (int round = 0; round < 500; ++round) {
    ASSERT_EQ(verifier.verify(request), SignatureVerdict::mismatch);
    ASSERT_THAT(verifier.explain(SignatureVerdict::mismatch, request, {}), HasSubstr("token"));
  }
}

// ---- Hostile addresses

struct Hostile {
  std::string name;
  std::string url;
};

void PrintTo(const Hostile& hostile, std::ostream* out) { *out << hostile.name; }

class HostileAddress : public testing::TestWithParam<Hostile> {};

TEST_P(HostileAddress, IsRefusedWithoutThrowing) {
  const std::string signature = sign(kToken, kUrl, kForm);
  EXPECT_EQ(verdictOf(GetParam().url, kForm, signature), SignatureVerdict::mismatch);
}

TEST_P(HostileAddress, IsRefusedWithABodyWithoutThrowing) {
  EXPECT_NE(verdictOfBody(GetParam().url, "{}", sign(kToken, kUrl)), SignatureVerdict::valid);
}

TEST_P(HostileAddress, IsExplainedWithoutThrowing) {
  const std::string signature = sign(kToken, kUrl, kForm);
  const SignedRequest request{.url = GetParam().url, .form = &kForm, .signature = signature};
  EXPECT_THAT((SignatureVerifier{{kToken}}.explain(SignatureVerdict::mismatch, request, {})),
              Not(HasSubstr(signature)));
}

INSTANTIATE_TEST_SUITE_P(
    Signature, HostileAddress,
    testing::Values(Hostile{"Empty", ""}, Hostile{"OnlyAQuery", "?"}, Hostile{"OnlyAFragment", "#"},
                    Hostile{"QueryInTheFragment", "#?"},
                    Hostile{"BodyHashInTheFragment", "#?bodySHA256="}, Hostile{"NoScheme", "://"},
                    Hostile{"NoHost", "https://"}, Hostile{"NoHostButAPath", "https:///voice"},
                    Hostile{"Words", "not a url"}, Hostile{"NoPath", "https://ivr.example.com"},
                    Hostile{"OnlyCredentials", "https://@/"},
                    Hostile{"OnlyAPort", "https://:443/voice"},
                    Hostile{"OpenBracket", "https://[::1/voice"},
                    Hostile{"LongPort", "https://a.example:99999999999999999999/voice"},
                    Hostile{"EmptyQuery", kUrl + "?"}, Hostile{"LonePercent", kUrl + "?%"},
                    Hostile{"BrokenEncoding", kUrl + "?%zz&&&===%0"},
                    Hostile{"LineEnd", "https://ivr.example.com/\r\nvoice"},
                    Hostile{"ZeroByte", std::string("https://ivr.example.com/\0voice", 30)},
                    Hostile{"ManyQuotes", kUrl + '?' + std::string(100'000, '\'')},
                    Hostile{"ManyAmpersands", kUrl + '?' + std::string(100'000, '&')}),
    [](const auto& test) { return test.param.name; });

}  // namespace
