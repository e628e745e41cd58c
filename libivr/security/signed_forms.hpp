#pragma once
// The forms of an address over which the provider may have signed a request to it.

#include <string>
#include <string_view>
#include <vector>

namespace ivr::security {

/// Every form of `address` that counts, each once: the provider is inconsistent about ports and
/// credentials, and its libraries about the encoding of queries. `address` itself is among them,
/// without credentials or fragment.
[[nodiscard]] std::vector<std::string> signedForms(std::string_view address);

}  // namespace ivr::security
