#pragma once
// From a request to the fields that are sent, under the names of the API.

#include "ivr/http/form.hpp"

namespace ivr::rest {

/// The fields of a request that are set, for a form or a query. Throws `Error{usage}` for values
/// that the provider would refuse. For every request in `fields.hpp`.
template <class Request>
[[nodiscard]] Form fieldsOf(const Request& request);

}  // namespace ivr::rest
