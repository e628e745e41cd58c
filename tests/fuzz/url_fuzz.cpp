// A URL is the same text when reassembled, and its parts hold no separator of the parts after them.

#include "fuzz.hpp"
#include "http/url.hpp"

#include <algorithm>

using namespace ivr;
using namespace ivr::http;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto url = http::Url::parse(text);
  if (!url) return 0;

  require(url->text() == text);
  require(http::Url::parse(url->text()) == url);
  require(!url->scheme.empty() && !url->host.empty());
  require(url->host.find_first_of("/?#@") == std::string::npos);
  require(url->port.find_first_not_of("0123456789") == std::string::npos);
  require(url->path.empty() || url->path.front() == '/');
  require(url->path.find_first_of("?#") == std::string::npos);
  require(!url->query || url->query->find('#') == std::string::npos);
  require(std::ranges::none_of(text, [](unsigned char c) { return c <= ' ' || c == 0x7F; }));
  return 0;
}
