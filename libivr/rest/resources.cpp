#include "rest/resources.hpp"

#include "core/text.hpp"
#include "ivr/core/error.hpp"
#include "ivr/core/log.hpp"
#include "rest/words.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

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

  void read(const char* name, std::string& text) const {
    if (const Json* value = find(name)) text = textIn(name, *value);
  }
  /// The ID of the resource: without it the reply is useless.
  void readId(const char* name, std::string& text) const {
    read(name, text);
    if (text.empty()) unreadable(std::string{name} + " is missing");
  }
  void read(const char* name, int& number) const {
    if (const Json* value = find(name)) number = intIn(name, *value).value_or(number);
  }
  void read(const char* name, std::optional<int>& number) const {
    if (const Json* value = find(name)) number = intIn(name, *value);
  }
  void read(const char* name, std::optional<bool>& flag) const {
    const Json* value = find(name);
    if (value == nullptr) return;
    if (!value->is_boolean()) wrongType(name);
    flag = value->get<bool>();
  }
  template <class Period>
  void read(const char* name,
            std::optional<std::chrono::duration<std::int64_t, Period>>& time) const {
    if (const Json* value = find(name)) {
      if (const auto count = integerIn(name, *value)) {
        time = std::chrono::duration<std::int64_t, Period>{*count};
      }
    }
  }
  void read(const char* name, std::chrono::seconds& time) const {
    std::optional<std::chrono::seconds> found;
    read(name, found);
    time = found.value_or(time);
  }
  void read(const char* name, std::optional<std::chrono::sys_seconds>& time) const {
    if (const Json* value = find(name)) time = dateFrom(textIn(name, *value));
  }
  template <class Word>
  requires std::is_enum_v<Word>
  void read(const char* name, Word& word) const {
    if (const Json* value = find(name)) word = wordFrom<Word>(textIn(name, *value));
  }
  template <class Word>
  requires std::is_enum_v<Word>
  void read(const char* name, std::optional<Word>& word) const {
    if (const Json* value = find(name)) word = wordFrom<Word>(textIn(name, *value));
  }
  void read(const char* name, std::map<std::string, std::string>& texts) const {
    const Json* value = find(name);
    if (value == nullptr) return;
    if (!value->is_object()) wrongType(name);
    for (const auto& [key, text] : value->items()) {
      if (!text.is_null()) texts.emplace(key, textIn(name, text));
    }
  }
  /// Any value, as JSON.
  void readJson(const char* name, std::string& text) const {
    if (const Json* value = find(name)) text = value->dump();
  }

  [[nodiscard]] const Json* find(const char* name) const {
    const auto found = object_.find(name);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }

  [[noreturn]] static void wrongType(const char* name) {
    unreadable(std::string{name} + " is of the wrong type");
  }

 private:
  static const std::string& textIn(const char* name, const Json& value) {
    if (!value.is_string()) wrongType(name);
    return value.get_ref<const std::string&>();
  }

  /// The API sends some numbers as text.
  static std::optional<std::int64_t> integerIn(const char* name, const Json& value) {
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
  static std::optional<int> intIn(const char* name, const Json& value) {
    const auto number = integerIn(name, value);
    if (!number || *number < std::numeric_limits<int>::min() ||
        *number > std::numeric_limits<int>::max()) {
      return std::nullopt;
    }
    return static_cast<int>(*number);
  }

  const Json& object_;
};

void read(const Members& from, CallResource& to) {
  from.readId("sid", to.sid);
  from.read("account_sid", to.accountSid);
  from.read("parent_call_sid", to.parentCallSid);
  from.read("to", to.to);
  from.read("to_formatted", to.toFormatted);
  from.read("from", to.from);
  from.read("from_formatted", to.fromFormatted);
  from.read("phone_number_sid", to.phoneNumberSid);
  from.read("status", to.status);
  from.read("direction", to.direction);
  from.read("answered_by", to.answeredBy);
  from.read("forwarded_from", to.forwardedFrom);
  from.read("caller_name", to.callerName);
  from.read("group_sid", to.groupSid);
  from.read("trunk_sid", to.trunkSid);
  from.read("date_created", to.dateCreated);
  from.read("date_updated", to.dateUpdated);
  from.read("start_time", to.startTime);
  from.read("end_time", to.endTime);
  from.read("duration", to.duration);
  from.read("queue_time", to.queueTime);
  from.read("price", to.price);
  from.read("price_unit", to.priceUnit);
  from.read("api_version", to.apiVersion);
  from.read("uri", to.uri);
  from.read("subresource_uris", to.subresourceUris);
}

