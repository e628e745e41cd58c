#pragma once
// Tells a developer what is wrong with the documents that are sent.

#include "ivr/app/config.hpp"
#include "ivr/twiml/lint.hpp"

#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace ivr {

/// Lints documents while an application is being developed; in production it does nothing. May be
/// used from several threads at once.
class TwimlLint {
 public:
  /// `config` must outlive this.
  explicit TwimlLint(const Config& config) : config_(config) {}

  /// Logs what is found in a document, each kind of finding once per `owner`, the state or other
  /// code that made it: `twiml state=HOURS at=1:55 code=12200 message="<Say> has no attribute
  /// vioce"`.
  void report(std::string_view owner, std::string_view xml,
              twiml::TwimlUse use = twiml::TwimlUse::call);

 private:
  const Config& config_;
  std::mutex mutex_;
  std::set<std::pair<std::string, std::string_view>> told_;  ///< Owners and codes.
};

}  // namespace ivr
