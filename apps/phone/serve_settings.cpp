#include "serve_settings.hpp"

#include <ivr/core/error.hpp>
#include <ivr/core/log.hpp>
#include <ivr/phone/address.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <initializer_list>
#include <limits>
#include <sstream>
#include <toml++/toml.h>
#include <utility>

namespace phone {

namespace {

using ivr::Error;
using ivr::ErrorKind;
using ivr::phone::PlayedTelephone;
using ivr::phone::ServedNumber;
using ivr::phone::Telephone;

constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;

/// The parts before and behind `=`.
std::pair<std::string, std::string> pairIn(std::string_view text, const char* what) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) {
    throw Error{ErrorKind::usage, std::string{what} + " is not NUMBER=...: " + ivr::oneLine(text)};
  }
  return {std::string{text.substr(0, equals)}, std::string{text.substr(equals + 1)}};
}

void requireHttpUrl(const std::string& url) {
  if (ivr::phone::originIn(url)) return;
  throw Error{ErrorKind::usage, "not an address of http or https: " + ivr::oneLine(url)};
}

/// `2s`, `500ms`.
std::chrono::milliseconds delayFrom(std::string_view text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [unit, error] = std::from_chars(text.data(), end, number);
  const std::string_view name{unit, static_cast<std::size_t>(end - unit)};
  constexpr int kMost = 3600;
  if (error == std::errc{} && number >= 0) {
    if (name == "s" && number <= kMost) return std::chrono::seconds{number};
    if (name == "ms" && number <= kMost * 1000) return std::chrono::milliseconds{number};
  }
  throw Error{ErrorKind::usage, "not a time such as 2s or 500ms: " + ivr::oneLine(text)};
}

/// A table of the file whose names are all read: others are mistakes.
class Table {
 public:
  Table(const toml::table& table, std::string file) : table_(table), file_(std::move(file)) {}

  void allow(std::initializer_list<std::string_view> names) const {
    for (const auto& [name, value] : table_) {
      if (std::ranges::find(names, name.str()) == names.end()) {
        refuse(value, "there is no setting " + ivr::oneLine(name.str()));
      }
    }
  }

  [[nodiscard]] std::string text(std::string_view name) const {
    const toml::node* const node = table_.get(name);
    if (node == nullptr) return {};
    const auto value = node->value_exact<std::string>();
    if (!value) refuse(*node, std::string{name} + " is to be a text in quotes");
    return *value;
  }

  [[nodiscard]] std::string requiredText(std::string_view name) const {
    std::string value = text(name);
    if (value.empty()) refuse(table_, std::string{name} + " is missing");
    return value;
  }

  [[nodiscard]] std::optional<int> number(std::string_view name, int least, int most) const {
    const toml::node* const node = table_.get(name);
    if (node == nullptr) return std::nullopt;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < least || *value > most) {
      refuse(*node, std::string{name} + " is to be a number from " + std::to_string(least) +
                        " to " + std::to_string(most));
    }
    return static_cast<int>(*value);
  }

  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const {
    std::vector<std::string> all;
    forEach(name, [&](const toml::node& item) {
      const auto value = item.value_exact<std::string>();
      if (!value) refuse(item, std::string{name} + " is to be a list of texts");
      all.push_back(*value);
    });
    return all;
  }

  template <class Use>
  void tables(std::string_view name, Use use) const {
    forEach(name, [&](const toml::node& item) {
      const toml::table* const table = item.as_table();
      if (table == nullptr) {
        refuse(item, "a " + std::string{name} + " is to be a table: [[" + std::string{name} + "]]");
      }
      const Table inner{*table, file_};
      try {
        use(inner);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::usage) throw;
        refuse(item, error.what());
      }
    });
  }

 private:
  template <class Use>
  void forEach(std::string_view name, Use use) const {
    const toml::node* const node = table_.get(name);
    if (node == nullptr) return;
    const toml::array* const items = node->as_array();
    if (items == nullptr) refuse(*node, std::string{name} + " is to be a list");
    for (const toml::node& item : *items) use(item);
  }

  [[noreturn]] void refuse(const toml::node& where, const std::string& why) const {
    throw Error{ErrorKind::config,
                file_ + ", line " + std::to_string(where.source().begin.line) + ": " + why};
  }

  const toml::table& table_;
  std::string file_;
};

/// What an option says of a number, and that number in the settings.
std::pair<ServedNumber&, std::string> ofNumber(ServeSettings& settings, std::string_view text,
                                               const char* option) {
  auto [number, value] = pairIn(text, option);
  const auto served = std::ranges::find(settings.numbers, number, &ServedNumber::number);
  if (served != settings.numbers.end()) return {*served, std::move(value)};
  throw Error{ErrorKind::usage,
              std::string{option} + " is for a number that is not given: " + ivr::oneLine(text)};
}

ivr::HttpMethod httpMethodFrom(const std::string& name) {
  if (name.empty() || name == "POST") return ivr::HttpMethod::post;
  if (name == "GET") return ivr::HttpMethod::get;
  throw Error{ErrorKind::usage, "a method is POST or GET, not " + ivr::oneLine(name)};
}

}  // namespace

