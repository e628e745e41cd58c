#pragma once
// What leads from one state of a flow to another, in words: for pictures.

#include "ivr/flow/definition.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace ivr::flow {

/// An arrow with the lines that it stands for.
struct Arrow {
  Definition::Index to = Definition::kNone;
  std::string label = {};  ///< A line of text for each: `called (1) [agents free, unless full]`.
};

/// The arrows of one state after another, in time linear in the size of the flow. The flow must
/// outlive it.
class Arrows {
 public:
  explicit Arrows(const Definition& flow)
      : flow_(flow), events_(flow.events().size()), arrowTo_(flow.states().size()) {}

  /// What leads from `state` to each other one, in the order of the first line.
  [[nodiscard]] std::vector<Arrow> of(Definition::Index state);

 private:
  struct Count {
    std::size_t place = 0;
    std::size_t places = 0;
  };

  const Definition& flow_;
  std::vector<Count> events_;
  std::vector<std::size_t> arrowTo_;  ///< 0 for none, else one more than its index.
};

}  // namespace ivr::flow
