#include "rest/request_rules.hpp"

#include "core/text.hpp"
#include "ivr/http/headers.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace ivr::rest {

namespace {

bool hasValue(const Form& form, std::string_view name) {
  return std::ranges::any_of(
      form, [&](const Form::Field& field) { return field.first == name && !field.second.empty(); });
}

bool isBroken(const Rule& rule, const Form& form) {
  switch (rule.kind) {
    case Rule::Kind::needs:
      return std::ranges::none_of(rule.fields,
                                  [&](std::string_view name) { return hasValue(form, name); });
    case Rule::Kind::excludes:
      return std::ranges::all_of(
          rule.fields, [&](std::string_view name) { return name.empty() || hasValue(form, name); });
    case Rule::Kind::only:
      return hasValue(form, rule.fields[0]) && form.get(rule.fields[0]) != rule.word;
    case Rule::Kind::never: return form.get(rule.fields[0]) == rule.word;
  }
  return false;
}

std::int64_t charactersIn(std::string_view text) {
  return std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

bool isAbsoluteAddress(std::string_view url) {
  const auto begins = [&](std::string_view scheme) {
    return url.size() > scheme.size() &&
           http::equalIgnoringCase(url.substr(0, scheme.size()), scheme);
  };
  return begins("https://") || begins("http://");
}

std::string rangeText(const Limits& limits) {
  return std::to_string(limits.least) + " to " + std::to_string(limits.most);
}

int codeFor(std::int64_t value, const Limits& limits) {
  return value > limits.most && limits.codeBeyond != 0 ? limits.codeBeyond : limits.code;
}

std::optional<Violation> violationOfText(const FieldFacts& field, std::string_view text) {
  const Limits& limits = field.limits;
  const std::string name{field.name};
  const std::int64_t size = charactersIn(text);
  if (size < limits.least || size > limits.most) {
    return Violation{
        .sentence = limits.least > 0
                        ? name + " has not " + rangeText(limits) + " characters"
                        : name + " has more than " + std::to_string(limits.most) + " characters",
        .code = codeFor(size, limits)};
  }
  if (!limits.characters.empty() &&
      text.find_first_not_of(limits.characters) != std::string_view::npos) {
    return Violation{
        .sentence = name + " has other characters than " + std::string{limits.characters},
        .code = limits.code};
  }
  const bool isAddress = limits.address == Address::absolute ||
                         (limits.address == Address::absoluteOrEmpty && !text.empty());
  if (isAddress && !isAbsoluteAddress(text)) {
    return Violation{.sentence = name + " is not an absolute web address", .code = limits.code};
  }
  return std::nullopt;
}

std::optional<Violation> violationOfNumber(const FieldFacts& field, std::string_view text) {
  const Limits& limits = field.limits;
  const std::string name{field.name};
  if (text.empty()) return std::nullopt;
  const auto number = numberFrom<std::int64_t>(text);
  if (!number) return Violation{.sentence = name + " is no whole number", .code = limits.code};
  if (*number >= limits.least && *number <= limits.most) return std::nullopt;
  const int code = codeFor(*number, limits);
  if (limits.least == 0 && *number < 0) {
    return Violation{.sentence = name + " is negative", .code = code};
  }
  if (limits.most == std::numeric_limits<int>::max() && *number > limits.most) {
    return Violation{.sentence = name + " is too large", .code = code};
  }
  return Violation{.sentence = name + " is not " + rangeText(limits), .code = code};
}

}  // namespace

std::optional<Violation> violationIn(const Form& form, std::span<const FieldFacts> fields,
                                     std::span<const Rule> rules) {
  for (const Rule& rule : rules) {
    if (!isBroken(rule, form)) continue;
    return Violation{
        .sentence = std::string{rule.sentence}, .says = std::string{rule.says}, .code = rule.code};
  }
  for (const FieldFacts& field : fields) {
    const auto value = form.find(field.name);
    if (!value || (!field.limits.unless.empty() && hasValue(form, field.limits.unless))) continue;
    std::optional<Violation> violation;
    if (field.isText) violation = violationOfText(field, *value);
    if (field.isNumber) violation = violationOfNumber(field, *value);
    if (violation) return violation;
  }
  return std::nullopt;
}

}  // namespace ivr::rest
