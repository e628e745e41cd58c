#include "core/spelling.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace ivr {

namespace {

constexpr std::size_t kMaxName = 100;

/// How many letters must be inserted, removed or changed (Levenshtein), ignoring case.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t changed = diagonal + (lowerCase(left[i]) == lowerCase(right[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearestOf(std::string_view name, std::span<const std::string_view> known,
                           std::size_t maxSteps) {
  if (name.size() > kMaxName) return {};
  std::string_view nearest;
  std::size_t least = maxSteps + 1;
  for (const std::string_view candidate : known) {
    if (candidate.empty() || candidate.size() > kMaxName) continue;
    const std::size_t steps = distance(name, candidate);
    if (steps < least && steps * 2 < candidate.size() + (steps == 0 ? 1 : 0)) {
      nearest = candidate;
      least = steps;
    }
  }
  return nearest;
}

}  // namespace ivr
