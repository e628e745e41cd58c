#pragma once
// From the words of the API to the enumerators.

#include "rest/words.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace ivr::rest {

/// The enumerator of a word; nothing for a word newer than this library, and for `unknown`, which
/// is ours.
template <class Word>
[[nodiscard]] std::optional<Word> wordFrom(std::string_view text) noexcept {
  for (std::size_t i = 0; i < Words<Word>::all.size(); ++i) {
    if (Words<Word>::all[i] == text && text != "unknown") return static_cast<Word>(i);
  }
  return std::nullopt;
}

}  // namespace ivr::rest
