#include "rest/request_reader.hpp"

#include "core/text.hpp"
#include "ivr/http/headers.hpp"
#include "rest/dates.hpp"
#include "rest/fields.hpp"
#include "rest/refusals.hpp"
#include "rest/request_rules.hpp"
#include "rest/word.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace ivr::rest {

namespace {

constexpr int kInvalidParameter = 20001;

/// Reads the fields of a form into the members of a request. What cannot be read ends it.
class FormReader {
 public:
  explicit FormReader(const Form& form) : form_(form) {}

  template <class Value>
  void read(const FieldFacts& field, Value& value) {
    if (refusal_) return;
    const std::string_view complaint = take(field.name, value);
    if (complaint.empty()) return;
    refusal_ = refusalOf(field.limits.code, std::string{field.name} + std::string{complaint});
  }

  [[nodiscard]] const std::optional<RestRefusal>& refusal() const { return refusal_; }

 private:
  // Each gives what is wrong with the value, if something is.

  static std::string_view valueFrom(std::string_view text, std::string& value) {
    value = text;
    return {};
  }
  static std::string_view valueFrom(std::string_view text, bool& value) {
    value = http::equalIgnoringCase(text, "true");
    return value || http::equalIgnoringCase(text, "false") ? "" : " is neither true nor false";
  }
  static std::string_view valueFrom(std::string_view text, int& value) {
    const auto number = numberFrom<int>(text);
    value = number.value_or(0);
    return number ? "" : " is no whole number";
  }
  template <class Period>
  static std::string_view valueFrom(std::string_view text,
                                    std::chrono::duration<std::int64_t, Period>& value) {
    const auto number = numberFrom<std::int64_t>(text);
    value = std::chrono::duration<std::int64_t, Period>{number.value_or(0)};
    return number ? "" : " is no whole number";
  }
  static std::string_view valueFrom(std::string_view text, std::chrono::sys_seconds& value) {
    const auto time = timeFromIso(text);
    value = time.value_or(std::chrono::sys_seconds{});
    return time ? "" : " is no time like 2026-03-04T05:01:07Z";
  }
  static std::string_view valueFrom(std::string_view text, std::chrono::sys_days& value) {
    const auto day = dayFromIso(text);
    value = day.value_or(std::chrono::sys_days{});
    return day ? "" : " is no date like 2026-03-04";
  }
  template <class Word>
  requires std::is_enum_v<Word>
  static std::string_view valueFrom(std::string_view text, Word& value) {
    const auto word = wordFrom<Word>(text);
    value = word.value_or(Word{});
    return word ? "" : " is no word of the API";
  }

  template <class Value>
  std::string_view take(std::string_view name, Value& value) {
    const auto text = form_.find(name);
    if (!text || (text->empty() && !std::is_same_v<Value, std::string>)) return {};
    return valueFrom(*text, value);
  }
  template <class Value>
  std::string_view take(std::string_view name, std::optional<Value>& value) {
    const auto text = form_.find(name);
    if (!text || (text->empty() && !std::is_same_v<Value, std::string>)) return {};
    return valueFrom(*text, value.emplace());
  }
  std::string_view take(std::string_view name, std::vector<std::string>& values) {
    for (const std::string_view text : form_.all(name)) values.emplace_back(text);
    return {};
  }
  std::string_view take(std::string_view name, DateFilter& days) {
    for (auto [suffix, day] : {std::pair{"", &days.on}, {"<", &days.before}, {">", &days.after}}) {
      const std::string_view complaint = take(std::string{name} + suffix, *day);
      if (!complaint.empty()) return complaint;
    }
    return {};
  }

  const Form& form_;
  std::optional<RestRefusal> refusal_;
};

template <class Struct, class Value>
bool isNameOf(const Field<Struct, Value>& field, std::string_view name) {
  if constexpr (std::is_same_v<Value, DateFilter>) {
    if (name.ends_with('<') || name.ends_with('>')) name.remove_suffix(1);
  }
  return name == field.name;
}

}  // namespace

template <class Request>
std::variant<Request, RestRefusal> requestFrom(const Form& form) {
  if (!form.isUtf8()) return refusalOf(kInvalidParameter, "a field is not UTF-8");
  if (const auto violation = violationIn<Request>(form)) {
    return refusalOf(violation->code,
                     violation->says.empty() ? violation->sentence : violation->says);
  }
  Request request;
  FormReader reader{form};
  const auto& all = Fields<Request>::all;
  std::apply([&](const auto&... field) { (reader.read(field, request.*field.member), ...); }, all);
  if (reader.refusal()) return *reader.refusal();
  for (const auto& [name, value] : form) {
    const bool isKnown = std::apply(
        [&, n = name](const auto&... field) { return (isNameOf(field, n) || ...); }, all);
    if (!isKnown) request.otherFields.add(name, value);
  }
  return request;
}

template std::variant<CreateCall, RestRefusal> requestFrom(const Form&);
template std::variant<ListCalls, RestRefusal> requestFrom(const Form&);
template std::variant<UpdateCall, RestRefusal> requestFrom(const Form&);
template std::variant<ListConferences, RestRefusal> requestFrom(const Form&);
template std::variant<UpdateConference, RestRefusal> requestFrom(const Form&);
template std::variant<CreateParticipant, RestRefusal> requestFrom(const Form&);
template std::variant<ListParticipants, RestRefusal> requestFrom(const Form&);
template std::variant<UpdateParticipant, RestRefusal> requestFrom(const Form&);
template std::variant<CreateQueue, RestRefusal> requestFrom(const Form&);
template std::variant<ListQueues, RestRefusal> requestFrom(const Form&);
template std::variant<UpdateQueue, RestRefusal> requestFrom(const Form&);
template std::variant<ListMembers, RestRefusal> requestFrom(const Form&);
template std::variant<DequeueMember, RestRefusal> requestFrom(const Form&);
template std::variant<ListRecordings, RestRefusal> requestFrom(const Form&);
template std::variant<ListCallRecordings, RestRefusal> requestFrom(const Form&);
template std::variant<StartRecording, RestRefusal> requestFrom(const Form&);
template std::variant<UpdateRecording, RestRefusal> requestFrom(const Form&);
template std::variant<CreateMessage, RestRefusal> requestFrom(const Form&);

}  // namespace ivr::rest
