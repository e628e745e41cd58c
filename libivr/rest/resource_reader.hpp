#pragma once
// From what the API answers to resources.

#include "ivr/http/headers.hpp"
#include "ivr/rest/page.hpp"
#include "ivr/rest/rest_error.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace ivr::rest {

/// The resource in the body of a reply. Dates and numbers in texts that cannot be read count as
/// null; anything else unexpected throws `Error{remote}`, which says what is wrong but quotes
/// nothing. For every resource in `fields.hpp`.
template <class Resource>
[[nodiscard]] Resource resourceFrom(std::string_view body);

/// The same for a list.
template <class Resource>
[[nodiscard]] Page<Resource> pageFrom(std::string_view body);

/// What an answer without success says, as far as it can be read.
[[nodiscard]] RestRefusal refusalFrom(int status, const http::Headers& headers,
                                      std::string_view body);

/// How long the answer asks to wait, by its own clock (`Date`) if it names a time.
[[nodiscard]] std::optional<std::chrono::seconds> retryAfterOf(const http::Headers& headers);

}  // namespace ivr::rest
