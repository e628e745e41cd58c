// Checking the signature of a typical webhook, compared with the one HMAC that it needs.

#include "ivr/security/signature.hpp"

#include <algorithm>
#include <array>
#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using ivr::Form;

const std::string kToken = "0123456789abcdef0123456789abcdef";
const std::string kUrl = "https://ivr.example.com/incoming-call-transition-out";
constexpr std::size_t kParameters = 25;
constexpr std::size_t kSignedBytes = 900;

/// The parameters of a call in an order in which the provider sends them; padded to `kSignedBytes`.
Form typicalForm() {
  const std::vector<Form::Field> fields{
      {"AccountSid", "AC00000000000000000000000000000001"},
      {"ApiVersion", "2010-04-01"},
      {"CallSid", "CA00000000000000000000000000000001"},
      {"CallStatus", "in-progress"},
      {"Called", "+14155550199"},
      {"CalledCity", "SAN FRANCISCO"},
      {"CalledCountry", "US"},
      {"CalledState", "CA"},
      {"CalledZip", "94105"},
      {"Caller", "+14155550100"},
      {"CallerCity", "OAKLAND"},
      {"CallerCountry", "US"},
      {"CallerState", "CA"},
      {"CallerZip", ""},
      {"Digits", "1"},
      {"Direction", "inbound"},
      {"FinishedOnKey", ""},
      {"From", "+14155550100"},
      {"FromCity", "OAKLAND"},
      {"FromCountry", "US"},
      {"FromState", "CA"},
      {"To", "+14155550199"},
      {"ToCity", "SAN FRANCISCO"},
      {"ToCountry", "US"},
  };
  std::size_t bytes = kUrl.size();
  Form form;
  for (const auto& [name, value] : fields) {
    bytes += name.size() + value.size();
    form.add(name, value);
  }
  const std::string last = "CallToken";
  form.add(last, std::string(kSignedBytes - bytes - last.size(), 't'));
  return form;
}

std::string signedText(const Form& form) {
  std::vector<Form::Field> fields{form.begin(), form.end()};
  std::ranges::sort(fields);
  std::string text = kUrl;
  for (const auto& [name, value] : fields) text.append(name).append(value);
  return text;
}

void verifyTypicalWebhook(benchmark::State& state) {
  const Form form = typicalForm();
  if (form.size() != kParameters) throw std::logic_error{"not a typical webhook"};
  const std::string signature = ivr::security::sign(kToken, kUrl, form);
  const ivr::security::SignatureVerifier verifier{{kToken}};
  const ivr::security::SignedRequest request{.url = kUrl, .form = &form, .signature = signature};
  if (verifier.verify(request) != ivr::security::SignatureVerdict::valid) {
    throw std::logic_error{"the signature is not valid"};
  }
  for (auto _ : state) {
    ivr::security::SignatureVerdict verdict = verifier.verify(request);
    benchmark::DoNotOptimize(verdict);
  }
}
BENCHMARK(verifyTypicalWebhook);

void bareHmac(benchmark::State& state) {
  const std::string text = signedText(typicalForm());
  if (text.size() != kSignedBytes) throw std::logic_error{"not a typical webhook"};
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  for (auto _ : state) {
    HMAC(EVP_sha1(), kToken.data(), static_cast<int>(kToken.size()), bytes, text.size(),
         digest.data(), &length);
    benchmark::DoNotOptimize(digest);
  }
}
BENCHMARK(bareHmac);

}  // namespace
