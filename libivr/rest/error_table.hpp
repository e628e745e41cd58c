#pragma once
// The codes with which the API refuses.
//
// Written by rest/schema/generate.

#include <array>
#include <string_view>

namespace ivr::rest {

/// A code of the provider's.
struct ErrorCode {
  std::string_view message;  ///< `{}` stands for what it is about.
  int code;
  int status;  ///< Of HTTP.
};

/// By code, ascending.
inline constexpr std::array<ErrorCode, 38> kErrorCodes{
    {ErrorCode{"Call concurrency limit exceeded", 10004, 400},
     ErrorCode{"The conference does not exist or is over", 16022, 400},
     ErrorCode{"The participant's label is invalid", 16024, 400},
     ErrorCode{"The participant's label is in use", 16026, 400},
     ErrorCode{"{}", 20001, 400},
     ErrorCode{"Authenticate", 20003, 401},
     ErrorCode{"Method not allowed", 20004, 405},
     ErrorCode{"Account is not active", 20005, 403},
     ErrorCode{"Page size too large", 20007, 400},
     ErrorCode{"The requested resource {} was not found", 20404, 404},
     ErrorCode{"Conflict", 20409, 409},
     ErrorCode{"Invalid parameter", 20422, 422},
     ErrorCode{"Too Many Requests", 20429, 429},
     ErrorCode{"Internal server error", 20500, 500},
     ErrorCode{"Service unavailable", 20503, 503},
     ErrorCode{"No 'To' number is specified", 21201, 400},
     ErrorCode{"International calling is not enabled", 21203, 400},
     ErrorCode{"{}", 21205, 400},
     ErrorCode{"Invalid SendDigits", 21206, 400},
     ErrorCode{"Invalid Timeout", 21208, 400},
     ErrorCode{"Invalid Method", 21209, 400},
     ErrorCode{"'From' phone number not verified", 21210, 400},
     ErrorCode{"The phone number you are attempting to call, {}, is not valid.", 21211, 400},
     ErrorCode{"Invalid 'From' phone number: {}", 21212, 400},
     ErrorCode{"From phone number is required.", 21213, 400},
     ErrorCode{"'To' phone number cannot be reached", 21214, 400},
     ErrorCode{"Account not authorized to call {}", 21215, 400},
     ErrorCode{"Account not allowed to call {}", 21216, 400},
     ErrorCode{"Phone number does not appear to be valid", 21217, 400},
     ErrorCode{"Invalid ApplicationSid", 21218, 400},
     ErrorCode{"'To' phone number not verified", 21219, 400},
     ErrorCode{"Call is not in-progress. Cannot redirect.", 21220, 400},
     ErrorCode{"Invalid PageToken", 21481, 400},
     ErrorCode{"Message body is required.", 21602, 400},
     ErrorCode{"A 'From' phone number is required.", 21603, 400},
     ErrorCode{"A 'To' phone number is required.", 21604, 400},
     ErrorCode{"The concatenated message body exceeds the 1600 character limit", 21617, 400},
     ErrorCode{"Twiml size exceeded maximum allowed value of 4000 characters", 32018, 400}}};

}  // namespace ivr::rest
