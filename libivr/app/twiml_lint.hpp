#pragma once
// Tells a developer what is wrong with the documents that are sent.

#include "http/url.hpp"
#include "ivr/app/config.hpp"
#include "ivr/twiml/lint.hpp"

#include <functional>
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

  /// Logs what is found in a document, what each rule finds once per `owner`, the state or other
  /// code that made it: `twiml state=HOURS at=1:55 rule=unknown-attribute code=12200 message="<Say>
  /// has no attribute vioce"`.
  void report(std::string_view owner, std::string_view xml,
              twiml::TwimlUse use = twiml::TwimlUse::call);

  /// From now on a link that `leadsNowhere` is found too: it gets the paths of links to this
  /// application, percent-encoded. Called before the first document.
  void checkLinks(const http::Url& publicUrl, std::function<bool(std::string_view)> leadsNowhere);

 private:
  [[nodiscard]] bool isNew(std::string_view owner, std::string what);
  void reportLinks(std::string_view owner, std::string_view xml);

  const Config& config_;
  std::string publicRoot_;  ///< The public URL without its path.
  std::string prefix_;      ///< Its path.
  std::function<bool(std::string_view)> leadsNowhere_;
  std::mutex mutex_;
  std::set<std::pair<std::string, std::string>> told_;  ///< Owners, and rules or links.
};

}  // namespace ivr
