#include "core/spelling.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <numeric>

namespace ivr {

namespace {

constexpr std::size_t kMaxName = 100;

/// How many letters must be inserted, removed, changed or swapped with their neighbour
/// (Levenshtein, and Damerau's swap), ignoring case. Of names of `kMaxName` letters at most.
std::size_t distance(std::string_view left, std::string_view right) {
  using Row = std::array<std::size_t, kMaxName + 1>;
  // NOLINTBEGIN(cppcoreguidelines-pro-type-member-init): filled below, as far as they are read
  std::array<Row, 3> rows;  // the last ones suffice
  std::array<char, kMaxName> lefts;
  std::array<char, kMaxName> rights;
  // NOLINTEND(cppcoreguidelines-pro-type-member-init)
  const auto lower = [](char letter) { return lowerCase(letter); };
  std::ranges::transform(left, lefts.begin(), lower);
  std::ranges::transform(right, rights.begin(), lower);
  std::iota(rows[0].begin(), rows[0].begin() + static_cast<std::ptrdiff_t>(right.size()) + 1, 0U);
  for (std::size_t i = 1; i <= left.size(); ++i) {
    const Row& before = rows[(i - 1) % 3];
    Row& row = rows[i % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t changed = before[j - 1] + (lefts[i - 1] == rights[j - 1] ? 0 : 1);
      row[j] = std::min({changed, before[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && lefts[i - 1] == rights[j - 2] && lefts[i - 2] == rights[j - 1]) {
        row[j] = std::min(row[j], rows[(i - 2) % 3][j - 2] + 1);
      }
    }
  }
  return rows[left.size() % 3][right.size()];
}

/// A bit for each letter in a text, ignoring case; some letters share one.
std::uint32_t lettersIn(std::string_view text) {
  std::uint32_t letters = 0;
  for (const char letter : text) {
    letters |= std::uint32_t{1} << (static_cast<unsigned char>(lowerCase(letter)) % 32U);
  }
  return letters;
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
  const std::uint32_t letters = lettersIn(name);
  for (const std::string_view candidate : known) {
    if (candidate.empty() || candidate.size() > kMaxName) continue;
    const std::size_t leastSteps = difference(name.size(), candidate.size());
    if (leastSteps >= least || leastSteps * 2 >= candidate.size()) continue;
    // A step changes two bits at most.
    if (std::popcount(letters ^ lettersIn(candidate)) > static_cast<int>(2 * maxSteps)) continue;
    const std::size_t steps = distance(name, candidate);
    if (steps < least && steps * 2 < candidate.size() + (steps == 0 ? 1 : 0)) {
      nearest = candidate;
      least = steps;
    }
  }
  return nearest;
}

}  // namespace ivr
