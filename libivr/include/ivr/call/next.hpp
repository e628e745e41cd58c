#pragma once
// Where a call goes: the result of a transition.

#include "ivr/core/type_name.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace ivr {

namespace detail {

/// A class that `to<S>()` is written for somewhere in the program. All of them form a list, which
/// is made before `main` begins and never changes after that.
struct Target {
  Target(const void* of, std::string_view called) noexcept
      : type(of), name(called), next(std::exchange(first, this)) {}

  const void* type;
  std::string_view name;
  const Target* next;

  static inline constinit const Target* first = nullptr;
};

template <class S>
struct TargetOf {
  static inline const Target target{&TypeTag<S>::tag, TypeTag<S>::name()};
};

}  // namespace detail

/// Where a call goes next: a state. A value, made by `to`; a default one leads nowhere, which is an
/// error.
///
/// It says where to go, not that the place exists: a state that was not added to the application is
/// reported when the transition is made, by an error that names both states.
class Next {
 public:
  Next() = default;

  /// For the library: means one particular object, which is not owned.
  Next(const void* object, std::string (*nameOf)(const void*)) noexcept
      : object_(object), nameOf_(nameOf) {}

  /// What identifies the target: a type, one object, or neither (nowhere).
  [[nodiscard]] const void* type() const noexcept { return type_; }
  [[nodiscard]] const void* object() const noexcept { return object_; }
  [[nodiscard]] bool isNowhere() const noexcept { return type_ == nullptr && object_ == nullptr; }

  /// How messages name it.
  [[nodiscard]] std::string name() const {
    return object_ != nullptr ? nameOf_(object_) : std::string{typeName_};
  }

 private:
  template <class S>
  friend Next to() noexcept;

  const void* type_ = nullptr;
  std::string_view typeName_;
  const void* object_ = nullptr;
  std::string (*nameOf_)(const void*) = nullptr;
};

/// To the one state of class `S`. `S` need only be declared, so menus may refer to each other in a
/// circle.
template <class S>
[[nodiscard]] Next to() noexcept {
  Next next;
  (void)&detail::TargetOf<S>::target;  // lists it; a global `Next` may be made before that is done
  next.type_ = &detail::TypeTag<S>::tag;
  next.typeName_ = detail::TypeTag<S>::name();
  return next;
}

}  // namespace ivr
