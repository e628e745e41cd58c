#include "ivr/phone/saved_timeline.hpp"

#include "core/text.hpp"
#include "ivr/core/error.hpp"
#include "phone/saved_json.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace ivr::phone {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxEntries = 1'000'000;
constexpr std::int64_t kLongest = std::int64_t{1} << 53;  // what JSON can hold

using Happenings = std::map<std::string_view, Happening>;

/// All that there are, by their names. `error` is the last.
Happenings allHappenings() {
  Happenings all;
  for (int i = 0; i <= static_cast<int>(Happening::error); ++i) {
    all.emplace(textOf(static_cast<Happening>(i)), static_cast<Happening>(i));
  }
  return all;
}

/// The text of a member: empty if there is none, nothing if it is something else.
std::optional<std::string> textIn(const Json& line, const char* name) {
  const auto found = line.find(name);
  if (found == line.end()) return std::string{};
  if (!found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

/// How deep what is parsed may be: an entry needs two levels.
bool isDeep(std::string_view text) {
  int depth = 0;
  return std::ranges::any_of(text, [&](char c) {
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    return depth > 200;  // brackets in texts count, too: more than anybody says
  });
}

std::optional<Entry> entryFrom(std::string_view text, const Happenings& happenings) {
  if (isDeep(text)) return std::nullopt;
  const Json line = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!line.is_object()) return std::nullopt;
  const auto at = line.find("at");
  if (at == line.end() || !at->is_number_integer()) return std::nullopt;
  const auto moment = at->get<std::int64_t>();
  if (moment < 0 || moment > kLongest) return std::nullopt;
  auto callSid = textIn(line, "call");
  const auto what = textIn(line, "what");
  auto words = textIn(line, "text");
  auto code = textIn(line, "code");
  if (!callSid || !what || !words || !code) return std::nullopt;
  const auto happening = happenings.find(*what);
  if (happening == happenings.end()) return std::nullopt;
  Entry entry{.at = Moment{moment},
              .callSid = *std::move(callSid),
              .what = happening->second,
              .text = *std::move(words),
              .code = *std::move(code)};
  const auto details = line.find("details");
  if (details == line.end()) return entry;
  if (!details->is_object()) return std::nullopt;
  for (const auto& [name, value] : details->items()) {
    // Others are from a newer version, or somebody else's.
    if (value.is_string()) entry.details.emplace_back(name, value.get<std::string>());
  }
  return entry;
}

}  // namespace

Json savedJson(const Entry& entry) {
  Json line{{"at", entry.at.count()},
            {"call", entry.callSid},
            {"what", textOf(entry.what)},
            {"text", entry.text}};
  if (!entry.code.empty()) line["code"] = entry.code;
  for (const auto& [name, value] : entry.details) {
    if (!value.empty()) line["details"][name] = value;
  }
  return line;
}

std::string lineOf(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

std::string savedLine(const Entry& entry) { return lineOf(savedJson(entry)); }

Timeline timelineFrom(std::string_view text) {
  const Happenings happenings = allHappenings();
  Timeline timeline;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    auto entry = entryFrom(line, happenings);
    if (!entry) {
      throw Error{ErrorKind::usage,
                  "line " + std::to_string(number) + " is no entry of a timeline"};
    }
    if (timeline.size() == kMaxEntries) {
      throw Error{ErrorKind::usage, "the timeline has more than a million entries"};
    }
    timeline.push_back(*std::move(entry));
  }
  return timeline;
}

}  // namespace ivr::phone
