#pragma once
// The file of settings that a team keeps beside its documents.

#include <ivr/twiml/lint.hpp>

#include <string>
#include <string_view>
#include <vector>

/// What `--as` and `--provider` take.
std::vector<std::string> useNames();
std::vector<std::string> providerNames();
/// Throws `std::invalid_argument` for other names.
ivr::twiml::TwimlUse useOf(std::string_view name);
ivr::twiml::TwimlProvider providerOf(std::string_view name);

/// Lines such as these, for all documents, and behind a folder in brackets for those in it:
///
///   # our lines call back to the same address
///   gather-without-action = off
///   [calls/accept]
///   as = screening
///
/// Rules are set to `off`, `warning` or `error`; `as`, `provider`, `url` and `development` (true or
/// false) are as on the command line.
class Settings {
 public:
  Settings() = default;
  /// Throws `std::invalid_argument` that names the line.
  explicit Settings(std::string_view text);

  /// What they say of a document; later lines win.
  void apply(const std::string& file, ivr::twiml::LintOptions& options) const;

 private:
  struct Line {
    std::string folder;  ///< Empty for all documents.
    std::string key;
    std::string value;
  };

  std::vector<Line> lines_;
};

/// Sets one thing, as a line of the file does. Throws `std::invalid_argument`.
void set(const std::string& key, const std::string& value, ivr::twiml::LintOptions& options);
