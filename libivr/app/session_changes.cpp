#include "app/session_changes.hpp"

#include "ivr/http/percent.hpp"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>

namespace ivr {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxNames = 20;
constexpr std::size_t kMaxNameBytes = 64;

/// Nothing if the text is not that of a session.
std::optional<json> valuesIn(std::string_view text) {
  if (text.empty()) return json::object();
  json values = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!values.is_object()) return std::nullopt;
  return values;
}

/// The names of the members that are not the same in both, in alphabetical order, each with its two
/// values; null for a value that is not there.
template <class Use>
void forEachDifference(const json& before, const json& after, Use use) {
  auto old = before.begin();
  auto now = after.begin();
  while (old != before.end() || now != after.end()) {
    const bool isGone = now == after.end() || (old != before.end() && old.key() < now.key());
    const bool isNew = old == before.end() || (now != after.end() && now.key() < old.key());
    if (isGone) {
      use(old.key(), &*old, nullptr);
    } else if (isNew) {
      use(now.key(), nullptr, &*now);
    } else if (*old != *now) {
      use(now.key(), &*old, &*now);
    }
    if (!isNew) ++old;
    if (!isGone) ++now;
  }
}

/// Its beginning, without half a character at the end.
std::string_view cutName(std::string_view name) {
  if (name.size() <= kMaxNameBytes) return name;
  std::size_t end = kMaxNameBytes;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  return name.substr(0, end);
}

}  // namespace

std::string changedMembers(std::string_view before, std::string_view after) {
  if (before == after) return {};
  const auto old = valuesIn(before);
  const auto now = valuesIn(after);
  if (!old || !now) return {};
  std::string names;
  std::size_t count = 0;
  const auto add = [&](std::string_view name) {
    if (++count > kMaxNames) return;
    if (!names.empty()) names += ", ";
    names += http::percentEncode(cutName(name), http::PercentKeep::nothing);
  };
  forEachDifference(*old, *now, [&](const std::string& name, const json* was, const json* is) {
    const bool areStructs = was != nullptr && is != nullptr && was->is_object() && is->is_object();
    if (!areStructs) return add(name);
    forEachDifference(*was, *is, [&](const std::string& member, const json*, const json*) {
      add(name + '.' + member);
    });
  });
  return names;
}

}  // namespace ivr
