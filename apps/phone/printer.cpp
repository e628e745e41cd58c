#include "printer.hpp"

#include <ivr/core/log.hpp>

#include <iostream>
#include <nlohmann/json.hpp>

namespace phone {

namespace {

using ivr::phone::Entry;
using ivr::phone::Happening;

constexpr std::size_t kMaxLine = 2000;

bool isForTheCurious(Happening happening) {
  return happening == Happening::webhook || happening == Happening::twiml ||
         happening == Happening::asks || happening == Happening::conference;
}

}  // namespace

std::string jsonOf(const Entry& entry) {
  nlohmann::ordered_json line{{"at", entry.at.count()},
                              {"call", entry.callSid},
                              {"what", ivr::phone::textOf(entry.what)},
                              {"text", entry.text}};
  if (!entry.code.empty()) line["code"] = entry.code;
  for (const auto& [name, value] : entry.details) {
    if (!value.empty()) line["details"][name] = value;
  }
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void Printer::print(const Entry& entry) {
  if (style_ == PrintStyle::json) {
    std::cout << jsonOf(entry) << '\n' << std::flush;
    return;
  }
  if (entry.what == Happening::called && !entry.callSid.empty()) {
    if (first_.empty()) first_ = entry.callSid;
    if (entry.callSid != first_) numbers_.emplace(entry.callSid, entry.detail("to"));
  }
  if (!isVerbose_ && isForTheCurious(entry.what)) return;
  std::string line;
  if (const auto number = numbers_.find(entry.callSid); number != numbers_.end()) {
    line = '[' + number->second + "] ";
  }
  // What applications and callers say must not write on a terminal.
  std::cout << ivr::oneLine(line + describe(entry), kMaxLine) << '\n' << std::flush;
}

}  // namespace phone
