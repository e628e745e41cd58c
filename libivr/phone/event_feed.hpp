#pragma once
// What pages are told, as server-sent events: kept for those that were away.
//
// Protocol: https://html.spec.whatwg.org/multipage/server-sent-events.html.

#include "ivr/core/later.hpp"
#include "ivr/http/response.hpp"
#include "ivr/phone/event_loop.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>

namespace ivr::phone {

struct EventFeedOptions {
  std::size_t maxEvents = 20'000;
  std::size_t maxBytes = std::size_t{64} << 20;
  std::size_t maxListeners = 64;
  std::chrono::milliseconds hold{20'000};
  std::string run = {};  ///< Tells the events of one process from those of another.
};

/// A resource, on the thread of the loop.
class EventFeed {
 public:
  struct Event {
    std::uint64_t id = 0;
    std::string type = {};
    std::string data = {};     ///< On one line.
    std::string callSid = {};  ///< Empty if it belongs to no call.
  };

  /// `snapshot` makes the data of a `reset`: all that there is.
  EventFeed(EventLoop& loop, EventFeedOptions options, std::function<std::string()> snapshot);
  EventFeed(const EventFeed&) = delete;
  EventFeed& operator=(const EventFeed&) = delete;
  ~EventFeed();

  /// Tells those who wait, with everything else of this instant.
  void add(std::string type, std::string data, std::string callSid = {});

  /// The answer to somebody who has seen `lastId`.
  void listen(std::string_view lastId, Answer<http::Response> answer);

  /// Answers all who wait, now and from now on.
  void stopHolding();

  [[nodiscard]] const std::deque<Event>& events() const noexcept { return events_; }

 private:
  struct Listener {
    std::uint64_t seen = 0;
    Answer<http::Response> answer;
    EventLoop::Id timeout = 0;
  };

  void tellAll();
  [[nodiscard]] std::optional<std::uint64_t> seenIn(std::string_view lastId) const;
  [[nodiscard]] http::Response newsSince(std::uint64_t seen) const;
  [[nodiscard]] http::Response reset() const;
  [[nodiscard]] std::string idText(std::uint64_t id) const;

  EventLoop& loop_;
  const EventFeedOptions options_;
  std::function<std::string()> snapshot_;
  std::deque<Event> events_;
  std::size_t bytes_ = 0;
  std::uint64_t lastId_ = 0;
  std::list<Listener> listeners_;  ///< Those who came first at the front.
  EventLoop::Id telling_ = 0;
  bool isHolding_ = true;
};

}  // namespace ivr::phone
