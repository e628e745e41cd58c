#include "ivr/flow/draw.hpp"

#include "core/child_process.hpp"
#include "core/drawing.hpp"
#include "flow/arrows.hpp"

namespace ivr::flow {

namespace {

using Index = Definition::Index;

constexpr std::string_view kCurrentColour = "#ffe08a";
constexpr std::size_t kMaxPicture = 64 << 20;

/// What begins the flow.
std::string beginningOf(const Definition& flow) {
  return flow.beginsWith() == nullptr ? "" : std::string{flow.beginsWith()->name.text()};
}

std::string boxName(Index state) { return 'n' + std::to_string(state + 1); }

}  // namespace

std::string dot(const Definition& flow, const DrawOptions& options) {
  const std::string font = quotedForDot(options.font);
  std::string text = "digraph \"" + quotedForDot(options.name) +
                     "\" {\n  node [shape=box, fontname=\"" + font + "\"];\n  edge [fontname=\"" +
                     font + "\"];\n" +
                     "  n0 [label=\"the call begins\", shape=circle];\n  n0 -> n1 [label=\"" +
                     beginningOf(flow) + "\"];\n";
  const auto* const current = flow.stateNamed(options.current);
  Arrows arrows{flow};
  for (Index index = 0; index < flow.states().size(); ++index) {
    const Definition::StateEntry& state = flow.states()[index];
    const std::string box = boxName(index);
    std::string style = state.isEnd ? "rounded" : "";
    if (&state == current) style += style.empty() ? "filled" : ",filled";
    text += "  " + box + " [label=\"" + std::string{state.name.text()} + '"';
    if (!style.empty()) text += ", style=\"" + style + '"';
    if (&state == current) text += ", fillcolor=\"" + std::string{kCurrentColour} + '"';
    text += "];\n";
    for (const Arrow& arrow : arrows.of(index)) {
      text += "  " + box + " -> " + boxName(arrow.to) + " [label=\"" + quotedForDot(arrow.label) +
              "\"];\n";
    }
  }
  return text + "}\n";
}

std::string mermaid(const Definition& flow, const DrawOptions& options) {
  const std::string beginning = beginningOf(flow);
  std::string text = "flowchart TD\n  n0([\"the call begins\"])\n  n0 -->" +
                     (beginning.empty() ? "" : "|\"" + beginning + "\"|") + " n1\n";
  const auto* const current = flow.stateNamed(options.current);
  Arrows arrows{flow};
  for (Index index = 0; index < flow.states().size(); ++index) {
    const Definition::StateEntry& state = flow.states()[index];
    const std::string box = boxName(index);
    text += "  " + box + (state.isEnd ? "([\"" : "[\"") + std::string{state.name.text()} +
            (state.isEnd ? "\"])\n" : "\"]\n");
    for (const Arrow& arrow : arrows.of(index)) {
      text += "  " + box + " -->|\"" + quotedForMermaid(arrow.label) + "\"| " + boxName(arrow.to) +
              '\n';
    }
    if (&state == current) text += "  style " + box + " fill:" + std::string{kCurrentColour} + '\n';
  }
  return text;
}

std::optional<std::string> svg(const Definition& flow, const DrawOptions& options,
                               std::chrono::milliseconds limit) {
  auto picture = outputOf({"dot", "-Tsvg"}, dot(flow, options), limit, kMaxPicture);
  if (picture && picture->find("</svg>") == std::string::npos) return std::nullopt;
  return picture;
}

}  // namespace ivr::flow
