#include "rest/resource_reader.hpp"

#include "core/text.hpp"
#include "ivr/core/error.hpp"
#include "ivr/core/log.hpp"
#include "rest/dates.hpp"
#include "rest/fields.hpp"
#include "rest/word.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <type_traits>

namespace ivr::rest {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxDepth = 32;        // what the API sends has a depth of 4
constexpr std::size_t kMaxItems = 1000;      // the largest PageSize
constexpr std::size_t kMaxValues = 100'000;  // an item has about 40
constexpr std::size_t kMaxRefusal = 16 << 10;
constexpr std::size_t kMaxExplanation = 1000;  // the API explains in a sentence

[[noreturn]] void unreadable(const std::string& why) { throw Error{ErrorKind::remote, why}; }

/// Throws if a JSON text nests deeper or holds more values than any honest one. Parsed, a value of
/// two characters takes a hundred bytes.
void refuseExcess(std::string_view text) {
  std::size_t depth = 0;
  std::size_t values = 0;
  bool isInString = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (isInString) {
      if (c == '\\') ++i;
      if (c == '"') isInString = false;
    } else if (c == '"') {
      isInString = true;
    } else if (c == '{' || c == '[') {  // before a value, as is a comma
      if (++depth > kMaxDepth) unreadable("it is nested too deep");
      ++values;
    } else if (c == '}' || c == ']') {
      if (depth > 0) --depth;
    } else if (c == ',') {
      ++values;
    }
    if (values > kMaxValues) unreadable("it has too many values");
  }
}

Json parsed(std::string_view body) {
  if (body.empty()) unreadable("it is empty");
  refuseExcess(body);
  Json json = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) unreadable("it is not JSON");
  if (!json.is_object()) unreadable("it is not a JSON object");
  return json;
}

/// Reads the members of a JSON object; a missing one is like a null one.
class Members {
 public:
  explicit Members(const Json& object) : object_(object) {
    if (!object.is_object()) unreadable("a part of it is not an object");
  }

  void read(std::string_view name, std::string& text) const {
    if (const Json* value = find(name)) text = textIn(name, *value);
  }
  /// The ID of the resource: without it the reply is useless.
  void readId(std::string_view name, std::string& text) const {
    read(name, text);
    if (text.empty()) unreadable(std::string{name} + " is missing");
  }
  void read(std::string_view name, int& number) const {
    if (const Json* value = find(name)) number = intIn(name, *value).value_or(number);
  }
  void read(std::string_view name, std::optional<int>& number) const {
    if (const Json* value = find(name)) number = intIn(name, *value);
  }
  void read(std::string_view name, std::optional<bool>& flag) const {
    const Json* value = find(name);
    if (value == nullptr) return;
    if (!value->is_boolean()) wrongType(name);
    flag = value->get<bool>();
  }
  template <class Period>
  void read(std::string_view name,
            std::optional<std::chrono::duration<std::int64_t, Period>>& time) const {
    if (const Json* value = find(name)) {
      if (const auto count = integerIn(name, *value)) {
        time = std::chrono::duration<std::int64_t, Period>{*count};
      }
    }
  }
  void read(std::string_view name, std::chrono::seconds& time) const {
    std::optional<std::chrono::seconds> found;
    read(name, found);
    time = found.value_or(time);
  }
  void read(std::string_view name, std::optional<std::chrono::sys_seconds>& time) const {
    if (const Json* value = find(name)) time = dateFrom(textIn(name, *value));
  }
  template <class Word>
  requires std::is_enum_v<Word>
  void read(std::string_view name, Word& word) const {
    if (const Json* value = find(name)) word = wordIn<Word>(name, *value);
  }
  template <class Word>
  requires std::is_enum_v<Word>
  void read(std::string_view name, std::optional<Word>& word) const {
    if (const Json* value = find(name)) word = wordIn<Word>(name, *value);
  }
  void read(std::string_view name, std::map<std::string, std::string>& texts) const {
    const Json* value = find(name);
    if (value == nullptr) return;
    if (!value->is_object()) wrongType(name);
    for (const auto& [key, text] : value->items()) {
      if (!text.is_null()) texts.emplace(key, textIn(name, text));
    }
  }
  /// Any value, as JSON.
  void readJson(std::string_view name, std::string& text) const {
    if (const Json* value = find(name)) text = value->dump();
  }

  [[nodiscard]] const Json* find(std::string_view name) const {
    const auto found = object_.find(name);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }

  [[noreturn]] static void wrongType(std::string_view name) {
    unreadable(std::string{name} + " is of the wrong type");
  }

 private:
  static const std::string& textIn(std::string_view name, const Json& value) {
    if (!value.is_string()) wrongType(name);
    return value.get_ref<const std::string&>();
  }

