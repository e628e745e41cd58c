#pragma once
// From the fields that were sent to the request: the provider's part.

#include "ivr/http/form.hpp"
#include "ivr/rest/rest_error.hpp"

#include <variant>

namespace ivr::rest {

/// The request that a form or a query stands for, or why the provider refuses it. For every request
/// in `fields.hpp`.
///
/// Fields that the request does not have are kept in its `otherFields`: the provider ignores them.
/// Of fields that come more than once, and are no list, the first counts. An empty value that is no
/// text counts as not given. `fieldsOf` writes the same form again, but for the order.
template <class Request>
[[nodiscard]] std::variant<Request, RestRefusal> requestFrom(const Form& form);

}  // namespace ivr::rest
