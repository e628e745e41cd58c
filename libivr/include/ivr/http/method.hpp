#pragma once
// The methods with which the provider requests an address.

#include <string_view>

namespace ivr::http {

/// How the provider requests an address; POST by default.
enum class HttpMethod { get, post };

/// `GET` or `POST`.
[[nodiscard]] std::string_view textOf(HttpMethod method) noexcept;

}  // namespace ivr::http

namespace ivr {
using http::HttpMethod;
}  // namespace ivr
