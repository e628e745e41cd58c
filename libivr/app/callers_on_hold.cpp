#include "app/callers_on_hold.hpp"

#include <utility>

namespace ivr {

void CallersOnHold::add(const std::string& step, Caller caller) {
  constexpr std::size_t kAddsToSweep = 64;
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock{mutex_};
  if (++added_ % kAddsToSweep == 0) {
    std::erase_if(places_, [now](const auto& place) { return place.second.end <= now; });
  }
  places_.insert_or_assign(step, Place{std::move(caller), now + patience_});
}

void CallersOnHold::remove(const std::string& step) {
  const std::lock_guard lock{mutex_};
  places_.erase(step);
}

std::vector<CallersOnHold::Caller> CallersOnHold::all() const {
  const auto now = std::chrono::steady_clock::now();
  std::vector<Caller> callers;
  const std::lock_guard lock{mutex_};
  for (const auto& [step, place] : places_) {
    if (now < place.end) callers.push_back(place.caller);
  }
  return callers;
}

}  // namespace ivr
