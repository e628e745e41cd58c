#pragma once
// Waits for what happens in another thread, and cannot be asked for.

#include <chrono>
#include <thread>

namespace ivr::support {

/// False if it does not come true in ten seconds.
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
