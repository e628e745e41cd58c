#include "flow/arrows.hpp"

namespace ivr::flow {

namespace {

/// `called (1) [agents free, unless full]`: its place among the lines of the event, if there are
/// several, and what its guards are called.
std::string labelOf(const Definition& flow, const Definition::Line& line, std::size_t place,
                    std::size_t places) {
  std::string label{flow.events()[line.event].name.text()};
  if (places > 1) label += " (" + std::to_string(place) + ')';
  std::string guards;
  for (const Definition::Index index : line.guards) {
    const Definition::Guard& guard = flow.guards()[index];
    if (guard.label.empty()) continue;
    guards +=
        (guards.empty() ? "" : ", ") + std::string{guard.isUnless ? "unless " : ""} + guard.label;
  }
  if (!guards.empty()) label += " [" + guards + ']';
  return label;
}

}  // namespace

std::vector<Arrow> Arrows::of(Definition::Index state) {
  const auto& lines = flow_.states()[state].lines;
  for (const Definition::Index line : lines) ++events_[flow_.lines()[line].event].places;
  std::vector<Arrow> arrows;
  for (const Definition::Index index : lines) {
    const Definition::Line& line = flow_.lines()[index];
    Count& count = events_[line.event];
    ++count.place;
    if (line.to == Definition::kNone) continue;
    std::size_t& arrow = arrowTo_[line.to];
    if (arrow == 0) {
      arrows.push_back({.to = line.to});
      arrow = arrows.size();
    }
    std::string& label = arrows[arrow - 1].label;
    if (!label.empty()) label += '\n';
    label += labelOf(flow_, line, count.place, count.places);
  }
  for (const Definition::Index line : lines) events_[flow_.lines()[line].event] = {};
  for (const Arrow& arrow : arrows) arrowTo_[arrow.to] = 0;
  return arrows;
}

}  // namespace ivr::flow
