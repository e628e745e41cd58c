#include "ivr/http/method.hpp"

namespace ivr::http {

std::string_view textOf(HttpMethod method) noexcept {
  switch (method) {
    case HttpMethod::get: return "GET";
    case HttpMethod::post: return "POST";
  }
  return {};
}

}  // namespace ivr::http
