#include "app/state_list.hpp"

#include "flow/arrows.hpp"

#include <nlohmann/json.hpp>

namespace ivr {

namespace {

const char* kindOf(const detail::StateEntry& state) {
  if (state.normal != nullptr) return "normal";
  if (state.branching != nullptr) return "branching";
  const bool isEnd = dynamic_cast<const EndState*>(state.state.get()) != nullptr;
  return isEnd ? "end" : "asynchronous";
}

http::Response jsonResponse(const nlohmann::json& answer) {
  // A name is the application's own, and need not be UTF-8.
  http::Response response{
      .body = answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n'};
  response.headers.add("Content-Type", "application/json");
  return response;
}

nlohmann::json pictureOf(const flow::Definition& flow) {
  auto nodes = nlohmann::json::array();
  auto edges = nlohmann::json::array();
  flow::Arrows arrows{flow};
  for (flow::Definition::Index index = 0; index < flow.states().size(); ++index) {
    const auto& state = flow.states()[index];
    const std::string_view name = state.name.text();
    nodes.push_back(
        {{"id", name}, {"label", name}, {"isStart", index == 0}, {"isEnd", state.isEnd}});
    for (const flow::Arrow& arrow : arrows.of(index)) {
      edges.push_back(
          {{"from", name}, {"to", flow.states()[arrow.to].name.text()}, {"label", arrow.label}});
    }
  }
  return {{"nodes", std::move(nodes)}, {"edges", std::move(edges)}};
}

}  // namespace

http::Response stateList(
    const StateTable& states, const std::vector<std::shared_ptr<flow::FlowService>>& flows,
    const std::vector<std::pair<std::string, std::shared_ptr<StepTarget>>>& targets) {
  auto list = nlohmann::json::array();
  for (const auto& state : states) {
    list.push_back({{"name", state->name}, {"uri", state->state->uri()}, {"kind", kindOf(*state)}});
  }
  for (const auto& flow : flows) {
    for (const auto& state : flow->definition().states()) {
      list.push_back({{"name", state.name.text()}, {"uri", ""}, {"kind", "flow"}});
    }
  }
  for (const auto& [path, target] : targets) {
    list.push_back({{"name", target->name()}, {"uri", path}, {"kind", "target"}});
  }
  return jsonResponse({{"states", std::move(list)}});
}

http::Response flowList(const std::vector<std::shared_ptr<flow::FlowService>>& flows) {
  auto list = nlohmann::json::array();
  for (const auto& flow : flows) {
    list.push_back(pictureOf(flow->definition()));
    list.back()["name"] = flow->name();
  }
  return jsonResponse({{"flows", std::move(list)}});
}

}  // namespace ivr
