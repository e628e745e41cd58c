#include "http/content_type.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <cstddef>

namespace ivr::http {

ContentType contentTypeOf(const Headers& headers) noexcept {
  constexpr std::string_view kCharset = "charset=";
  std::string_view rest = headers.find("Content-Type").value_or("");
  const auto takeItem = [&rest] {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view item = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return item;
  };
  ContentType type{.mediaType = takeItem()};
  while (!rest.empty()) {
    const std::string_view parameter = takeItem();
    if (!equalIgnoringCase(parameter.substr(0, kCharset.size()), kCharset)) continue;
    type.charset = trimmed(parameter.substr(kCharset.size()), "\"");
    break;
  }
  return type;
}

}  // namespace ivr::http
