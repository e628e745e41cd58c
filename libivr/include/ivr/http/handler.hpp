#pragma once
// What answers requests.

#include "ivr/core/later.hpp"
#include "ivr/http/request.hpp"
#include "ivr/http/response.hpp"

#include <functional>

namespace ivr::http {

/// Answers a request, now or later.
using Handler = std::function<Later<Response>(Request)>;

}  // namespace ivr::http
