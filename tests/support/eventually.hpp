#pragma once
// Waits for an event in another thread that cannot be waited for otherwise.

#include <chrono>
#include <thread>

namespace ivr::support {

/// False if the condition does not become true in ten seconds.
template <class Condition>
bool eventually(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

}  // namespace ivr::support
