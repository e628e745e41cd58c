#pragma once
// A request, as far as it can be read before its target is known.

#include "ivr/app/config.hpp"
#include "ivr/http/form.hpp"
#include "ivr/http/request.hpp"
#include "ivr/http/response.hpp"

#include <optional>
#include <string>

namespace ivr {

/// A value.
struct Webhook {
  http::Request request = {};           ///< Its target begins with `/`.
  std::optional<http::Form> form = {};  ///< The fields, as sent, if its body is a form.
};

/// Why a request is refused. A value.
struct Refusal {
  int status = 400;
  std::string reason = {};  ///< For the log.
};

/// Reads the request of a webhook: its target, and its body if that is a form.
[[nodiscard]] std::optional<Refusal> read(Webhook& webhook, const Config& config);

/// Well-formed UTF-8 for the states, whatever was sent; signatures are made over what was sent.
[[nodiscard]] http::Form readable(const http::Form& form);

/// Whether the SIDs in a form are plausible: the provider's are 34 letters and digits.
[[nodiscard]] bool hasSaneSids(const http::Form& form) noexcept;

}  // namespace ivr
