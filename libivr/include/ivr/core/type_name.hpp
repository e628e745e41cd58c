#pragma once
// Types as values: told apart by an address, and named for messages and stores.

#include <string_view>

namespace ivr::detail {

/// Identifies a type by the address of its own tag: works for a type that is only declared.
template <class T>
struct TypeTag {
  static constexpr char tag = 0;

  /// The name of the type with its namespaces, cut out of the compiler's own text.
  static constexpr std::string_view name() noexcept {
    std::string_view text =
        __PRETTY_FUNCTION__;  // "... [with T = Hours; ...]" or "... [T = Hours]"
    text.remove_prefix(text.find("T = ") + 4);
    return text.substr(0, text.find_first_of(";]"));
  }
};

}  // namespace ivr::detail
