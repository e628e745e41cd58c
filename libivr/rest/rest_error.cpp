#include "ivr/rest/rest_error.hpp"

#include "ivr/core/log.hpp"

#include <utility>

namespace ivr::rest {

namespace {

std::string sentence(std::string_view request, const RestRefusal& refusal) {
  const std::string words = oneLine(maskNumbersIn(refusal.message));
  std::string text = "the REST API ";
  if (refusal.status == 0) {
    text += "cannot be asked for ";
    text += request;
  } else if (refusal.status >= 200 && refusal.status < 300) {
    text += "answered ";
    text += request;
    text += " with status " + std::to_string(refusal.status) + " and a body that cannot be read";
  } else {
    text += "refused ";
    text += request;
    text += " with status " + std::to_string(refusal.status);
    if (refusal.code != 0) text += ", code " + std::to_string(refusal.code);
  }
  if (!words.empty()) text += ": " + words;
  return text;
}

}  // namespace

RestError::RestError(std::string_view request, RestRefusal refusal, std::source_location where)
    : Error(ErrorKind::remote, sentence(request, refusal), where), refusal_(std::move(refusal)) {}

}  // namespace ivr::rest
