#include "ivr/flow/draw.hpp"

#include "core/child_process.hpp"
#include "core/drawing.hpp"

namespace ivr::flow {

namespace {

using Index = Definition::Index;

constexpr std::string_view kCurrentColour = "#ffe08a";
constexpr std::size_t kMaxPicture = 64 << 20;

/// An arrow with the lines that it stands for.
struct Arrow {
  Index to = Definition::kNone;
  std::string label = {};
};

/// `called (1) [agents free, unless full]`: its place among the lines of the event, if there are
/// several, and what its guards are called.
std::string labelOf(const Definition& flow, const Definition::Line& line, std::size_t place,
                    std::size_t places) {
  std::string label{flow.events()[line.event].name.text()};
  if (places > 1) label += " (" + std::to_string(place) + ')';
  std::string guards;
  for (const Index index : line.guards) {
    const Definition::Guard& guard = flow.guards()[index];
    if (guard.label.empty()) continue;
    guards +=
        (guards.empty() ? "" : ", ") + std::string{guard.isUnless ? "unless " : ""} + guard.label;
  }
  if (!guards.empty()) label += " [" + guards + ']';
  return label;
}

/// What leads from one state to each other one, in the order of the first line.
class Arrows {
 public:
  explicit Arrows(const Definition& flow)
      : flow_(flow), events_(flow.events().size()), arrowTo_(flow.states().size()) {}

  std::vector<Arrow> of(Index state) {
    const auto& lines = flow_.states()[state].lines;
    for (const Index line : lines) ++events_[flow_.lines()[line].event].places;
    std::vector<Arrow> arrows;
    for (const Index index : lines) {
      const Definition::Line& line = flow_.lines()[index];
      Count& count = events_[line.event];
      ++count.place;
      if (line.to == Definition::kNone) continue;
      std::size_t& arrow = arrowTo_[line.to];  // 0 for none, else one more than its index
      if (arrow == 0) {
        arrows.push_back({.to = line.to});
        arrow = arrows.size();
      }
      std::string& label = arrows[arrow - 1].label;
      if (!label.empty()) label += '\n';
      label += labelOf(flow_, line, count.place, count.places);
    }
    for (const Index line : lines) events_[flow_.lines()[line].event] = {};
    for (const Arrow& arrow : arrows) arrowTo_[arrow.to] = 0;
    return arrows;
  }

 private:
  struct Count {
    std::size_t place = 0;
    std::size_t places = 0;
  };

  const Definition& flow_;
  std::vector<Count> events_;
  std::vector<std::size_t> arrowTo_;
};

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
