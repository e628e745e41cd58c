#include "app/step_log.hpp"

#include "core/log_line.hpp"
#include "ivr/core/error.hpp"

#include <cctype>
#include <string>
#include <utility>

namespace ivr {

namespace {

/// `text` with `secret` replaced: a short one where it stands as a word of its own, a longer one
/// everywhere but in an id of the provider.
std::string withoutSecret(std::string text, std::string_view secret) {
  constexpr std::string_view kMask = "***";
  constexpr std::size_t kShort = 4;
  constexpr std::size_t kIdLength = 34;
  const auto isWord = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  for (std::size_t at = 0; !secret.empty() && (at = text.find(secret, at)) != std::string::npos;) {
    std::size_t first = at;  // of the word that the secret is in
    std::size_t last = at + secret.size();
    while (first > 0 && isWord(text[first - 1])) --first;
    while (last < text.size() && isWord(text[last])) ++last;
    const bool isWhole = last - first == secret.size();
    if (!isWhole && (secret.size() < kShort || last - first == kIdLength)) {
      at += secret.size();
      continue;
    }
    text.replace(at, secret.size(), kMask);
    at += kMask.size();
  }
  return text;
}

/// The text of an error without what the caller sent, which a state may have put into it.
std::string messageOf(const Config& config, const Call& call, const std::exception_ptr& error) {
  std::string text = textOf(error);
  if (config.personalData == PersonalData::shown) return text;
  for (const std::string_view name :
       {"From", "To", "Caller", "Called", "Digits", "SpeechResult", "UnstableSpeechResult"}) {
    text = withoutSecret(std::move(text), call.fields().get(name));
  }
  return text;
}

}  // namespace

void logStep(const Config& config, const StepRecord& record, const std::exception_ptr& error) {
  const Call& call = record.call;
  LogLine line{config.personalData, "step"};
  line.add("state", record.target).add("call", oneLine(call.sid(), 64));
  line.add("from", call.from(), Shown::lastDigits);
  line.add("digits", call.fields().get("Digits"), Shown::nothing);
  line.add("speech", call.fields().get("SpeechResult"), Shown::nothing);
  line.add("next", record.heard).add("outcome", error ? "failed" : "rendered");
  line.add("us", record.took.count());
  if (error) line.add("error", messageOf(config, call, error), Shown::withoutNumbers);
  config.log(error ? LogLevel::error : LogLevel::info, line.text());
}

}  // namespace ivr
