#include "ivr/phone/menu_graph.hpp"

#include "core/drawing.hpp"
#include "ivr/core/log.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace ivr::phone {

namespace {

constexpr std::size_t kShownWords = 60;  ///< Of what is heard, in a box of a drawing.
constexpr std::size_t kShownLine = 200;  ///< On a line of text.

/// `0-9 * #` of single keys; everything else as it is described.
class Labels {
 public:
  void add(const MenuStep& step) {
    const bool isKey = step.act.kind == Act::Kind::press && step.act.text.size() == 1 &&
                       kKeys.find(step.act.text) != std::string_view::npos;
    if (isKey && step.times == 1) {
      keys_[kKeys.find(step.act.text)] = true;
    } else if (step.act.kind == Act::Kind::press) {
      others_.push_back(step.act.text + timesOf(step));
    } else {
      others_.push_back(describe(step.act) + timesOf(step));
    }
  }

  [[nodiscard]] std::string text() const {
    std::string all;
    const auto append = [&](std::string_view part) {
      all.append(all.empty() ? "" : " ").append(part);
    };
    constexpr std::size_t kDigits = 10;
    for (std::size_t first = 0; first < kKeys.size(); ++first) {
      if (!keys_[first]) continue;
      std::size_t last = first;
      while (first < kDigits && last + 1 < kDigits && keys_[last + 1]) ++last;
      std::string part{kKeys.substr(first, 1)};
      if (last > first)
        part += (last == first + 1 ? " " : "-") + std::string{kKeys.substr(last, 1)};
      append(part);
      first = last;
    }
    for (const std::string& other : others_) all.append(all.empty() ? "" : ", ").append(other);
    return all;
  }

 private:
  static constexpr std::string_view kKeys = "0123456789*#";

  static std::string timesOf(const MenuStep& step) {
    return step.times == 1 ? "" : " (" + std::to_string(step.times) + " times)";
  }

  std::array<bool, kKeys.size()> keys_{};
  std::vector<std::string> others_;
};

/// The edges of each node, those to the same one together, in the order of the first of each.
std::vector<std::vector<std::pair<std::size_t, Labels>>> arrowsOf(const MenuGraph& graph) {
  std::vector<std::vector<std::pair<std::size_t, Labels>>> arrows(graph.nodes.size());
  for (const MenuEdge& edge : graph.edges) {
    auto& from = arrows[edge.from];
    auto to = std::ranges::find(from, edge.to, &std::pair<std::size_t, Labels>::first);
    if (to == from.end()) to = from.insert(to, {edge.to, {}});
    if (edge.from != 0) to->second.add(edge.step);  // to begin, nothing is done
  }
  return arrows;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string all;
  for (const std::string& part : parts) all.append(all.empty() ? "" : between).append(part);
  return all;
}

/// What a node is, in a few words.
std::string titleOf(const MenuNode& node) {
  std::string title{textOf(node.kind)};
  if (!node.detail.empty()) title += ' ' + node.detail;
  return title;
}

/// What is in the box of a node: lines.
std::vector<std::string> boxOf(const MenuNode& node) {
  if (node.kind == MenuNode::Kind::start) return {titleOf(node)};
  std::vector<std::string> lines{node.id + ": " + titleOf(node)};
  if (!node.states.empty()) lines.push_back(joined(node.states, ", "));
  if (!node.address.empty()) lines.push_back(oneLine(node.address, kShownWords));
  if (!node.heard.empty()) {
    lines.push_back('"' + oneLine(joined(node.heard, " / "), kShownWords) + '"');
  }
  if (!node.isTried) lines.emplace_back("(not tried: a bound)");
  return lines;
}

bool isEnd(MenuNode::Kind kind) {
  return kind == MenuNode::Kind::ended || kind == MenuNode::Kind::endless;
}

std::string counted(std::size_t count, std::string_view one, std::string_view several) {
  return std::to_string(count) + ' ' + std::string{count == 1 ? one : several};
}

}  // namespace

std::string describe(const MenuPath& path) {
  if (path.empty()) return "the beginning";
  std::string text;
  for (const MenuStep& step : path) {
    text += (text.empty() ? "" : ", ") + describe(step.act);
    if (step.times != 1) text += " (" + std::to_string(step.times) + " times)";
  }
  return text;
}

std::string_view textOf(MenuNode::Kind kind) noexcept {
  switch (kind) {
    case MenuNode::Kind::start: return "the call begins";
    case MenuNode::Kind::question: return "question";
    case MenuNode::Kind::recording: return "recording";
    case MenuNode::Kind::dialling: return "dials";
    case MenuNode::Kind::talking: return "talks to";
    case MenuNode::Kind::queue: return "waits in queue";
    case MenuNode::Kind::conference: return "in conference";
    case MenuNode::Kind::ended: return "ends";
    case MenuNode::Kind::endless: return "never asks again";
  }
  return "";
}

