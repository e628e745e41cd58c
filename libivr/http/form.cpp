#include "ivr/http/form.hpp"

#include "core/utf8.hpp"
#include "http/decoding.hpp"
#include "ivr/http/percent.hpp"

#include <algorithm>

namespace ivr::http {

std::optional<Form> Form::parse(std::string_view text, std::size_t maximum) {
  constexpr std::size_t kUsual = 32;  // a call has about twenty-five
  constexpr unsigned kInValue = kPercent | kPlus | kAnd;
  std::string decoded(text.size(), '\0');  // never longer
  std::vector<FieldList::Ends> ends;
  if (!text.empty()) ends.reserve(std::min(maximum, kUsual));
  const char* in = text.data();
  const char* const end = in + text.size();
  char* out = decoded.data();
  const auto written = [&] { return static_cast<std::size_t>(out - decoded.data()); };
  const auto read = [&](unsigned meanings) {
    const Decoded done = decode(in, end, out, meanings);
    in = done.in;
    out = done.out;
  };
  while (in != end) {
    if (*in == '&') {
      ++in;
      continue;
    }
    if (ends.size() == maximum) return std::nullopt;
    read(kInValue | kEquals);
    const std::size_t nameEnd = written();
    if (in != end && *in == '=') {
      ++in;
      read(kInValue);
    }
    ends.push_back({nameEnd, written()});
  }
  decoded.resize(written());
  return Form{FieldList{std::move(decoded), std::move(ends)}};
}

std::optional<std::string_view> Form::find(std::string_view name) const noexcept {
  for (const auto& [key, value] : fields_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string_view Form::get(std::string_view name) const noexcept {
  return find(name).value_or(std::string_view{});
}

std::vector<std::string_view> Form::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : fields_) {
    if (key == name) values.emplace_back(value);
  }
  return values;
}

bool Form::isUtf8() const noexcept {
  if (isAscii(fields_.text())) return true;
  return std::ranges::all_of(fields_, [](const Field& field) {
    return ivr::isUtf8(field.first) && ivr::isUtf8(field.second);
  });
}

std::string Form::encoded() const {
  std::string text;
  for (const auto& [key, value] : fields_) {
    if (!text.empty()) text += '&';
    text += percentEncode(key, PercentKeep::nothing);
    text += '=';
    text += percentEncode(value, PercentKeep::nothing);
  }
  return text;
}

}  // namespace ivr::http
