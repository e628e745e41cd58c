#pragma once
// The methods by which the provider asks for an address.

#include <string_view>

namespace ivr::http {

/// How the provider asks for an address; POST where nothing is said.
enum class HttpMethod { get, post };

/// `GET` or `POST`.
[[nodiscard]] std::string_view textOf(HttpMethod method) noexcept;

}  // namespace ivr::http

namespace ivr {
using http::HttpMethod;
}  // namespace ivr
