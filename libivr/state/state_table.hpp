#pragma once
// The states of an application, and where a `Next` leads among them.

#include "ivr/state/state.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ivr {

/// Owns the states, in the order in which they were added. Threads: once filled, any.
class StateTable {
 public:
  /// Adds a state. False if this object is there already.
  bool add(detail::StateEntry entry);

  /// The state to which `next` leads. Throws `Error{usage}`, naming it and `from`, where the call
  /// comes from, if it leads nowhere, to a state that was not added, or to a class of which there
  /// are several.
  [[nodiscard]] const detail::StateEntry& find(const Next& next, const std::string& from) const;

  /// The classes that `to<S>()` is written for in this program and that were not added here.
  [[nodiscard]] std::vector<std::string_view> missing() const;

  [[nodiscard]] auto begin() const noexcept { return entries_.begin(); }
  [[nodiscard]] auto end() const noexcept { return entries_.end(); }

 private:
  std::vector<std::unique_ptr<const detail::StateEntry>> entries_;
  std::unordered_map<const void*, const detail::StateEntry*> byObject_;
  std::unordered_multimap<const void*, const detail::StateEntry*> byType_;
};

}  // namespace ivr
