#include "ivr/http/request.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace ivr::http {

std::string_view Request::path() const noexcept {
  return std::string_view{target}.substr(0, target.find('?'));
}

std::string_view Request::query() const noexcept {
  const std::size_t mark = target.find('?');
  return mark == std::string::npos ? std::string_view{} : std::string_view{target}.substr(mark + 1);
}

std::string Request::mediaType() const {
  const std::string_view value = headers.find("Content-Type").value_or("");
  return lowerCase(trimmed(value.substr(0, value.find(';'))));
}

std::string Request::charset() const {
  constexpr std::string_view kName = "charset=";
  std::string_view rest = headers.find("Content-Type").value_or("");
  while (!rest.empty()) {  // the type, and after that a parameter each time
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view item = trimmed(rest.substr(0, end));
    if (equalIgnoringCase(item.substr(0, kName.size()), kName)) {
      return lowerCase(trimmed(item.substr(kName.size()), "\""));
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

}  // namespace ivr::http
