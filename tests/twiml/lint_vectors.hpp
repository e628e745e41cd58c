#pragma once
// The documents of tests/vectors/lint: what the lint must find in each, or that it finds nothing.
//
//   === a name
//   as screening            what the document is for; so do `provider` and `url`
//   finds unreachable 3:3   the rule, the line and the column; an error or a warning, as the rule
//   is <Response>...           the document, up to the next name

#include "ivr/twiml/lint.hpp"

#include <cstddef>
#include <fstream>
#include <iterator>
#include <map>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::support {

struct LintVector {
  std::string name = {};
  twiml::LintOptions options = {};
  std::vector<std::string> finds = {};  ///< `unreachable 3:3`
  std::string text = {};

  friend void PrintTo(const LintVector& vector, std::ostream* out) { *out << vector.name; }
};

inline twiml::TwimlUse useNamed(const std::string& name) {
  static const std::map<std::string, twiml::TwimlUse> uses{
      {"call", twiml::TwimlUse::call},
      {"liveUpdate", twiml::TwimlUse::liveUpdate},
      {"conferenceWait", twiml::TwimlUse::conferenceWait},
      {"queueWait", twiml::TwimlUse::queueWait},
      {"screening", twiml::TwimlUse::screening}};
  return uses.at(name);
}

inline std::vector<LintVector> lintVectors(const std::string& file) {
  std::ifstream stream{IVR_TESTS_DIR "/vectors/lint/" + file};
  if (!stream) throw std::runtime_error{"cannot read " + file};
  std::vector<LintVector> vectors;
  bool isInText = false;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("=== ")) {
      vectors.push_back({.name = line.substr(4)});
      isInText = false;
      continue;
    }
    if (vectors.empty()) continue;  // what the file says of itself
    LintVector& vector = vectors.back();
    std::istringstream words{line};
    std::string key;
    std::string value;
    words >> key;
    std::getline(words >> std::ws, value);
    if (isInText || !(key == "as" || key == "provider" || key == "url" || key == "finds")) {
      isInText = true;
      vector.text += line + '\n';
    } else if (key == "as") {
      vector.options.use = useNamed(value);
    } else if (key == "provider") {
      vector.options.provider = twiml::TwimlProvider::signalWire;
    } else if (key == "url") {
      vector.options.url = value;
    } else {
      vector.finds.push_back(value);
    }
  }
  return vectors;
}

/// As `finds` has it.
inline std::vector<std::string> findsIn(const LintVector& vector) {
  std::vector<std::string> finds;
  for (const twiml::Finding& finding : twiml::lintTwiml(vector.text, vector.options)) {
    finds.push_back(std::string{finding.rule} + ' ' + std::to_string(finding.position.line) + ':' +
                    std::to_string(finding.position.column));
  }
  return finds;
}

}  // namespace ivr::support
