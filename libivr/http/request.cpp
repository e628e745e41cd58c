#include "ivr/http/request.hpp"

#include "core/text.hpp"
#include "http/content_type.hpp"

namespace ivr::http {

std::string_view Request::path() const noexcept {
  return std::string_view{target}.substr(0, target.find('?'));
}

std::string_view Request::query() const noexcept {
  const std::size_t mark = target.find('?');
  return mark == std::string::npos ? std::string_view{} : std::string_view{target}.substr(mark + 1);
}

std::string Request::mediaType() const { return lowerCase(contentTypeOf(headers).mediaType); }

std::string Request::charset() const { return lowerCase(contentTypeOf(headers).charset); }

}  // namespace ivr::http
