#pragma once
// What the provider gets instead of the document of a target: words for callers who wait, and for
// those whose step has failed.

#include "app/error_report.hpp"
#include "app/twiml_lint.hpp"
#include "ivr/app/config.hpp"
#include "ivr/call/step_target.hpp"
#include "ivr/http/response.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ivr {

/// An XML answer.
[[nodiscard]] http::Response xmlResponse(std::string xml);

/// The answer to a step that has failed, as the application wants it. Calls `onError`, so it may
/// block.
[[nodiscard]] http::Response errorResponse(const Config& config, const ErrorReport& errors,
                                           TwimlLint& lint, const CallError& error);

/// The library's own words for the same, for when no code of the application can run.
[[nodiscard]] http::Response plainErrorResponse(const Config& config);

/// Asks the caller to hold, and then to come back to `link`, in the words of the target (null if it
/// is not known) or of the application; may block.
[[nodiscard]] http::Response holdResponse(const Config& config, const ErrorReport& errors,
                                          TwimlLint& lint, const StepTarget* target,
                                          const Waiting& waiting, const std::string& link);

/// The library's own words for the same.
[[nodiscard]] http::Response plainHoldResponse(const std::string& link);

/// An answer as stores keep it.
[[nodiscard]] std::string savedAnswer(const http::Response& response);

/// The answer that was saved. Throws `Error{unavailable}` if it is damaged.
[[nodiscard]] http::Response restoredAnswer(std::string_view saved);

}  // namespace ivr
