#include "core/spelling.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace ivr {

namespace {

constexpr std::size_t kMaxName = 100;

/// How many letters must be inserted, removed, changed or swapped with their neighbour
/// (Levenshtein, and Damerau's swap), ignoring case. Of names of `kMaxName` letters at most.
std::size_t distance(std::string_view left, std::string_view right) {
  using Row = std::array<std::size_t, kMaxName + 1>;
  std::array<Row, 3> rows;  // the last ones suffice
  std::iota(rows[0].begin(), rows[0].begin() + static_cast<std::ptrdiff_t>(right.size()) + 1, 0U);
  const auto isSame = [](char a, char b) { return lowerCase(a) == lowerCase(b); };
  for (std::size_t i = 1; i <= left.size(); ++i) {
    const Row& before = rows[(i - 1) % 3];
    Row& row = rows[i % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t changed = before[j - 1] + (isSame(left[i - 1], right[j - 1]) ? 0 : 1);
      row[j] = std::min({changed, before[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && isSame(left[i - 1], right[j - 2]) &&
          isSame(left[i - 2], right[j - 1])) {
        row[j] = std::min(row[j], rows[(i - 2) % 3][j - 2] + 1);
      }
    }
  }
  return rows[left.size() % 3][right.size()];
}

/// A lower bound of the distance.
std::size_t difference(std::size_t left, std::size_t right) {
  return left < right ? right - left : left - right;
}

}  // namespace

std::string_view nearestOf(std::string_view name, std::span<const std::string_view> known,
                           std::size_t maxSteps) {
  if (name.size() > kMaxName) return {};
  std::string_view nearest;
  std::size_t least = maxSteps + 1;
  for (const std::string_view candidate : known) {
    if (candidate.empty() || candidate.size() > kMaxName) continue;
    const std::size_t leastSteps = difference(name.size(), candidate.size());
    if (leastSteps >= least || leastSteps * 2 >= candidate.size()) continue;
    const std::size_t steps = distance(name, candidate);
    if (steps < least && steps * 2 < candidate.size() + (steps == 0 ? 1 : 0)) {
      nearest = candidate;
      least = steps;
    }
  }
  return nearest;
}

}  // namespace ivr
