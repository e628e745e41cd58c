#include "ivr/phone/timeline.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <ostream>

namespace ivr::phone {

std::string_view textOf(Happening happening) noexcept {
  switch (happening) {
    case Happening::called: return "called";
    case Happening::ringing: return "ringing";
    case Happening::answered: return "answered";
    case Happening::ended: return "ended";
    case Happening::says: return "says";
    case Happening::plays: return "plays";
    case Happening::pauses: return "pauses";
    case Happening::hears: return "hears";
    case Happening::asks: return "asks";
    case Happening::waits: return "waits";
    case Happening::gathered: return "gathered";
    case Happening::recorded: return "recorded";
    case Happening::pressed: return "pressed";
    case Happening::spoke: return "spoke";
    case Happening::hungUp: return "hungUp";
    case Happening::lost: return "lost";
    case Happening::webhook: return "webhook";
    case Happening::twiml: return "twiml";
    case Happening::updated: return "updated";
    case Happening::dials: return "dials";
    case Happening::connected: return "connected";
    case Happening::disconnected: return "disconnected";
    case Happening::enqueued: return "enqueued";
    case Happening::leftQueue: return "leftQueue";
    case Happening::joined: return "joined";
    case Happening::leftConference: return "leftConference";
    case Happening::conference: return "conference";
    case Happening::message: return "message";
    case Happening::notPlayed: return "notPlayed";
    case Happening::note: return "note";
    case Happening::warning: return "warning";
    case Happening::error: return "error";
  }
  return "";
}

namespace {

/// How a line begins, and whether its text is quoted.
struct Telling {
  std::string_view verb;
  bool isQuoted = false;
};

Telling tellingOf(Happening happening) {
  switch (happening) {
    case Happening::says: return {"hears", true};
    case Happening::plays: return {"hears", false};
    case Happening::pauses: return {"hears nothing for", false};
    case Happening::hears: return {"hears", true};
    case Happening::asks: return {"is asked", false};
    case Happening::waits: return {"has their turn", false};
    case Happening::gathered: return {"gave", true};
    case Happening::recorded: return {"was recorded", true};
    case Happening::pressed: return {"presses", false};
    case Happening::spoke: return {"says", true};
    case Happening::hungUp: return {"hangs up", false};
    case Happening::lost: return {"is not listened to:", true};
    case Happening::webhook: return {"  webhook", false};
    case Happening::twiml: return {"  document", false};
    case Happening::updated: return {"is moved by the API", false};
    case Happening::connected: return {"is connected", false};
    case Happening::disconnected: return {"is disconnected", false};
    case Happening::enqueued: return {"waits in queue", false};
    case Happening::leftQueue: return {"leaves queue", false};
    case Happening::joined: return {"joins conference", false};
    case Happening::leftConference: return {"leaves conference", false};
    case Happening::conference: return {"  conference", false};
    case Happening::message: return {"  message", true};
    case Happening::notPlayed: return {"  not played:", false};
    case Happening::note: return {"  note:", false};
    case Happening::warning: return {"  warning", false};
    case Happening::error: return {"  error", false};
    default: return {textOf(happening), false};
  }
}

}  // namespace

std::string_view Entry::detail(std::string_view name) const noexcept {
  for (const auto& [key, value] : details) {
    if (key == name) return value;
  }
  return {};
}

std::string describe(Moment moment) {
  const auto all = static_cast<std::int64_t>(moment.count());
  const auto milliseconds = static_cast<int>(all % 1000);
  const auto seconds = static_cast<int>(all / 1000 % 60);
  const auto minutes = static_cast<int>(all / 60'000 % 60);
  const long long hours = all / 3'600'000;
  std::array<char, 48> text{};
  if (hours > 0) {
    std::snprintf(text.data(), text.size(), "%lld:%02d:%02d.%03d", hours, minutes, seconds,
                  milliseconds);
  } else {
    std::snprintf(text.data(), text.size(), "%02d:%02d.%03d", minutes, seconds, milliseconds);
  }
  return text.data();
}

std::string describe(const Entry& entry) {
  const auto [verb, isQuoted] = tellingOf(entry.what);
  std::string line = describe(entry.at) + ' ';
  line += verb;
  if (!entry.code.empty()) line += " " + entry.code;
  if (!entry.text.empty()) {
    line += ' ';
    if (isQuoted) line += '"';
    // A document, and what somebody says, may have several lines.
    for (const char c : entry.text) line += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    if (isQuoted) line += '"';
  }
  for (const auto& [name, value] : entry.details) {
    if (!value.empty()) line += " " + name + "=" + value;
  }
  return line;
}

std::ostream& operator<<(std::ostream& out, const Entry& entry) { return out << describe(entry); }

}  // namespace ivr::phone
