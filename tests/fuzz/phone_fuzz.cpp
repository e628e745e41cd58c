// Calls as the bytes have it: whatever documents say, however the application answers and whatever
// the parties do, every call ends, every request has an outcome, and time runs forwards.

#include "fuzz.hpp"
#include "phone/random_calls.hpp"

using namespace ivr;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  support::Chance chance{std::span{data, size}};
  support::RandomCalls calls{chance};
  constexpr int kMaxSteps = 200;
  for (int i = 0; i < kMaxSteps && !chance.isOver(); ++i) calls.step();
  require(calls.finish().empty());
  return 0;
}
