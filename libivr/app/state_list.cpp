#include "app/state_list.hpp"

#include <nlohmann/json.hpp>

namespace ivr {

namespace {

const char* kindOf(const detail::StateEntry& state) {
  if (state.normal != nullptr) return "normal";
  if (state.branching != nullptr) return "branching";
  const bool isEnd = dynamic_cast<const EndState*>(state.state.get()) != nullptr;
  return isEnd ? "end" : "asynchronous";
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
  const nlohmann::json answer{{"states", std::move(list)}};
  // A name is the application's own, and need not be UTF-8.
  http::Response response{
      .body = answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n'};
  response.headers.add("Content-Type", "application/json");
  return response;
}

}  // namespace ivr
