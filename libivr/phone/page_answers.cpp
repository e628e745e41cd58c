#include "phone/page_answers.hpp"

#include "phone/saved_json.hpp"

#include <nlohmann/json.hpp>

namespace ivr::phone {

namespace {

using Json = nlohmann::ordered_json;

}  // namespace

http::Response jsonAnswer(int status, const Json& json) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
          .body = lineOf(json)};
}

http::Response refusal(int status, std::string_view why) {
  return jsonAnswer(status, {{"error", why}});
}

http::Response done() { return jsonAnswer(200, Json::object()); }

}  // namespace ivr::phone