void read(const Members& from, ConferenceResource& to) {
  from.readId("sid", to.sid);
  from.read("account_sid", to.accountSid);
  from.read("friendly_name", to.friendlyName);
  from.read("status", to.status);
  from.read("region", to.region);
  from.read("reason_conference_ended", to.reasonConferenceEnded);
  from.read("call_sid_ending_conference", to.callSidEndingConference);
  from.read("date_created", to.dateCreated);
  from.read("date_updated", to.dateUpdated);
  from.read("api_version", to.apiVersion);
  from.read("uri", to.uri);
  from.read("subresource_uris", to.subresourceUris);
}

void read(const Members& from, ParticipantResource& to) {
  from.readId("call_sid", to.callSid);
  from.read("conference_sid", to.conferenceSid);
  from.read("account_sid", to.accountSid);
  from.read("label", to.label);
  from.read("call_sid_to_coach", to.callSidToCoach);
  from.read("coaching", to.coaching);
  from.read("muted", to.muted);
  from.read("hold", to.hold);
  from.read("start_conference_on_enter", to.startConferenceOnEnter);
  from.read("end_conference_on_exit", to.endConferenceOnExit);
  from.read("status", to.status);
  from.read("queue_time", to.queueTime);
  from.read("date_created", to.dateCreated);
  from.read("date_updated", to.dateUpdated);
  from.read("uri", to.uri);
}

void read(const Members& from, QueueResource& to) {
  from.readId("sid", to.sid);
  from.read("account_sid", to.accountSid);
  from.read("friendly_name", to.friendlyName);
  from.read("current_size", to.currentSize);
  from.read("max_size", to.maxSize);
  from.read("average_wait_time", to.averageWaitTime);
  from.read("date_created", to.dateCreated);
  from.read("date_updated", to.dateUpdated);
  from.read("uri", to.uri);
  from.read("subresource_uris", to.subresourceUris);
}

void read(const Members& from, MemberResource& to) {
  from.readId("call_sid", to.callSid);
  from.read("queue_sid", to.queueSid);
  from.read("position", to.position);
  from.read("wait_time", to.waitTime);
  from.read("date_enqueued", to.dateEnqueued);
  from.read("uri", to.uri);
}

void read(const Members& from, RecordingResource& to) {
  from.readId("sid", to.sid);
  from.read("account_sid", to.accountSid);
  from.read("call_sid", to.callSid);
  from.read("conference_sid", to.conferenceSid);
  from.read("status", to.status);
  from.read("source", to.source);
  from.read("channels", to.channels);
  from.read("duration", to.duration);
  from.read("date_created", to.dateCreated);
  from.read("date_updated", to.dateUpdated);
  from.read("start_time", to.startTime);
  from.read("price", to.price);
  from.read("price_unit", to.priceUnit);
  from.read("error_code", to.errorCode);
  from.readJson("encryption_details", to.encryptionDetails);
  from.read("media_url", to.mediaUrl);
  from.read("api_version", to.apiVersion);
  from.read("uri", to.uri);
  from.read("subresource_uris", to.subresourceUris);
}

void read(const Members& from, MessageResource& to) {
  from.readId("sid", to.sid);
  from.read("account_sid", to.accountSid);
  from.read("messaging_service_sid", to.messagingServiceSid);
  from.read("from", to.from);
  from.read("to", to.to);
  from.read("body", to.body);
  from.read("status", to.status);
  from.read("direction", to.direction);
  from.read("num_segments", to.numSegments);
  from.read("num_media", to.numMedia);
  from.read("error_code", to.errorCode);
  from.read("error_message", to.errorMessage);
  from.read("price", to.price);
  from.read("price_unit", to.priceUnit);
  from.read("date_created", to.dateCreated);
  from.read("date_sent", to.dateSent);
  from.read("date_updated", to.dateUpdated);
  from.read("api_version", to.apiVersion);
  from.read("uri", to.uri);
  from.read("subresource_uris", to.subresourceUris);
}

