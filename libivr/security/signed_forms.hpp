#pragma once
// The forms of an address over which the provider may have signed a request to it.

#include "http/url.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ivr::security {

/// A query in each form that counts, each once and the one that was received first: the provider's
/// libraries are inconsistent about its encoding. Each begins with `?`; without a query, one empty
/// text. Takes time in proportion to the query, of which only those of usual size have other forms.
[[nodiscard]] std::vector<std::string> queryForms(const std::optional<std::string>& query);

/// Every form of an address that counts, each once and the likeliest first: the provider is
/// inconsistent about ports and credentials too. `queries` are the forms of its query; the fragment
/// is never signed.
[[nodiscard]] std::vector<std::string> signedForms(const http::Url& url,
                                                   std::span<const std::string> queries);

}  // namespace ivr::security
