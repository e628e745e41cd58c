#include "phone/page_timeline.hpp"

#include "phone/saved_json.hpp"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <set>

namespace ivr::phone {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kShownEntries = 300;
constexpr std::size_t kShownBytes = std::size_t{1} << 20;

bool isEntry(const EventFeed::Event& event) { return event.type == "entry"; }

/// The call that made the one which begins here; empty if none did, or if none begins.
std::string parentIn(const EventFeed::Event& event) {
  // Most entries are others, and need not be read for that: in a text, quotes are escaped.
  if (event.data.find(R"("what":"called")") == std::string::npos) return {};
  const Json entry = Json::parse(event.data);
  const auto details = entry.find("details");
  return details == entry.end() ? std::string{} : details->value("parent", std::string{});
}

/// Without what the lint has found, which is for pages alone.
std::string savedEntry(const std::string& told) {
  constexpr const char* kFindings = "findings";
  if (told.find(kFindings) == std::string::npos) return told;
  Json entry = Json::parse(told);
  entry.erase(kFindings);
  return lineOf(entry);
}

}  // namespace

Json newestEntries(const EventFeed& feed) {
  const auto& events = feed.events();
  auto first = events.end();
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (first != events.begin() && count < kShownEntries && bytes < kShownBytes) {
    --first;
    if (!isEntry(*first)) continue;
    ++count;
    bytes += first->data.size();
  }
  Json entries = Json::array();
  for (; first != events.end(); ++first) {
    if (isEntry(*first)) entries.push_back(Json::parse(first->data));
  }
  return entries;
}

std::string savedEntries(const EventFeed& feed, std::string_view callSid) {
  // A call has been made by another one before anything else is told of it.
  std::set<std::string, std::less<>> wanted{std::string{callSid}};
  std::string lines;
  for (const EventFeed::Event& event : feed.events()) {
    if (!isEntry(event)) continue;
    if (!callSid.empty() && !wanted.contains(event.callSid)) {
      if (!wanted.contains(parentIn(event))) continue;
      wanted.insert(event.callSid);
    }
    lines.append(savedEntry(event.data)).append("\n");
  }
  return lines;
}

}  // namespace ivr::phone
