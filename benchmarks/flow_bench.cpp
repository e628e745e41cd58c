// What an event costs beside its storage, and what it takes to check and draw a large flow.

#include "ivr/flow/draw.hpp"
#include "ivr/flow/flow.hpp"

#include <benchmark/benchmark.h>
#include <cstddef>
#include <deque>
#include <string>
#include <variant>

namespace {

using namespace ivr;

struct Ticket {
  std::string state = {};
  bool agents = true;
  bool isFull = false;
  int count = 0;
};

constexpr flow::State here{"here"}, there{"there"};
constexpr Event called{"called", kApplication};

/// Two states, between which an event leads to and fro: two guards, two callbacks before it, and
/// two after it.
Flow<Ticket> toAndFro() {
  Flow<Ticket> flow{&Ticket::state, here};
  for (const flow::State from : {here, there}) {
    flow.state(from)
        .silent()
        .before([](Ticket& ticket) { ++ticket.count; })
        .before(Only::onChange, [](Ticket& ticket) { ++ticket.count; })
        .after([](Ticket& ticket) { ++ticket.count; })
        .after(When::success, [](Ticket& ticket) { ++ticket.count; })
        .on(called)
        .when([](const Ticket& ticket) { return ticket.agents; })
        .unless([](const Ticket& ticket) { return ticket.isFull; })
        .to(from == here ? there : here)
        .on(called)
        .otherwiseRefused();
  }
  return flow;
}

void eventWithTwoGuardsAndFourCallbacks(benchmark::State& state) {
  const Flow<Ticket> flow = toAndFro();
  Ticket ticket{.state = "here"};
  for (auto _ : state) {
    flow.run(ticket, called).receive([](const Settled<flow::Fired>& fired) {
      benchmark::DoNotOptimize(&fired);
    });
  }
  if (ticket.count != 4 * static_cast<int>(state.iterations())) state.SkipWithError("not all ran");
}
BENCHMARK(eventWithTwoGuardsAndFourCallbacks);

/// The same as a store does it: fired, and each that is due run by itself.
void eventWhoseCallbacksAreDeferred(benchmark::State& state) {
  const Flow<Ticket> flow = toAndFro();
  Ticket ticket{.state = "here"};
  for (auto _ : state) {
    flow.fire(ticket, called).receive([&](const Settled<flow::Fired>& settled) {
      const auto& fired = std::get<flow::Fired>(settled);
      for (const flow::Due due : fired.due) {
        flow.runDue(ticket, due, fired).receive([](const Settled<Done>&) {});
      }
    });
  }
  if (ticket.count != 4 * static_cast<int>(state.iterations())) state.SkipWithError("not all ran");
}
BENCHMARK(eventWhoseCallbacksAreDeferred);

void refusedEvent(benchmark::State& state) {
  const Flow<Ticket> flow = toAndFro();
  Ticket ticket{.state = "here", .agents = false};
  for (auto _ : state) {
    flow.fire(ticket, called).receive([](const Settled<flow::Fired>& fired) {
      benchmark::DoNotOptimize(&fired);
    });
  }
}
BENCHMARK(refusedEvent);

/// A flow of 1,000 states with ten lines each, in which every second line has a guard.
class LargeFlow {
 public:
  static constexpr std::size_t kStates = 1000;
  static constexpr std::size_t kLines = 10;

  LargeFlow() : flow_(made()) {}
  [[nodiscard]] const Flow<Ticket>& flow() const noexcept { return flow_; }

 private:
  Flow<Ticket> made() {
    for (std::size_t index = 0; index < kStates; ++index) {
      names_.push_back("state_" + std::to_string(index));
    }
    for (std::size_t index = 0; index < kLines / 2; ++index) {
      events_.push_back("event_" + std::to_string(index));
    }
    Flow<Ticket> flow{&Ticket::state, flow::State{names_.front()}};
    flow.begunByApplication();
    for (std::size_t from = 0; from < kStates; ++from) {
      auto state = flow.state(flow::State{names_[from]}).silent();
      for (std::size_t index = 0; index < kLines / 2; ++index) {
        const Event event{events_[index], kApplication};
        state.on(event).when("agents", &Ticket::agents).to(nameOf(from + 2 * index + 1));
        state.on(event).to(nameOf(from * (index + 1) + 1));
      }
    }
    return flow;
  }
  [[nodiscard]] flow::State nameOf(std::size_t index) const {
    return flow::State{names_[index % kStates]};
  }

  std::deque<std::string> names_;
  std::deque<std::string> events_;
  Flow<Ticket> flow_;
};

void checkAndDraw1000StatesAnd10000Lines(benchmark::State& state) {
  const LargeFlow large;
  for (auto _ : state) {
    if (!large.flow().check().empty()) state.SkipWithError("it has mistakes");
    benchmark::DoNotOptimize(flow::dot(large.flow()).size());
  }
}
BENCHMARK(checkAndDraw1000StatesAnd10000Lines)->Unit(benchmark::kMillisecond);

void define1000StatesAnd10000Lines(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(LargeFlow{}.flow().definition().lines().size());
}
BENCHMARK(define1000StatesAnd10000Lines)->Unit(benchmark::kMillisecond);

}  // namespace