const std::vector<std::string_view>& findingKinds() {
  static const std::vector<std::string_view> kinds{
      "dead-end", "loop",  "silent-loop", "silence",   "missing-audio", "lint",
      "http",     "error", "warning",     "unreached", "differs"};
  return kinds;
}

std::string describe(const MenuFinding& finding) {
  std::string text = finding.kind;
  if (!finding.code.empty()) text += '[' + finding.code + ']';
  text += ": ";
  if (!finding.address.empty()) text += oneLine(finding.address, kShownLine) + ": ";
  text += oneLine(finding.message, 2 * kShownLine);
  if (finding.hasPath) text += "; after " + oneLine(describe(finding.path), kShownLine);
  if (finding.count > 1) text += ", and " + counted(finding.count - 1, "time", "times") + " more";
  return text;
}

std::size_t MenuGraph::count(MenuNode::Kind kind) const noexcept {
  return static_cast<std::size_t>(std::ranges::count(nodes, kind, &MenuNode::kind));
}

std::string textOf(const MenuGraph& graph) {
  const auto arrows = arrowsOf(graph);
  std::string text;
  for (std::size_t at = 0; at < graph.nodes.size(); ++at) {
    const MenuNode& node = graph.nodes[at];
    if (isEnd(node.kind)) continue;
    if (node.kind == MenuNode::Kind::start) {
      text += titleOf(node) + '\n';
    } else {
      text += '\n' + node.id + ' ' + titleOf(node);
      if (!node.address.empty()) text += ' ' + oneLine(node.address, kShownLine);
      if (!node.states.empty()) text += " (" + oneLine(joined(node.states, ", ")) + ')';
      text += '\n';
      for (const std::string& heard : node.heard)
        text += "  \"" + oneLine(heard, kShownLine) + "\"\n";
      if (!node.isTried) text += "  not tried, because a bound was hit\n";
    }
    for (const auto& [to, labels] : arrows[at]) {
      const MenuNode& target = graph.nodes[to];
      std::string label = oneLine(labels.text(), kShownLine);
      constexpr std::size_t kColumn = 16;
      if (at != 0 && label.size() < kColumn) label.resize(kColumn, ' ');
      text += "  " + label + (at == 0 ? "-> " : " -> ");
      if (!isEnd(target.kind)) {
        text += target.id + '\n';
        continue;
      }
      text += titleOf(target);
      if (!target.states.empty()) text += " (" + oneLine(joined(target.states, ", ")) + ')';
      if (!target.heard.empty()) {
        text += ": \"" + oneLine(joined(target.heard, "\", \""), kShownLine) + '"';
      }
      text += '\n';
    }
  }
  text += '\n' + counted(graph.count(MenuNode::Kind::question), "question", "questions") + ", " +
          counted(graph.calls, "call", "calls") + ", " +
          counted(graph.webhooks, "webhook", "webhooks");
  if (graph.tellsStates) text += ", " + counted(graph.states, "state", "states");
  text += '\n';
  return text;
}

std::string dotOf(const MenuGraph& graph) {
  std::string text =
      "digraph menu {\n  node [shape=box, fontname=\"sans-serif\"];\n"
      "  edge [fontname=\"sans-serif\"];\n";
  const auto arrows = arrowsOf(graph);
  for (std::size_t at = 0; at < graph.nodes.size(); ++at) {
    const MenuNode& node = graph.nodes[at];
    std::string label;
    for (const std::string& line : boxOf(node)) {
      label += quotedForDot(line) + "\\n";
    }
    text += "  n" + std::to_string(at) + " [label=\"" + label + '"';
    if (isEnd(node.kind)) text += ", style=rounded";
    if (node.kind == MenuNode::Kind::start) text += ", shape=circle";
    text += "];\n";
    for (const auto& [to, labels] : arrows[at]) {
      text += "  n" + std::to_string(at) + " -> n" + std::to_string(to) + " [label=\"" +
              quotedForDot(oneLine(labels.text(), kShownLine)) + "\"];\n";
    }
  }
  return text + "}\n";
}

std::string mermaidOf(const MenuGraph& graph) {
  std::string text = "flowchart TD\n";
  const auto arrows = arrowsOf(graph);
  for (std::size_t at = 0; at < graph.nodes.size(); ++at) {
    const MenuNode& node = graph.nodes[at];
    std::string label;
    for (const std::string& line : boxOf(node)) {
      label += (label.empty() ? "" : "<br/>") + quotedForMermaid(line);
    }
    const bool isRound = isEnd(node.kind) || node.kind == MenuNode::Kind::start;
    text += "  n" + std::to_string(at) + (isRound ? "([\"" : "[\"") + label +
            (isRound ? "\"])\n" : "\"]\n");
    for (const auto& [to, labels] : arrows[at]) {
      const std::string words = quotedForMermaid(oneLine(labels.text(), kShownLine));
      text += "  n" + std::to_string(at) + " -->" + (words.empty() ? "" : "|\"" + words + "\"|") +
              " n" + std::to_string(to) + '\n';
    }
  }
  return text;
}

}  // namespace ivr::phone
