#pragma once
// The addresses that a document leads to.

#include <string>
#include <string_view>
#include <vector>

namespace ivr::twiml {

/// One address. A value.
struct Link {
  std::string element = {};    ///< `Gather`
  std::string attribute = {};  ///< `action`; empty if it is the text of the element.
  std::string url = {};
};

/// The addresses in a document that this library has written: texts of Play and Redirect, and
/// attributes such as `action`, `url` and `statusCallback`.
[[nodiscard]] std::vector<Link> linksIn(std::string_view xml);

}  // namespace ivr::twiml
