#pragma once
// What the provider demands of the fields of a request. The client checks before it asks, and the
// phone before it answers.

#include "ivr/http/form.hpp"
#include "rest/fields.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <tuple>

namespace ivr::rest {

/// A field that breaks a rule.
struct Violation {
  std::string sentence = {};  ///< What is wrong, for the application; quotes no value.
  std::string says = {};      ///< What the provider says instead, if that is known.
  int code = 0;
};

/// The first rule that a form breaks. Fields that are not of the request may be in it.
[[nodiscard]] std::optional<Violation> violationIn(const Form& form,
                                                   std::span<const FieldFacts> fields,
                                                   std::span<const Rule> rules);

/// The facts about the fields of a request.
template <class Request>
inline constexpr auto kFacts = std::apply(
    [](const auto&... fields) {
      return std::array<FieldFacts, sizeof...(fields)>{static_cast<const FieldFacts&>(fields)...};
    },
    Fields<Request>::all);

template <class Request>
[[nodiscard]] std::optional<Violation> violationIn(const Form& form) {
  return violationIn(form, kFacts<Request>, Fields<Request>::rules);
}

}  // namespace ivr::rest
