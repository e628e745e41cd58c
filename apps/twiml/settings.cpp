#include "settings.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace {

using namespace ivr::twiml;

template <class Value>
using Named = std::pair<std::string_view, Value>;

constexpr Named<TwimlUse> kUses[] = {{"call", TwimlUse::call},
                                     {"liveUpdate", TwimlUse::liveUpdate},
                                     {"conferenceWait", TwimlUse::conferenceWait},
                                     {"queueWait", TwimlUse::queueWait},
                                     {"screening", TwimlUse::screening}};
constexpr Named<TwimlProvider> kProviders[] = {{"twilio", TwimlProvider::twilio},
                                               {"signalwire", TwimlProvider::signalWire}};
constexpr Named<RuleLevel> kLevels[] = {
    {"off", RuleLevel::off}, {"warning", RuleLevel::warning}, {"error", RuleLevel::error}};

template <class Value, std::size_t Count>
std::vector<std::string> namesOf(const Named<Value> (&all)[Count]) {
  std::vector<std::string> names;
  for (const auto& [name, value] : all) names.emplace_back(name);
  return names;
}

template <class Value, std::size_t Count>
Value valueOf(const Named<Value> (&all)[Count], std::string_view name) {
  const auto* const found = std::ranges::find(all, name, &Named<Value>::first);
  if (found != std::end(all)) return found->second;
  std::string message = "unknown " + std::string{name} + "; allowed are";
  for (const auto& [known, value] : all) message.append(" ").append(known);
  throw std::invalid_argument{message};
}

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return std::string{text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1)};
}

bool isIn(const std::string& file, const std::string& folder) {
  const auto path = std::filesystem::path{file}.lexically_normal();
  const auto parent = std::filesystem::path{folder}.lexically_normal();
  const auto [rest, end] = std::mismatch(path.begin(), path.end(), parent.begin(), parent.end());
  return end == parent.end() || (std::next(end) == parent.end() && end->empty());
}

}  // namespace

std::vector<std::string> useNames() { return namesOf(kUses); }
std::vector<std::string> providerNames() { return namesOf(kProviders); }
TwimlUse useOf(std::string_view name) { return valueOf(kUses, name); }
TwimlProvider providerOf(std::string_view name) { return valueOf(kProviders, name); }

void set(const std::string& key, const std::string& value, LintOptions& options) {
  if (key == "as") {
    options.use = useOf(value);
  } else if (key == "provider") {
    options.provider = providerOf(value);
  } else if (key == "url") {
    options.url = value;
  } else if (key == "development") {
    if (value != "true" && value != "false") {
      throw std::invalid_argument{"development is true or false"};
    }
    options.allowsLocalAddresses = value == "true";
  } else if (findRule(key) != nullptr) {
    options.levels[key] = valueOf(kLevels, value);
  } else {
    throw std::invalid_argument{"there is no rule " + key};
  }
}

Settings::Settings(std::string_view text) {
  std::istringstream stream{std::string{text}};
  std::string folder;
  std::string words;
  for (int number = 1; std::getline(stream, words); ++number) {
    const std::string line = trimmed(words);
    if (line.empty() || line.starts_with('#')) continue;
    try {
      if (line.starts_with('[') && line.ends_with(']')) {
        folder = trimmed(std::string_view{line}.substr(1, line.size() - 2));
        continue;
      }
      const std::size_t sign = line.find('=');
      if (sign == std::string::npos) throw std::invalid_argument{"a line is NAME = VALUE"};
      lines_.push_back({.folder = folder,
                        .key = trimmed(std::string_view{line}.substr(0, sign)),
                        .value = trimmed(std::string_view{line}.substr(sign + 1))});
      LintOptions unused;
      set(lines_.back().key, lines_.back().value, unused);
    } catch (const std::invalid_argument& wrong) {
      throw std::invalid_argument{"line " + std::to_string(number) + ": " + wrong.what()};
    }
  }
}

void Settings::apply(const std::string& file, LintOptions& options) const {
  for (const Line& line : lines_) {
    if (line.folder.empty() || isIn(file, line.folder)) set(line.key, line.value, options);
  }
}
