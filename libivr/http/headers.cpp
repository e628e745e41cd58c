#include "ivr/http/headers.hpp"

#include <algorithm>
#include <utility>

namespace ivr::http {

namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool equalIgnoringCase(std::string_view left, std::string_view right) noexcept {
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

void Headers::set(std::string_view name, std::string_view value) {
  FieldList kept;
  kept.reserve(fields_.size() + 1, fields_.text().size() + name.size() + value.size());
  for (const auto& [key, old] : fields_) {
    if (!equalIgnoringCase(key, name)) kept.add(key, old);
  }
  kept.add(name, value);  // they may be views of one of the fields
  fields_ = std::move(kept);
}

std::optional<std::string_view> Headers::find(std::string_view name) const noexcept {
  for (const auto& [key, value] : fields_) {
    if (equalIgnoringCase(key, name)) return value;
  }
  return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(
      fields_, [&](const Field& field) { return equalIgnoringCase(field.first, name); }));
}

}  // namespace ivr::http
