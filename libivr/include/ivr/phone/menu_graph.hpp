#pragma once
// What a crawl has found: the questions of a line, where each answer leads, and what is wrong.
//
// Threads: values, and pure functions.

#include "ivr/phone/script.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::phone {

/// An act that is done once or several times in a row. A value.
struct MenuStep {
  Act act = {};
  int times = 1;

  bool operator==(const MenuStep&) const = default;
};
using MenuPath = std::vector<MenuStep>;

/// `press 1, silence (2 times), say "Salami"`; `the beginning` for an empty path.
[[nodiscard]] std::string describe(const MenuPath& path);

/// A place in a call at which somebody decides, or at which the call ends. A value.
struct MenuNode {
  enum class Kind {
    start,
    question,  ///< A Gather.
    recording,
    dialling,  ///< Another telephone rings.
    talking,   ///< It was answered.
    queue,
    conference,
    ended,    ///< By the application.
    endless,  ///< Documents follow each other, and nothing is asked.
  };

  std::string id = {};  ///< `Q1`, `E3` ...
  Kind kind = Kind::start;
  std::string address = {};   ///< Where its document comes from; `*` stands for what is generated.
  std::string document = {};  ///< The same.
  std::string detail = {};    ///< The queue, conference or number; the status of a call that ended.
  std::vector<std::string> heard = {};   ///< On the way to it, when it was found.
  std::vector<std::string> states = {};  ///< The states of the application that were heard then.
  MenuPath path = {};                    ///< A way to it.
  bool isTried = true;                   ///< Whether all that can be done there was.
};
[[nodiscard]] std::string_view textOf(MenuNode::Kind kind) noexcept;

/// Where an answer leads. A value.
struct MenuEdge {
  std::size_t from = 0;  ///< Of `MenuGraph::nodes`.
  std::size_t to = 0;
  MenuStep step = {};
};

/// Something wrong, found once or more often. A value.
struct MenuFinding {
  /// `dead-end`, `loop`, `silent-loop`, `silence`, `missing-audio`, `lint`, `http`, `error`,
  /// `warning`, `unreached`, `differs`.
  std::string kind = {};
  std::string code = {};     ///< The provider's; for `lint`, the rule.
  std::string address = {};  ///< Where, if it is known.
  std::string message = {};
  MenuPath path = {};  ///< How to get there.
  bool hasPath = true;
  std::size_t count = 1;
};
/// The kinds of findings.
[[nodiscard]] const std::vector<std::string_view>& findingKinds();
/// `http: /choice: answers 404; after press 1, and 3 times more`.
[[nodiscard]] std::string describe(const MenuFinding& finding);

/// The result of a crawl. A value.
struct MenuGraph {
  std::vector<MenuNode> nodes = {};  ///< In the order in which they were found; the start first.
  std::vector<MenuEdge> edges = {};
  std::vector<MenuFinding> findings = {};
  std::vector<std::string> bounds = {};     ///< A sentence for each bound that was hit.
  std::vector<std::string> notPlayed = {};  ///< What the provider would have done more.

  std::size_t calls = 0;
  std::size_t webhooks = 0;
  std::size_t answers = 0;  ///< Webhooks that were answered, whatever the status.
  std::size_t documents = 0;
  bool tellsStates = false;  ///< Whether the application told its states.
  std::size_t states = 0;    ///< How many it told.

  /// How many nodes are of a kind.
  [[nodiscard]] std::size_t count(MenuNode::Kind kind) const noexcept;
};

/// The menu, for a terminal.
[[nodiscard]] std::string textOf(const MenuGraph& graph);
/// For Graphviz: `dot -Tsvg`.
[[nodiscard]] std::string dotOf(const MenuGraph& graph);
/// For Mermaid, which GitHub shows.
[[nodiscard]] std::string mermaidOf(const MenuGraph& graph);

}  // namespace ivr::phone
