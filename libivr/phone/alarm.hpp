#pragma once
// An event of a loop that ends with the object that it belongs to.

#include "ivr/phone/event_loop.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace ivr::phone {

/// A time that a document asks for: from nothing to a day, so that it can be reckoned with whatever
/// the document says.
[[nodiscard]] constexpr std::chrono::milliseconds withinADay(std::chrono::seconds time) noexcept {
  return std::clamp(time, std::chrono::seconds{0}, std::chrono::seconds{86'400});
}

/// At most one event. A member of what its task uses.
class Alarm {
 public:
  explicit Alarm(EventLoop& loop) noexcept : loop_(loop) {}
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;
  ~Alarm() { cancel(); }

  /// In place of an earlier one.
  void set(std::chrono::milliseconds delay, EventLoop::Task task) {
    cancel();
    id_ = loop_.after(delay, std::move(task));
  }
  void cancel() {
    if (id_ != 0) loop_.cancel(std::exchange(id_, 0));
  }

 private:
  EventLoop& loop_;
  EventLoop::Id id_ = 0;
};

}  // namespace ivr::phone
