#pragma once
// One line of the log, in fields: `step state=Welcome call=CA123 from=+*********00 us=85`.
//
// Text from a caller or a stranger is logged only through here: it is masked, cut to a length, can
// neither end the line nor look like another field, and does nothing to a terminal.

#include "ivr/core/log.hpp"

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <exception>
#include <span>
#include <string>
#include <string_view>

namespace ivr {

/// Which part of a value is shown.
enum class Shown {
  whole,           ///< Ours: names, SIDs, addresses.
  withoutNumbers,  ///< A message: what looks like a telephone number is masked.
  lastDigits,      ///< A telephone number.
  nothing,         ///< Keys, speech: only that there are some.
};

class LogLine {
 public:
  LogLine(PersonalData personalData, std::string_view event)
      : isMasked_(personalData == PersonalData::masked), text_(event) {
    text_.reserve(192);
  }

  /// ` name=value`, in quotes where needed; nothing if the value is empty.
  LogLine& add(std::string_view name, std::string_view value, Shown shown = Shown::whole);

  template <std::integral Number>
  LogLine& add(std::string_view name, Number number) {
    std::array<char, 24> text{};
    const char* const end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return add(name, std::string_view{text.data(), static_cast<std::size_t>(end - text.data())});
  }

  /// ` type=std::out_of_range error="map::at"`: the type unless it is `ivr::Error`, the message
  /// without telephone numbers and without `values`. Nothing if there is no error.
  LogLine& add(const std::exception_ptr& error, std::span<const std::string> values = {});

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  bool isMasked_;
  std::string text_;
};

}  // namespace ivr
