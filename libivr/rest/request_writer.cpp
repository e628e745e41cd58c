#include "rest/request_writer.hpp"

#include "core/utf8.hpp"
#include "ivr/core/error.hpp"
#include "rest/dates.hpp"
#include "rest/fields.hpp"
#include "rest/request_rules.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace ivr::rest {

namespace {

[[noreturn]] void misused(const std::string& why) { throw Error{ErrorKind::usage, why}; }

const std::string& fourDigits(const std::optional<std::string>& date) {
  if (!date) misused("a date has a year that cannot be written in four digits");
  return *date;
}

/// Writes the fields that are set.
class FieldWriter {
 public:
  void put(const std::string& name, const std::string& value) {
    if (!isUtf8(value)) misused(name + " is not UTF-8");
    form_.add(name, value);
  }
  void put(const std::string& name, bool value) { form_.add(name, value ? "true" : "false"); }
  void put(const std::string& name, int value) { form_.add(name, std::to_string(value)); }
  template <class Rep, class Period>
  void put(const std::string& name, std::chrono::duration<Rep, Period> value) {
    form_.add(name, std::to_string(value.count()));
  }
  void put(const std::string& name, std::chrono::sys_seconds value) {
    form_.add(name, fourDigits(isoTime(value)));
  }
  void put(const std::string& name, const DateFilter& days) {
    if (days.on) form_.add(name, fourDigits(isoDay(*days.on)));
    if (days.before) form_.add(name + '<', fourDigits(isoDay(*days.before)));
    if (days.after) form_.add(name + '>', fourDigits(isoDay(*days.after)));
  }
  template <class Word>
  requires std::is_enum_v<Word>
  void put(const std::string& name, Word value) {
    const std::string_view text = textOf(value);
    if (text.empty() || text == "unknown") misused(name + " is no word of the API");
    form_.add(name, text);
  }
  template <class T>
  void put(const std::string& name, const std::optional<T>& value) {
    if (value) put(name, *value);
  }
  template <class T>
  void put(const std::string& name, const std::vector<T>& values) {
    for (const T& value : values) put(name, value);
  }
  void put(const Form& others) {
    for (const auto& [name, value] : others) {
      if (name.empty()) misused("a field has no name");
      put(std::string{name}, std::string{value});
    }
  }

  [[nodiscard]] Form take() && { return std::move(form_); }

 private:
  Form form_;
};

}  // namespace

template <class Request>
Form fieldsOf(const Request& request) {
  FieldWriter writer;
  std::apply(
      [&](const auto&... field) {
        (writer.put(std::string{field.name}, request.*field.member), ...);
      },
      Fields<Request>::all);
  writer.put(request.otherFields);
  Form form = std::move(writer).take();
  if (const auto violation = violationIn<Request>(form)) misused(violation->sentence);
  return form;
}

template Form fieldsOf(const CreateCall&);
template Form fieldsOf(const ListCalls&);
template Form fieldsOf(const UpdateCall&);
template Form fieldsOf(const ListConferences&);
template Form fieldsOf(const UpdateConference&);
template Form fieldsOf(const CreateParticipant&);
template Form fieldsOf(const ListParticipants&);
template Form fieldsOf(const UpdateParticipant&);
template Form fieldsOf(const CreateQueue&);
template Form fieldsOf(const ListQueues&);
template Form fieldsOf(const UpdateQueue&);
template Form fieldsOf(const ListMembers&);
template Form fieldsOf(const DequeueMember&);
template Form fieldsOf(const ListRecordings&);
template Form fieldsOf(const ListCallRecordings&);
template Form fieldsOf(const StartRecording&);
template Form fieldsOf(const UpdateRecording&);
template Form fieldsOf(const CreateMessage&);

}  // namespace ivr::rest
