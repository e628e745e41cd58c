#include "ivr/http/request.hpp"

#include "core/text.hpp"

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
  const std::string type = lowerCase(headers.find("Content-Type").value_or(""));
  for (const std::string_view parameter : itemsOf(type, ';')) {
    if (parameter.starts_with(kName)) {
      return std::string{trimmed(parameter.substr(kName.size()), "\"")};
    }
  }
  return {};
}

}  // namespace ivr::http
