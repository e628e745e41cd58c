#include "app/twiml_lint.hpp"

#include "core/log_line.hpp"
#include "twiml/links.hpp"

#include <utility>

namespace ivr {

void TwimlLint::report(std::string_view owner, std::string_view xml, twiml::TwimlUse use) {
  if (config_.mode != Config::Mode::development) return;
  const twiml::LintOptions options{.use = use, .allowsLocalAddresses = true};
  for (const twiml::Finding& finding : twiml::lintTwiml(xml, options)) {
    if (!isNew(owner, std::string{finding.rule})) continue;
    const bool isError = finding.severity == twiml::Severity::error;
    LogLine line{config_.personalData, "twiml"};
    line.add("state", owner);
    line.add("at",
             std::to_string(finding.position.line) + ':' + std::to_string(finding.position.column));
    line.add("rule", finding.rule);
    if (!finding.code.empty()) line.add("code", finding.code);
    line.add("message", finding.message, Shown::withoutNumbers);
    config_.log(isError ? LogLevel::error : LogLevel::warning, line.text());
  }
  if (leadsNowhere_) reportLinks(owner, xml);
}

void TwimlLint::checkLinks(const http::Url& publicUrl,
                           std::function<bool(std::string_view)> leadsNowhere) {
  prefix_ = publicUrl.path;
  publicRoot_ = publicUrl.text();
  publicRoot_.resize(publicRoot_.size() - prefix_.size());
  leadsNowhere_ = std::move(leadsNowhere);
}

void TwimlLint::reportLinks(std::string_view owner, std::string_view xml) {
  for (const twiml::Link& link : twiml::linksIn(xml)) {
    std::string_view path = link.url;
    if (!publicRoot_.empty() && path.starts_with(publicRoot_ + '/')) {
      path.remove_prefix(publicRoot_.size());
    }
    if (!path.starts_with('/') || path.starts_with("//")) continue;  // somebody else's
    path = path.substr(0, path.find_first_of("?#"));
    std::string why;
    if (!path.starts_with(prefix_)) {
      why = "the public URL has the path " + prefix_ + ": make the link with call.urlFor";
    } else if (leadsNowhere_(path.substr(prefix_.size()))) {
      why = "no state, route or audio file has this address";
    } else {
      continue;
    }
    if (!isNew(owner, "link " + link.url)) continue;
    LogLine line{config_.personalData, "twiml"};
    line.add("state", owner).add("rule", "link-to-nowhere");
    line.add("in", '<' + link.element + '>' + (link.attribute.empty() ? "" : ' ' + link.attribute));
    line.add("to", path, Shown::withoutNumbers).add("message", why);
    config_.log(LogLevel::error, line.text());
  }
}

/// Remembers what was told, up to a bound.
bool TwimlLint::isNew(std::string_view owner, std::string what) {
  constexpr std::size_t kMaxTold = 1000;
  const std::lock_guard lock{mutex_};
  return told_.size() < kMaxTold && told_.emplace(owner, std::move(what)).second;
}

}  // namespace ivr
