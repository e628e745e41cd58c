#include "ivr/http/request.hpp"

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
  std::string_view value = headers.find("Content-Type").value_or(std::string_view{});
  value = value.substr(0, value.find(';'));
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  std::string lower{value};
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

}  // namespace ivr::http
