#include "app/continuation.hpp"

#include "core/text.hpp"
#include "ivr/http/form.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace ivr {

namespace {

constexpr std::size_t kMaxStepName = 120;
constexpr int kMaxRounds = 10'000;
constexpr std::int64_t kLatest = std::int64_t{1} << 43;  // the year 2248; fits the clock

}  // namespace

std::string linkTo(const Continuation& continuation, const UrlFor& urlFor) {
  const auto since =
      std::chrono::duration_cast<std::chrono::milliseconds>(continuation.since.time_since_epoch());
  return urlFor(kContinuationUri,
                {.query = UrlOptions::Query{{"step", continuation.step},
                                            {"to", continuation.path},
                                            {"round", std::to_string(continuation.round)},
                                            {"since", std::to_string(since.count())}}});
}

std::optional<Continuation> continuationOf(const http::Request& request) {
  const auto query = http::Form::parse(request.query(), 10);
  if (!query) return std::nullopt;
  const auto round = numberFrom<int>(query->get("round"));
  const auto since = numberFrom<std::int64_t>(query->get("since"));
  if (!isStepName(query->get("step")) || !query->get("to").starts_with('/')) return std::nullopt;
  if (!round || *round < 1 || *round > kMaxRounds) return std::nullopt;
  if (!since || *since < 0 || *since > kLatest) return std::nullopt;
  return Continuation{
      .path = std::string{query->get("to")},
      .step = std::string{query->get("step")},
      .round = *round,
      .since = std::chrono::system_clock::time_point{std::chrono::milliseconds{*since}}};
}

bool isStepName(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kMaxStepName && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

}  // namespace ivr
