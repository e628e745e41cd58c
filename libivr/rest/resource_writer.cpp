#include "rest/resource_writer.hpp"

#include "ivr/core/error.hpp"
#include "rest/dates.hpp"
#include "rest/fields.hpp"

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ivr::rest {

namespace {

using Json = nlohmann::json;

Json valueOf(const std::string& text, As how) {
  if (text.empty()) return nullptr;
  if (how != As::json) return text;
  Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) {
    throw Error{ErrorKind::usage, "a part of a resource that should be JSON is not JSON"};
  }
  return value;
}
Json valueOf(bool flag, As) { return flag; }
template <class Number>
requires std::is_integral_v<Number> Json valueOf(Number number, As how) {
  if (how == As::numberInText) return std::to_string(number);
  return number;
}
template <class Rep, class Period>
Json valueOf(std::chrono::duration<Rep, Period> time, As how) {
  return valueOf(time.count(), how);
}
Json valueOf(std::chrono::sys_seconds time, As) {
  const auto date = mailDate(time);
  return date ? Json(*date) : Json(nullptr);
}
template <class Word>
requires std::is_enum_v<Word> Json valueOf(Word word, As) {
  const std::string_view text = textOf(word);
  return text.empty() || text == "unknown" ? Json(nullptr) : Json(text);
}
Json valueOf(const std::map<std::string, std::string>& texts, As) {
  return texts.empty() ? Json(nullptr) : Json(texts);
}
template <class Value>
Json valueOf(const std::optional<Value>& value, As how) {
  return value ? valueOf(*value, how) : Json(nullptr);
}

template <class Resource>
Json membersOf(const Resource& resource) {
  Json json = Json::object();
  std::apply(
      [&](const auto&... field) {
        (json.emplace(field.name, valueOf(resource.*field.member, field.as)), ...);
      },
      Fields<Resource>::all);
  return json;
}

std::string textOfJson(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace

template <class Resource>
std::string jsonOf(const Resource& resource) {
  return textOfJson(membersOf(resource));
}

template <class Resource>
std::string jsonOf(const Page<Resource>& page) {
  Json items = Json::array();
  for (const Resource& item : page.items) items.push_back(membersOf(item));
  Json json{{"page", page.page},
            {"page_size", page.pageSize},
            {"start", page.start},
            {"end", page.end},
            {"uri", valueOf(page.uri, As::byType)},
            {"first_page_uri", valueOf(page.firstPageUri, As::byType)},
            {"next_page_uri", valueOf(page.nextPageUri, As::byType)},
            {"previous_page_uri", valueOf(page.previousPageUri, As::byType)}};
  json.emplace(Fields<Resource>::plural, std::move(items));
  return textOfJson(json);
}

std::string jsonOf(const RestRefusal& refusal) {
  return textOfJson({{"code", refusal.code == 0 ? Json(nullptr) : Json(refusal.code)},
                     {"message", refusal.message},
                     {"more_info", valueOf(refusal.moreInfo, As::byType)},
                     {"status", refusal.status}});
}

template std::string jsonOf(const CallResource&);
template std::string jsonOf(const ConferenceResource&);
template std::string jsonOf(const ParticipantResource&);
template std::string jsonOf(const QueueResource&);
template std::string jsonOf(const MemberResource&);
template std::string jsonOf(const RecordingResource&);
template std::string jsonOf(const MessageResource&);
template std::string jsonOf(const Page<CallResource>&);
template std::string jsonOf(const Page<ConferenceResource>&);
template std::string jsonOf(const Page<ParticipantResource>&);
template std::string jsonOf(const Page<QueueResource>&);
template std::string jsonOf(const Page<MemberResource>&);
template std::string jsonOf(const Page<RecordingResource>&);
template std::string jsonOf(const Page<MessageResource>&);

}  // namespace ivr::rest