/// The name under which a page holds its items.
template <class Resource>
constexpr const char* kItems = "";
template <>
constexpr const char* kItems<CallResource> = "calls";
template <>
constexpr const char* kItems<ConferenceResource> = "conferences";
template <>
constexpr const char* kItems<ParticipantResource> = "participants";
template <>
constexpr const char* kItems<QueueResource> = "queues";
template <>
constexpr const char* kItems<MemberResource> = "queue_members";
template <>
constexpr const char* kItems<RecordingResource> = "recordings";

/// Consumes a text from the left.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  void skipBlanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view takeLetters() {
    std::size_t size = 0;
    while (size < rest_.size() && ((rest_[size] >= 'a' && rest_[size] <= 'z') ||
                                   (rest_[size] >= 'A' && rest_[size] <= 'Z'))) {
      ++size;
    }
    return takeFirst(size);
  }
  /// A number of `least` to `most` digits.
  std::optional<int> takeNumber(std::size_t least, std::size_t most) {
    std::size_t size = 0;
    while (size < rest_.size() && size < most && rest_[size] >= '0' && rest_[size] <= '9') ++size;
    if (size < least) return std::nullopt;
    return numberFrom<int>(takeFirst(size));
  }
  [[nodiscard]] bool isAtEnd() const { return rest_.empty(); }

 private:
  std::string_view takeFirst(std::size_t size) {
    const std::string_view first = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return first;
  }

  std::string_view rest_;
};

/// How far ahead of UTC a time zone is.
std::optional<std::chrono::minutes> takeZone(Scanner& scanner) {
  const bool isBehind = scanner.take('-');
  if (!isBehind && !scanner.take('+')) {
    const std::string_view name = scanner.takeLetters();
    if (name == "GMT" || name == "UT" || name == "UTC" || name == "Z")
      return std::chrono::minutes{0};
    return std::nullopt;
  }
  const auto hours = scanner.takeNumber(2, 2);
  const auto minutes = scanner.takeNumber(2, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::chrono::minutes ahead{*hours * 60 + *minutes};
  return isBehind ? -ahead : ahead;
}

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::optional<std::chrono::sys_seconds> dateFrom(std::string_view text) noexcept {
  Scanner scanner{text};
  scanner.skipBlanks();
  if (!scanner.takeLetters().empty() && !scanner.take(',')) return std::nullopt;  // day of the week
  scanner.skipBlanks();
  const auto day = scanner.takeNumber(1, 2);
  scanner.skipBlanks();
  const auto month = std::ranges::find(kMonths, scanner.takeLetters());
  scanner.skipBlanks();
  const auto year = scanner.takeNumber(4, 4);
  scanner.skipBlanks();
  const auto hour = scanner.takeNumber(2, 2);
  if (!day || month == kMonths.end() || !year || !hour || !scanner.take(':')) return std::nullopt;
  const auto minute = scanner.takeNumber(2, 2);
  std::optional<int> second = 0;
  if (scanner.take(':')) second = scanner.takeNumber(2, 2);
  scanner.skipBlanks();
  const auto zone = takeZone(scanner);
  scanner.skipBlanks();
  if (!minute || !second || !zone || !scanner.isAtEnd()) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;  // 60: a leap second
  const std::chrono::year_month_day date{
      std::chrono::year{*year},
      std::chrono::month{static_cast<unsigned>(month - kMonths.begin()) + 1},
      std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second} - *zone;
}

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
  read(Members{json}, resource);
  return resource;
}

template <class Resource>
Page<Resource> pageFrom(std::string_view body) {
  const Json json = parsed(body);
  const Members members{json};
  const Json* items = members.find(kItems<Resource>);
  if (items == nullptr) unreadable(std::string{kItems<Resource>} + " is missing");
  if (!items->is_array()) Members::wrongType(kItems<Resource>);
  if (items->size() > kMaxItems) unreadable(std::string{kItems<Resource>} + " are too many");
  Page<Resource> page;
  page.items.reserve(items->size());
  for (const Json& item : *items) read(Members{item}, page.items.emplace_back());
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

}  // namespace ivr::rest
