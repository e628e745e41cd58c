// The cost of an answer that may come later when it is there at once.

#include "ivr/call/next.hpp"
#include "ivr/core/later.hpp"
#include "ivr/twiml/twiml.hpp"

#include <benchmark/benchmark.h>
#include <utility>

namespace {

using namespace ivr;

struct Hours;

/// The same two answers, plain and as `Later`, behind a call that the compiler cannot see through.
struct Plain {
  virtual ~Plain() = default;
  virtual Next transitionOut() { return to<Hours>(); }
  virtual Twiml twimlFor() { return Twiml{Hangup{}}; }
};
struct Late {
  virtual ~Late() = default;
  virtual Later<Next> transitionOut() { return to<Hours>(); }
  virtual Later<Twiml> twimlFor() { return Twiml{Hangup{}}; }
};

template <class T>
T* hidden(T* object) {
  benchmark::DoNotOptimize(object);
  return object;
}

void plainNext(benchmark::State& state) {
  Plain plain;
  for (auto _ : state) benchmark::DoNotOptimize(hidden(&plain)->transitionOut().type());
}
BENCHMARK(plainNext);

void laterNext(benchmark::State& state) {
  Late late;
  for (auto _ : state) {
    hidden(&late)
        ->transitionOut()
        .then([](const Next& next) { return next.type(); })
        .receive([](const Settled<const void*>& type) { benchmark::DoNotOptimize(&type); });
  }
}
BENCHMARK(laterNext);

void plainTwiml(benchmark::State& state) {
  Plain plain;
  for (auto _ : state) benchmark::DoNotOptimize(hidden(&plain)->twimlFor().verbs().size());
}
BENCHMARK(plainTwiml);

void laterTwiml(benchmark::State& state) {
  Late late;
  for (auto _ : state) {
    hidden(&late)
        ->twimlFor()
        .then([](const Twiml& twiml) { return twiml.verbs().size(); })
        .receive([](const Settled<std::size_t>& size) { benchmark::DoNotOptimize(&size); });
  }
}
BENCHMARK(laterTwiml);

}  // namespace
