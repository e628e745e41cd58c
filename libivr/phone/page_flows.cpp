#include "phone/page_flows.hpp"

#include "ivr/phone/address.hpp"
#include "phone/page_json.hpp"

#include <chrono>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace ivr::phone {

namespace {

using Json = nlohmann::ordered_json;
using namespace std::chrono_literals;

constexpr std::size_t kMaxFlowBytes = std::size_t{256} << 10;
constexpr std::size_t kMaxFlows = 20;
constexpr std::size_t kMaxFlowNodes = 500;
constexpr std::size_t kMaxFlowEdges = 5000;
constexpr std::size_t kMaxFlowText = 200;

/// A member that is a text of a sensible length; empty otherwise.
std::string flowTextIn(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return {};
  return found->get_ref<const std::string&>().substr(0, kMaxFlowText);
}

bool isFlowFlagSet(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

const Json& flowListIn(const Json& object, const char* name) {
  static const Json kNone = Json::array();
  const auto found = object.find(name);
  return found != object.end() && found->is_array() ? *found : kNone;
}

/// A flow as the page draws menus: nodes, and edges between their places. Nothing if it is not one.
std::optional<Json> drawingOf(const Json& flow) {
  if (!flow.is_object()) return std::nullopt;
  Json nodes = Json::array();
  std::map<std::string, std::size_t, std::less<>> places;
  for (const Json& node : flowListIn(flow, "nodes")) {
    if (!node.is_object() || nodes.size() >= kMaxFlowNodes) return std::nullopt;
    std::string id = flowTextIn(node, "id");
    if (id.empty() || !places.emplace(id, nodes.size()).second) return std::nullopt;
    nodes.push_back({{"id", "state:" + id},
                     {"title", flowTextIn(node, "label")},
                     {"isEnd", isFlowFlagSet(node, "isEnd")}});
  }
  if (nodes.empty()) return std::nullopt;
  Json edges = Json::array();
  for (const Json& edge : flowListIn(flow, "edges")) {
    if (!edge.is_object() || edges.size() >= kMaxFlowEdges) return std::nullopt;
    const auto from = places.find(flowTextIn(edge, "from"));
    const auto to = places.find(flowTextIn(edge, "to"));
    if (from == places.end() || to == places.end()) return std::nullopt;
    edges.push_back({{"from", from->second},
                     {"to", to->second},
                     {"act", "event"},
                     {"text", flowTextIn(edge, "label")}});
  }
  return Json{
      {"name", flowTextIn(flow, "name")}, {"nodes", std::move(nodes)}, {"edges", std::move(edges)}};
}

}  // namespace

PageFlows::PageFlows(std::shared_ptr<EventLoop> loop, EventFeed& feed, const ServedNumbers& numbers,
                     std::shared_ptr<http::Transport> transport)
    : loop_(std::move(loop)), feed_(feed), numbers_(numbers), transport_(std::move(transport)) {}

PageFlows::~PageFlows() { *self_ = nullptr; }

void PageFlows::see(const Entry& entry) {
  if (entry.what != Happening::webhook || entry.detail("state").empty()) return;
  if (!isOnThisMachine(entry.text)) return;
  const auto origin = originIn(entry.text);
  if (!origin || byOrigin_.contains(*origin)) return;
  for (const ServedNumber& served : numbers_.all()) {
    if (originIn(served.settings.voiceUrl) != origin) continue;
    byOrigin_.emplace(*origin, "");
    return ask(*origin);
  }
}

void PageFlows::ask(const std::string& origin) {
  transport_->send({.method = "GET", .url = origin + "/.ivr/flows", .timeout = 5s})
      .receive([loop = loop_, self = std::weak_ptr{self_},
                origin](Settled<http::IncomingResponse> settled) {
        // On the loop nothing is destroyed meanwhile.
        loop->post([self, origin, settled = std::move(settled)] {
          const auto known = self.lock();
          const auto* const response = std::get_if<0>(&settled);
          if (known && *known != nullptr && response != nullptr) (*known)->take(origin, *response);
        });
      });
}

void PageFlows::take(const std::string& origin, const http::IncomingResponse& response) {
  if (response.status != 200 || response.body.size() > kMaxFlowBytes) return;
  const Json told = Json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  if (!told.is_object()) return;
  Json flows = Json::array();
  for (const Json& flow : flowListIn(told, "flows")) {
    if (flows.size() >= kMaxFlows) break;
    if (auto drawing = drawingOf(flow)) flows.push_back(*std::move(drawing));
  }
  if (flows.empty()) return;
  byOrigin_.insert_or_assign(origin, lineOf(flows));
  for (const ServedNumber& served : numbers_.all()) {
    if (originIn(served.settings.voiceUrl) == origin) feed_.add("flows", lineOf(flowsOf(served)));
  }
}

Json PageFlows::flowsOf(const ServedNumber& served) const {
  const auto known = byOrigin_.find(originIn(served.settings.voiceUrl).value_or(""));
  if (known == byOrigin_.end() || known->second.empty()) return Json::object();
  return {{"number", served.number}, {"flows", Json::parse(known->second)}};
}

Json PageFlows::json() const {
  Json all = Json::array();
  for (const ServedNumber& served : numbers_.all()) {
    if (Json flows = flowsOf(served); !flows.empty()) all.push_back(std::move(flows));
  }
  return all;
}

}  // namespace ivr::phone
