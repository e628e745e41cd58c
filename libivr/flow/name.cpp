#include "ivr/flow/name.hpp"

#include "ivr/core/error.hpp"
#include "ivr/flow/transition.hpp"

#include <array>
#include <string>
#include <utility>

namespace ivr::flow {

namespace {

constexpr std::array<std::pair<std::string_view, Outcome>, 4> kOutcomes{
    {{"changed", Outcome::changed},
     {"same", Outcome::same},
     {"refused", Outcome::refused},
     {"halted", Outcome::halted}}};

}  // namespace

void detail::refuseName(std::string_view text) {
  throw Error{ErrorKind::usage, "\"" + std::string{text.substr(0, 2 * kMaxName)} +
                                    "\" cannot name anything in a flow: a name is 1 to 64 of a-z, "
                                    "0-9 and _"};
}

std::string_view textOf(Outcome outcome) noexcept {
  for (const auto& [text, of] : kOutcomes) {
    if (of == outcome) return text;
  }
  return "";
}

std::optional<Outcome> outcomeFrom(std::string_view text) noexcept {
  for (const auto& [word, outcome] : kOutcomes) {
    if (word == text) return outcome;
  }
  return std::nullopt;
}

std::string_view textOf(When when) noexcept {
  switch (when) {
    case When::always: return "always";
    case When::success: return "success";
    case When::failure: return "failure";
    case When::refused: return "refused";
    case When::halted: return "halted";
  }
  return "";
}

}  // namespace ivr::flow