ServedNumber servedNumberFrom(std::string_view text) {
  auto [number, url] = pairIn(text, "--number");
  requireHttpUrl(url);
  ServedNumber served{.number = std::move(number)};
  served.settings.voiceUrl = std::move(url);
  return served;
}

PlayedTelephone telephoneFrom(std::string_view text) {
  auto [number, reaction] = pairIn(text, "--telephone");
  return {.number = std::move(number), .telephone = reactionFrom(reaction)};
}

void setName(ServeSettings& settings, std::string_view text) {
  auto [served, name] = ofNumber(settings, text, "--name");
  served.name = std::move(name);
}

void setStatusCallback(ServeSettings& settings, std::string_view text) {
  auto [served, url] = ofNumber(settings, text, "--status-callback");
  requireHttpUrl(url);
  served.settings.statusCallback = std::move(url);
}

Telephone reactionFrom(std::string_view text) {
  using Reaction = Telephone::Reaction;
  constexpr std::array<std::pair<std::string_view, Reaction>, 6> kReactions{
      {{"answer", Reaction::answers},
       {"busy", Reaction::busy},
       {"refuse", Reaction::refuses},
       {"silent", Reaction::rings},
       {"machine", Reaction::machine},
       {"fails", Reaction::fails}}};
  const std::size_t colon = text.find(':');
  const auto* const found = std::ranges::find(kReactions, text.substr(0, colon),
                                              &std::pair<std::string_view, Reaction>::first);
  if (found == kReactions.end()) {
    throw Error{ErrorKind::usage,
                "a telephone does answer, busy, refuse, silent, machine or fails, not " +
                    ivr::oneLine(text)};
  }
  Telephone telephone{.reaction = found->second};
  if (colon != std::string_view::npos) telephone.after = delayFrom(text.substr(colon + 1));
  return telephone;
}

ServeSettings settingsFromFile(const std::string& file) {
  const std::string name = ivr::oneLine(file);
  std::ifstream stream{file, std::ios::binary};
  std::string text(kMaxFileBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (stream.bad() || (!stream.eof() && stream.fail()) || (text.empty() && !stream.eof())) {
    throw Error{ErrorKind::config, name + " cannot be read"};
  }
  if (text.size() > kMaxFileBytes) throw Error{ErrorKind::config, name + " is too long"};
  toml::table parsed;
  try {
    parsed = toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw Error{ErrorKind::config, name + ", line " + std::to_string(error.source().begin.line) +
                                       ": " + ivr::oneLine(std::string{error.description()})};
  }
  const Table top{parsed, name};
  top.allow({"port", "address", "account", "api_key", "words_per_minute", "conference_list_delay",
             "number", "telephone", "origins", "hosts"});
  ServeSettings settings;
  if (const auto port = top.number("port", 0, std::numeric_limits<std::uint16_t>::max())) {
    settings.port = static_cast<std::uint16_t>(*port);
  }
  settings.address = top.text("address");
  settings.account = top.text("account");
  settings.apiKey = top.text("api_key");
  constexpr int kMostWords = 1'000'000;
  settings.wordsPerMinute = top.number("words_per_minute", 1, kMostWords);
  constexpr int kLongestDelay = 3600;
  settings.conferenceListDelay = top.number("conference_list_delay", 0, kLongestDelay);
  settings.origins = top.texts("origins");
  settings.hosts = top.texts("hosts");
  top.tables("number", [&](const Table& table) {
    table.allow({"number", "name", "url", "method", "fallback_url", "fallback_method",
                 "status_callback", "status_callback_method"});
    ServedNumber served{.number = table.requiredText("number"), .name = table.text("name")};
    served.settings = {
        .voiceUrl = table.requiredText("url"),
        .voiceMethod = httpMethodFrom(table.text("method")),
        .fallbackUrl = table.text("fallback_url"),
        .fallbackMethod = httpMethodFrom(table.text("fallback_method")),
        .statusCallback = table.text("status_callback"),
        .statusCallbackMethod = httpMethodFrom(table.text("status_callback_method"))};
    for (const std::string& url :
         {served.settings.voiceUrl, served.settings.fallbackUrl, served.settings.statusCallback}) {
      if (!url.empty()) requireHttpUrl(url);
    }
    settings.numbers.push_back(std::move(served));
  });
  top.tables("telephone", [&](const Table& table) {
    table.allow({"number", "does"});
    settings.telephones.push_back({.number = table.requiredText("number"),
                                   .telephone = reactionFrom(table.requiredText("does"))});
  });
  return settings;
}

ServeSettings merged(ServeSettings first, const ServeSettings& second) {
  const auto append = [](auto& to, const auto& more) {
    to.insert(to.end(), more.begin(), more.end());
  };
  if (!first.port) first.port = second.port;
  if (first.address.empty()) first.address = second.address;
  if (first.account.empty()) first.account = second.account;
  if (first.apiKey.empty()) first.apiKey = second.apiKey;
  if (!first.wordsPerMinute) first.wordsPerMinute = second.wordsPerMinute;
  if (!first.conferenceListDelay) first.conferenceListDelay = second.conferenceListDelay;
  append(first.numbers, second.numbers);
  append(first.telephones, second.telephones);
  append(first.origins, second.origins);
  append(first.hosts, second.hosts);
  return first;
}

}  // namespace phone
