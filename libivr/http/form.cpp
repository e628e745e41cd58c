#include "ivr/http/form.hpp"

#include "ivr/http/percent.hpp"

#include <algorithm>

namespace ivr::http {

std::optional<Form> Form::parse(std::string_view text, std::size_t maximum) {
  constexpr std::size_t kUsual = 32;  // a call has about twenty-five
  Form form;
  if (!text.empty()) form.fields_.reserve(std::min(maximum, kUsual));
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (part.empty()) continue;
    if (form.fields_.size() == maximum) return std::nullopt;
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) {
      form.add(formDecode(part), {});
    } else {
      form.add(formDecode(part.substr(0, equals)), formDecode(part.substr(equals + 1)));
    }
  }
  return form;
}

void Form::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
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
