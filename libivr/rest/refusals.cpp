#include "rest/refusals.hpp"

#include "ivr/core/error.hpp"
#include "ivr/core/log.hpp"
#include "rest/error_table.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace ivr::rest {

RestRefusal refusalOf(int code, std::string_view about) {
  const auto* const found = std::ranges::lower_bound(kErrorCodes, code, {}, &ErrorCode::code);
  if (found == kErrorCodes.end() || found->code != code) {
    throw Error{ErrorKind::usage, "the REST API has no code " + std::to_string(code)};
  }
  std::string message{found->message};
  const std::size_t place = message.find("{}");
  if (place != std::string::npos) message.replace(place, 2, oneLine(about));
  return {.status = found->status,
          .code = code,
          .message = std::move(message),
          .moreInfo = "https://www.twilio.com/docs/errors/" + std::to_string(code)};
}

}  // namespace ivr::rest
