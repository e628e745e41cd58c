#pragma once
// Where the elements of a document stand in its text.

#include <cstddef>
#include <string_view>
#include <vector>

namespace ivr::twiml {

/// All views point into the text.
struct ElementPlace {
  std::string_view name = {};                     ///< After the `<`.
  std::vector<std::string_view> attributes = {};  ///< Their names.
  const char* insideBegin = nullptr;              ///< Of the content between the tags.
  const char* insideEnd = nullptr;
  std::size_t next = 0;  ///< The index of the first place that is not inside this one.
};

/// In the order in which they begin: an element, its content, what follows it.
using Places = std::vector<ElementPlace>;

}  // namespace ivr::twiml
