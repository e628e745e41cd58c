#pragma once
// Where a call goes: the answer of a transition.

#include "ivr/core/type_name.hpp"

#include <string>
#include <string_view>

namespace ivr {

class State;

/// The state that a call goes to next. A value, made by `to`; a default one leads nowhere, which is
/// an error.
///
/// It says where to go, not that the place exists: a state that was not added to the application is
/// reported when the transition is made, by an error that names both states.
class Next {
 public:
  Next() = default;

  /// What identifies the target: a type, one object, or neither (nowhere).
  [[nodiscard]] const void* type() const noexcept { return type_; }
  [[nodiscard]] const State* state() const noexcept { return state_; }
  [[nodiscard]] std::string_view typeName() const noexcept { return typeName_; }

 private:
  template <class S>
  friend Next to() noexcept;
  friend Next to(const State& state) noexcept;

  const void* type_ = nullptr;
  const State* state_ = nullptr;
  std::string_view typeName_;
};

/// To the one state of class `S`. `S` need only be declared, so menus may refer to each other in a
/// circle.
template <class S>
[[nodiscard]] Next to() noexcept {
  Next next;
  next.type_ = &detail::TypeTag<S>::tag;
  next.typeName_ = detail::TypeTag<S>::name();
  return next;
}

/// To this very object, where a class has several. It is not owned: it must have been added, or at
/// least live until the transition is made.
[[nodiscard]] inline Next to(const State& state) noexcept {
  Next next;
  next.state_ = &state;
  return next;
}

}  // namespace ivr
