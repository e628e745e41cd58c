#pragma once
// From resources to the JSON that the API answers: the provider's part.

#include "ivr/rest/page.hpp"
#include "ivr/rest/rest_error.hpp"

#include <string>

namespace ivr::rest {

/// The body of a reply about one resource, its members in alphabetical order. Empty texts and maps,
/// values that are not set and the word `unknown` become null; numbers are texts where the API
/// sends texts; dates are those of RFC 2822 in UTC. Malformed UTF-8 is replaced, so it is always
/// JSON. For every resource in `fields.hpp`.
template <class Resource>
[[nodiscard]] std::string jsonOf(const Resource& resource);

/// The body of a reply with a list.
template <class Resource>
[[nodiscard]] std::string jsonOf(const Page<Resource>& page);

/// The body of a refusal: `code`, `message`, `more_info` and `status`.
[[nodiscard]] std::string jsonOf(const RestRefusal& refusal);

}  // namespace ivr::rest
