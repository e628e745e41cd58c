#pragma once
// A request, as far as it can be read before its target is known.

#include "ivr/app/config.hpp"
#include "ivr/http/form.hpp"
#include "ivr/http/request.hpp"
#include "ivr/http/response.hpp"

#include <optional>
#include <variant>

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

/// Reads a request, and takes it unless it is refused.
[[nodiscard]] std::variant<Webhook, Refusal> readWebhook(http::Request& request,
                                                         const Config& config);

/// Well-formed UTF-8 for the states, whatever was sent; signatures are made over what was sent.
[[nodiscard]] http::Form readable(http::Form form);

/// Whether the SIDs in a form are plausible: the provider's are 34 letters and digits.
[[nodiscard]] bool hasSaneSids(const http::Form& form) noexcept;

}  // namespace ivr