  template <class Word>
  static Word wordIn(std::string_view name, const Json& value) {
    return wordFrom<Word>(textIn(name, value)).value_or(Word::unknown);
  }

  /// The API sends some numbers as text.
  static std::optional<std::int64_t> integerIn(std::string_view name, const Json& value) {
    if (value.is_string()) {
      return numberFrom<std::int64_t>(value.get_ref<const std::string&>());
    }
    if (!value.is_number_integer()) wrongType(name);
    if (value.is_number_unsigned() &&
        value.get<std::uint64_t>() >
            static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return std::nullopt;
    }
    return value.get<std::int64_t>();
  }
  static std::optional<int> intIn(std::string_view name, const Json& value) {
    const auto number = integerIn(name, value);
    if (!number || *number < std::numeric_limits<int>::min() ||
        *number > std::numeric_limits<int>::max()) {
      return std::nullopt;
    }
    return static_cast<int>(*number);
  }

  const Json& object_;
};

template <class Resource>
void readResource(const Members& members, Resource& resource) {
  const auto read = [&]<class Value>(const Field<Resource, Value>& field) {
    Value& value = resource.*field.member;
    if constexpr (std::is_same_v<Value, std::string>) {
      if (field.as == As::id) return members.readId(field.name, value);
      if (field.as == As::json) return members.readJson(field.name, value);
    }
    members.read(field.name, value);
  };
  std::apply([&](const auto&... field) { (read(field), ...); }, Fields<Resource>::all);
}

}  // namespace

std::optional<std::chrono::seconds> retryAfterOf(const http::Headers& headers) {
  const auto field = headers.find("Retry-After");
  if (!field) return std::nullopt;
  const std::string_view text = trimmed(*field, kBlanks);
  if (const auto seconds = numberFrom<std::int32_t>(text)) {
    return std::chrono::seconds{std::max(*seconds, 0)};
  }
  const auto until = dateFrom(text);
  const auto now = headers.find("Date");
  const auto date = now ? dateFrom(*now) : std::nullopt;
  if (!until || !date) return std::nullopt;
  return std::max(*until - *date, std::chrono::seconds{0});
}

RestRefusal refusalFrom(int status, const http::Headers& headers, std::string_view body) {
  RestRefusal refusal{.status = status,
                      .retryAfter = retryAfterOf(headers),
                      .requestId = oneLine(headers.find("Twilio-Request-Id").value_or(""), 64)};
  try {
    if (body.size() > kMaxRefusal) unreadable("it is too long");
    const Json json = parsed(body);
    const Members members{json};
    members.read("code", refusal.code);
    members.read("message", refusal.message);
    members.read("more_info", refusal.moreInfo);
  } catch (const Error&) {
    // Anything between us and the provider may have answered; the status says enough.
  }
  for (std::string* text : {&refusal.message, &refusal.moreInfo}) {
    *text = oneLine(*text, kMaxExplanation);
  }
  return refusal;
}

template <class Resource>
Resource resourceFrom(std::string_view body) {
  const Json json = parsed(body);
  Resource resource;
  readResource(Members{json}, resource);
  return resource;
}

template <class Resource>
Page<Resource> pageFrom(std::string_view body) {
  const Json json = parsed(body);
  const Members members{json};
  constexpr std::string_view kItems = Fields<Resource>::plural;
  const Json* items = members.find(kItems);
  if (items == nullptr) unreadable(std::string{kItems} + " is missing");
  if (!items->is_array()) Members::wrongType(kItems);
  if (items->size() > kMaxItems) unreadable(std::string{kItems} + " are too many");
  Page<Resource> page;
  page.items.reserve(items->size());
  for (const Json& item : *items) readResource(Members{item}, page.items.emplace_back());
  members.read("page", page.page);
  members.read("page_size", page.pageSize);
  members.read("start", page.start);
  members.read("end", page.end);
  members.read("uri", page.uri);
  members.read("first_page_uri", page.firstPageUri);
  members.read("next_page_uri", page.nextPageUri);
  members.read("previous_page_uri", page.previousPageUri);
  return page;
}

template CallResource resourceFrom(std::string_view);
template ConferenceResource resourceFrom(std::string_view);
template ParticipantResource resourceFrom(std::string_view);
template QueueResource resourceFrom(std::string_view);
template MemberResource resourceFrom(std::string_view);
template RecordingResource resourceFrom(std::string_view);
template MessageResource resourceFrom(std::string_view);
template Page<CallResource> pageFrom(std::string_view);
template Page<ConferenceResource> pageFrom(std::string_view);
template Page<ParticipantResource> pageFrom(std::string_view);
template Page<QueueResource> pageFrom(std::string_view);
template Page<MemberResource> pageFrom(std::string_view);
template Page<RecordingResource> pageFrom(std::string_view);
template Page<MessageResource> pageFrom(std::string_view);

}  // namespace ivr::rest
