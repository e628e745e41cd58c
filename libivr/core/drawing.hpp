#pragma once
// Texts in drawings.

#include <string>
#include <string_view>

namespace ivr {

/// For a quoted label of Graphviz: a line break in it is one there.
[[nodiscard]] std::string quotedForDot(std::string_view text);

/// For a quoted label of Mermaid: a line break in it is one there.
[[nodiscard]] std::string quotedForMermaid(std::string_view text);

}  // namespace ivr
