#pragma once
// What the REST API says when it does not do what it was asked.

#include "ivr/core/error.hpp"

#include <chrono>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>

namespace ivr::rest {

/// An answer that is not the one hoped for. A value.
struct RestRefusal {
  int status = 0;  ///< Of HTTP; 0 if nothing was asked because the address would not do.

  /// The provider's code, such as 20404 (not found) or 21220 (the call is not in progress); 0 if
  /// the answer had none.
  int code = 0;
  std::string message = {};   ///< The provider's words, which may name telephone numbers.
  std::string moreInfo = {};  ///< An address that tells more.
  std::optional<std::chrono::seconds> retryAfter = {};  ///< When the provider would be asked again.
  std::string requestId = {};  ///< By which the provider knows the request.
};

/// The provider refused, or what it answered cannot be read (`code()` is 0 then, and `status()` may
/// be that of a success: what was asked for was probably done).
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
