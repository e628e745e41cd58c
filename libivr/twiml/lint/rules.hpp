#pragma once
// The rules of the library, a table for each theme.

#include "ivr/twiml/rule.hpp"

#include <span>

namespace ivr::twiml {

[[nodiscard]] std::span<const Rule> readingRules();  ///< Found by `schemaFindings`.
[[nodiscard]] std::span<const Rule> addressRules();
[[nodiscard]] std::span<const Rule> flowRules();
[[nodiscard]] std::span<const Rule> useRules();
[[nodiscard]] std::span<const Rule> speechRules();
[[nodiscard]] std::span<const Rule> gatherRules();
[[nodiscard]] std::span<const Rule> promptRules();
[[nodiscard]] std::span<const Rule> dialRules();
[[nodiscard]] std::span<const Rule> callbackRules();
[[nodiscard]] std::span<const Rule> connectRules();
[[nodiscard]] std::span<const Rule> payRules();

}  // namespace ivr::twiml
