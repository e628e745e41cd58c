#pragma once
// Where a caller who was asked to hold gets the answer.

#include "ivr/call/url_for.hpp"
#include "ivr/http/request.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ivr {

inline constexpr std::string_view kContinuationUri = "/.ivr/answer";

/// The contents of a link to an answer. A value.
///
/// It names the target by its address, which means the same to every version of the application.
struct Continuation {
  std::string path = {};  ///< The address of the target, as it appears in requests.
  std::string step = {};  ///< The name of the step.
  int round = 0;          ///< How often the caller has been asked to hold.
  std::chrono::system_clock::time_point since = {};  ///< When the provider first asked.
};

[[nodiscard]] std::string linkTo(const Continuation& continuation, const UrlFor& urlFor);

/// What a request at `kContinuationUri` asks for; nothing if `linkTo` cannot have made its address.
[[nodiscard]] std::optional<Continuation> continuationOf(const http::Request& request);

/// Whether a text can be the name of a step: it is short and needs no encoding.
[[nodiscard]] bool isStepName(std::string_view text) noexcept;

}  // namespace ivr
