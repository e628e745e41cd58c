#include "state/state_table.hpp"

#include "ivr/core/error.hpp"

#include <iterator>
#include <utility>

namespace ivr {

using detail::StateEntry;

bool StateTable::add(StateEntry entry) {
  if (byObject_.contains(entry.state.get())) return false;
  const auto& kept = *entries_.emplace_back(std::make_unique<const StateEntry>(std::move(entry)));
  byObject_.emplace(kept.state.get(), &kept);
  byType_.emplace(kept.type, &kept);
  return true;
}

const StateEntry& StateTable::find(const Next& next, const std::string& from) const {
  if (next.isNowhere()) {
    throw Error{ErrorKind::usage, from + " has no next state: its transitionOut gave none"};
  }
  if (next.object() != nullptr) {
    const auto found = byObject_.find(next.object());
    if (found != byObject_.end()) return *found->second;
    throw Error{ErrorKind::usage, from + " goes to " + next.name() +
                                      ", an object that was not added to this application"};
  }
  const auto [first, last] = byType_.equal_range(next.type());
  if (first == last) {
    throw Error{ErrorKind::usage,
                from + " goes to " + next.name() + ", which was not added to this application"};
  }
  if (std::next(first) != last) {
    throw Error{ErrorKind::usage, from + " goes to " + next.name() +
                                      ", of which there are several: say which with to(state)"};
  }
  return *first->second;
}

std::vector<std::string_view> StateTable::missing() const {
  std::vector<std::string_view> names;
  for (const auto* target = detail::Target::first; target != nullptr; target = target->next) {
    if (!byType_.contains(target->type)) names.push_back(target->name);
  }
  return names;
}

}  // namespace ivr
