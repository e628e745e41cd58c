#pragma once
// What people usually get wrong about the public address of their application.

#include "http/url.hpp"
#include "ivr/http/headers.hpp"

#include <string>
#include <vector>

namespace ivr::security {

/// An address that the provider may have been told instead of ours.
struct AddressMistake {
  std::string what;  ///< The part that differs, in a word or two: "scheme", "scheme and port".
  http::Url url;
};

/// The usual mistakes about `ours`, the simple ones first. `headers` are those of the request: in
/// them, proxies tell what they changed.
[[nodiscard]] std::vector<AddressMistake> usualMistakes(const http::Url& ours,
                                                        const http::Headers& headers);

}  // namespace ivr::security
