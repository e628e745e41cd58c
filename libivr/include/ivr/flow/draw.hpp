#pragma once
// Pictures of a flow: states as boxes, events as arrows.
//
// Threads: pure functions.

#include "ivr/flow/definition.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ivr::flow {

struct DrawOptions {
  std::string name = "flow";
  std::string font = "sans-serif";
  /// Of a model: the state in which a call is now, which is filled. Empty for none.
  std::string current = {};
};

/// For Graphviz: `dot -Tsvg`. Takes time linear in the size of the flow.
[[nodiscard]] std::string dot(const Definition& flow, const DrawOptions& options = {});

/// For Mermaid, which GitHub shows.
[[nodiscard]] std::string mermaid(const Definition& flow, const DrawOptions& options = {});

/// Drawn by Graphviz's `dot`; nothing if that is not installed, fails or takes longer than `limit`.
/// Blocks as long.
[[nodiscard]] std::optional<std::string> svg(const Definition& flow,
                                             const DrawOptions& options = {},
                                             std::chrono::milliseconds limit = std::chrono::seconds{
                                                 20});

}  // namespace ivr::flow
