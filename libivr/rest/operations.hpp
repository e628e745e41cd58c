#pragma once
// The addresses of the REST API, in both directions.
//
// Threads: pure functions.

#include "ivr/rest/rest_error.hpp"
#include "rest/operation_table.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ivr::rest {

/// What every path begins with; the SID of the account is next.
inline constexpr std::string_view kAccountsPath = "/2010-04-01/Accounts/";

[[nodiscard]] constexpr const Operation& operationOf(OperationName name) noexcept {
  return kOperations[static_cast<std::size_t>(name)];
}

/// False for an empty text, and for `.` and `..`, which mean another path.
[[nodiscard]] bool canStandInAPath(std::string_view part) noexcept;

/// `/Calls/CA123.json` for an operation with the path `/Calls/{CallSid}.json`. `parameters` fill
/// its braces, percent-encoded; `Error{usage}` if one is empty or made of dots.
[[nodiscard]] std::string pathOf(OperationName name, std::span<const std::string_view> parameters);

/// What a request asks for.
struct FoundOperation {
  OperationName name = {};
  std::string accountSid = {};
  std::vector<std::string> parameters = {};  ///< Those in the braces of its path, decoded.
};

/// The operation that a method and a path, without its query, stand for; or the refusal: 20404 if
/// there is no such path, 20004 if it has another method.
[[nodiscard]] std::variant<FoundOperation, RestRefusal> findOperation(std::string_view method,
                                                                      std::string_view path);

}  // namespace ivr::rest
