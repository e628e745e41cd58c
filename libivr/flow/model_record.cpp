#include "flow/model_record.hpp"

#include "ivr/core/error.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace ivr::flow {

using nlohmann::json;

namespace {

constexpr std::size_t kMaxModelId = 64;
constexpr std::size_t kMaxStoreName = 40;

bool isPlainWord(std::string_view text, std::size_t maximum) noexcept {
  return !text.empty() && text.size() <= maximum && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

std::string memberOf(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::vector<DueEntry> dueFrom(const json& record) {
  std::vector<DueEntry> all;
  const auto found = record.find("due");
  if (found == record.end() || !found->is_array()) return all;
  for (const json& one : *found) {
    if (!one.is_object()) continue;
    all.push_back({.id = memberOf(one, "id"),
                   .flow = memberOf(one, "flow"),
                   .callback = memberOf(one, "callback"),
                   .event = memberOf(one, "event"),
                   .from = memberOf(one, "from"),
                   .to = memberOf(one, "to"),
                   .outcome = outcomeFrom(memberOf(one, "outcome")).value_or(Outcome::same),
                   .by = memberOf(one, "by")});
  }
  return all;
}

json jsonOf(const DueEntry& entry) {
  return {{"id", entry.id},
          {"flow", entry.flow},
          {"callback", entry.callback},
          {"event", entry.event},
          {"from", entry.from},
          {"to", entry.to},
          {"outcome", textOf(entry.outcome)},
          {"by", entry.by}};
}

[[noreturn]] void refuseRecord(const detail::ModelStore& store, const std::string& why) {
  throw Error{ErrorKind::usage, "a stored " + store.options.name + ' ' + why};
}

}  // namespace

bool isModelId(std::string_view text) noexcept { return isPlainWord(text, kMaxModelId); }

std::optional<ModelRecord> ModelRecord::from(std::string_view text,
                                             const detail::ModelStore& store) {
  if (text.empty()) return std::nullopt;
  json record = json::parse(text, nullptr, false);
  if (!record.is_object() || !record.contains("model")) refuseRecord(store, "is not a model");
  const auto found = record.find("version");
  const int version = found != record.end() && found->is_number_integer() ? found->get<int>() : 0;
  if (version > store.options.version) {
    refuseRecord(store, "has version " + std::to_string(version) +
                            " of a later program; this one "
                            "knows " +
                            std::to_string(store.options.version));
  }
  json& stored = record["model"];
  if (version < store.options.version) {
    if (!store.options.carryOver) {
      refuseRecord(store, "has version " + std::to_string(version) +
                              ", and StoreOptions::carryOver does not say what became of that");
    }
    store.options.carryOver(version, stored);
  }
  ModelRecord made{.model = store.model.make(), .legs = {}, .due = dueFrom(record)};
  try {
    store.model.read(made.model.get(), stored);
  } catch (const json::exception& error) {
    refuseRecord(store, std::string{"does not fit its class: "} + error.what());
  }
  if (const auto legs = record.find("legs"); legs != record.end() && legs->is_array()) {
    for (const json& leg : *legs) {
      if (leg.is_string()) made.legs.push_back(leg.get<std::string>());
    }
  }
  return made;
}

std::vector<DueEntry> ModelRecord::dueIn(std::string_view text) {
  const json record = json::parse(text, nullptr, false);
  return record.is_object() ? dueFrom(record) : std::vector<DueEntry>{};
}

std::string ModelRecord::text(const detail::ModelStore& store) const {
  if (due.size() > kMaxDue) {
    throw Error{ErrorKind::unavailable,
                "more than " + std::to_string(kMaxDue) + " callbacks of one model wait"};
  }
  json record{{"version", store.options.version}};
  store.model.write(model.get(), record["model"]);
  if (!legs.empty()) record["legs"] = legs;
  if (!due.empty()) {
    json& all = record["due"];
    for (const DueEntry& entry : due) all.push_back(jsonOf(entry));
  }
  // What a caller sent may be in the model, and need not be UTF-8.
  return record.dump(-1, ' ', false, json::error_handler_t::replace);
}

namespace detail {

ModelStore modelStore(std::shared_ptr<session::SessionStore> sessions, StoreOptions options,
                      ModelClass model) {
  if (!sessions) throw Error{ErrorKind::config, "the models of a flow have a null store"};
  if (options.name.empty()) {
    const std::size_t colon = model.name.rfind(':');
    options.name = model.name.substr(colon == std::string_view::npos ? 0 : colon + 1);
  }
  if (!isPlainWord(options.name, kMaxStoreName)) {
    throw Error{ErrorKind::config,
                "the models of a flow need a StoreOptions::name of 1 to 40 of A-Z a-z 0-9 _ -, "
                "which \"" +
                    options.name.substr(0, 2 * kMaxStoreName) + "\" is not"};
  }
  const auto zero = std::chrono::milliseconds::zero();
  if (options.lifetime <= zero || options.retention <= zero) {
    throw Error{ErrorKind::config,
                "the lifetime and the retention of " + options.name + " must be above 0 ms"};
  }
  return {.sessions = std::move(sessions), .options = std::move(options), .model = model};
}

}  // namespace detail

}  // namespace ivr::flow
