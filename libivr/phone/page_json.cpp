#include "phone/page_json.hpp"

#include "ivr/twiml/lint.hpp"
#include "phone/saved_json.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace ivr::phone {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kShownFindings = 20;
constexpr std::size_t kShownMenuFindings = 200;
constexpr std::size_t kShownHeard = 10;

Json findingsIn(const Entry& document) {
  Json findings = Json::array();
  const auto found = twiml::lintTwiml(
      document.text, {.url = std::string{document.detail("url")}, .allowsLocalAddresses = true});
  for (const twiml::Finding& finding : found) {
    if (findings.size() >= kShownFindings) break;
    findings.push_back({{"line", finding.position.line},
                        {"column", finding.position.column},
                        {"severity", textOf(finding.severity)},
                        {"rule", finding.rule},
                        {"code", finding.code},
                        {"message", finding.message}});
  }
  return findings;
}

Json firstOf(const std::vector<std::string>& texts, std::size_t most) {
  Json all = Json::array();
  for (const std::string& text : texts) {
    if (all.size() >= most) break;
    all.push_back(text);
  }
  return all;
}

std::string_view kindOf(Act::Kind kind) {
  switch (kind) {
    case Act::Kind::press: return "press";
    case Act::Kind::say: return "say";
    case Act::Kind::silence: return "silence";
    case Act::Kind::wait: return "wait";
    case Act::Kind::hangUp: return "hangUp";
    case Act::Kind::othersAnswer: return "othersAnswer";
    case Act::Kind::othersRefuse: return "othersRefuse";
    case Act::Kind::othersHangUp: return "othersHangUp";
  }
  return "";
}

}  // namespace

Json entryJson(const Entry& entry) {
  Json json = savedJson(entry);
  if (entry.what == Happening::twiml) {
    Json findings = findingsIn(entry);
    if (!findings.empty()) json["findings"] = std::move(findings);
  }
  return json;
}

Json callJson(const CallView& call) {
  Json json{{"sid", call.sid},
            {"from", call.from},
            {"to", call.to},
            {"direction", call.direction},
            {"status", textOf(call.status)},
            {"activity", textOf(call.activity)},
            {"began", call.began.count()}};
  if (!call.parentSid.empty()) json["parent"] = call.parentSid;
  if (call.question) {
    const Question& question = *call.question;
    json["question"] = {{"takesDigits", question.takesDigits},
                        {"takesSpeech", question.takesSpeech},
                        {"finishOnKey", question.finishOnKey},
                        {"timeout", question.timeout.count()},
                        {"hints", question.hints}};
    if (question.numDigits) json["question"]["numDigits"] = *question.numDigits;
  }
  if (!call.conference.empty()) json["conference"] = call.conference;
  if (!call.queue.empty()) json["queue"] = call.queue;
  if (call.isMuted) json["muted"] = true;
  if (call.isOnHold) json["hold"] = true;
  if (!call.hearers.empty()) json["hearers"] = call.hearers;
  if (call.answered) json["answered"] = call.answered->count();
  if (call.ended) json["ended"] = call.ended->count();
  return json;
}

Json menuJson(std::string_view number, const MenuGraph& graph) {
  Json nodes = Json::array();
  for (const MenuNode& node : graph.nodes) {
    const bool isEnd = node.kind == MenuNode::Kind::ended || node.kind == MenuNode::Kind::endless;
    nodes.push_back({{"id", node.id},
                     {"isStart", node.kind == MenuNode::Kind::start},
                     {"isEnd", isEnd},
                     {"kind", textOf(node.kind)},
                     {"address", node.address},
                     {"detail", node.detail},
                     {"heard", firstOf(node.heard, kShownHeard)},
                     {"states", firstOf(node.states, kShownHeard)},
                     {"isTried", node.isTried}});
  }
  Json edges = Json::array();
  for (const MenuEdge& edge : graph.edges) {
    edges.push_back({{"from", edge.from},
                     {"to", edge.to},
                     {"act", kindOf(edge.step.act.kind)},
                     {"text", edge.step.act.text},
                     {"times", edge.step.times}});
  }
  Json findings = Json::array();
  for (const MenuFinding& finding : graph.findings) {
    if (findings.size() >= kShownMenuFindings) break;
    findings.push_back(describe(finding));
  }
  return {{"number", number},
          {"nodes", std::move(nodes)},
          {"edges", std::move(edges)},
          {"findings", std::move(findings)},
          {"bounds", firstOf(graph.bounds, kShownMenuFindings)},
          {"calls", graph.calls}};
}

Json faultsJson(const std::vector<Fault>& toCome) {
  Json names = Json::array();
  for (const Fault fault : toCome) names.push_back(textOf(fault));
  return names;
}

}  // namespace ivr::phone
