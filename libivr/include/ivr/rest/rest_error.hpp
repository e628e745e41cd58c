#pragma once
// Errors of the REST API.

#include "ivr/core/error.hpp"

#include <chrono>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>

namespace ivr::rest {

/// The details of an answer that reports no success, or that is unreadable. A value.
struct RestRefusal {
  int status = 0;  ///< Of HTTP; 0 if nothing was sent because the address was unacceptable.

  /// The provider's code, such as 20404 (not found) or 21220 (the call is not in progress); 0 if
  /// the answer had none.
  int code = 0;
  std::string message = {};   ///< The provider's words, which may name telephone numbers; one line.
  std::string moreInfo = {};  ///< An address with more information; one line.
  std::optional<std::chrono::seconds> retryAfter = {};  ///< How long the provider asks to wait.
  std::string requestId = {};                           ///< The provider's name for the request.
};

/// The provider refused, or its answer is unreadable (`code()` is 0 then, and `status()` may be
/// that of a success: the request was probably carried out).
///
/// `what()` names the request, status, code and the provider's words with telephone numbers masked.
class RestError : public Error {
 public:
  /// `request` is the method and the path, such as `POST /Calls.json`.
  RestError(std::string_view request, RestRefusal refusal,
            std::source_location where = std::source_location::current());

  [[nodiscard]] int status() const noexcept { return refusal_.status; }
  [[nodiscard]] int code() const noexcept { return refusal_.code; }
  [[nodiscard]] const std::string& message() const noexcept { return refusal_.message; }
  [[nodiscard]] const std::string& moreInfo() const noexcept { return refusal_.moreInfo; }
  [[nodiscard]] std::optional<std::chrono::seconds> retryAfter() const noexcept {
    return refusal_.retryAfter;
  }
  [[nodiscard]] const std::string& requestId() const noexcept { return refusal_.requestId; }

 private:
  RestRefusal refusal_;
};

}  // namespace ivr::rest
