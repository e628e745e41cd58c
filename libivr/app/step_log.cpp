#include "app/step_log.hpp"

#include <algorithm>
#include <cctype>

namespace ivr {

namespace {

constexpr std::string_view kMask = "***";

bool isMasked(const Config& config) { return config.personalData == PersonalData::masked; }

/// Whether a value can stand without quotes.
bool isBare(std::string_view value) {
  return std::ranges::none_of(
      value, [](unsigned char c) { return c <= ' ' || c == 0x7F || c == '"' || c == '='; });
}

void field(std::string& line, std::string_view name, std::string_view value) {
  constexpr std::size_t kMaximum = 1000;
  if (value.empty()) return;
  line.append(" ").append(name).append("=");
  if (value.size() <= kMaximum && isBare(value)) {
    line += value;
    return;
  }
  line += '"';
  for (const char c : oneLine(value, kMaximum)) {
    if (c == '"' || c == '\\') line += '\\';
    line += c;
  }
  line += '"';
}

/// `text` with `secret` replaced: a short one where it stands as a word of its own, a longer one
/// everywhere but in an id of the provider.
std::string withoutSecret(std::string text, std::string_view secret) {
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

std::string line(const Config& config, const StepRecord& record) {
  const Call& call = record.call;
  const bool masked = isMasked(config);
  std::string text = "step";
  text.reserve(256);
  field(text, "state", record.state);
  field(text, "call", oneLine(call.sid(), 64));
  field(text, "from", masked ? maskNumber(call.from()) : call.from());
  const std::string_view digits = call.fields().get("Digits");
  const std::string_view speech = call.fields().get("SpeechResult");
  if (!digits.empty()) field(text, "digits", masked ? kMask : digits);
  if (!speech.empty()) field(text, "speech", masked ? kMask : speech);
  field(text, "next", record.next);
  return text;
}

}  // namespace

std::string safeText(const Config& config, std::string_view text) {
  return oneLine(isMasked(config) ? maskNumbersIn(text) : std::string{text}, 1000);
}

void logStep(const Config& config, const StepRecord& record) {
  std::string text = line(config, record);
  text += " outcome=rendered us=" + std::to_string(record.took.count());
  config.log(LogLevel::info, text);
}

void logFailure(const Config& config, const StepRecord& record, std::string_view error) {
  std::string shown{error};
  if (isMasked(config)) {  // a state may have put what it was given into its message
    for (const std::string_view name :
         {"From", "To", "Caller", "Called", "Digits", "SpeechResult", "UnstableSpeechResult"}) {
      shown = withoutSecret(std::move(shown), record.call.fields().get(name));
    }
  }
  std::string text = line(config, record);
  text += " outcome=failed us=" + std::to_string(record.took.count());
  field(text, "error", safeText(config, shown));
  config.log(LogLevel::error, text);
}

}  // namespace ivr
