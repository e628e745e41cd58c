#include "phone/event_feed.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <utility>

namespace ivr::phone {

namespace {

/// Of one answer; the rest comes with the next.
constexpr std::size_t kMaxAnswerBytes = std::size_t{1} << 20;

/// How soon a page asks again.
constexpr std::string_view kAtOnce = "retry: 20\n\n";
constexpr std::string_view kLater = "retry: 2000\n\n";

http::Response eventStream(std::string body) {
  return {.status = 200,
          .headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}},
          .body = std::move(body)};
}

http::Response nothingNew(std::string_view retry) {
  return eventStream(std::string{retry} + ": nothing happened\n\n");
}

}  // namespace

EventFeed::EventFeed(EventLoop& loop, EventFeedOptions options,
                     std::function<std::string()> snapshot)
    : loop_(loop), options_(std::move(options)), snapshot_(std::move(snapshot)) {}

EventFeed::~EventFeed() {
  loop_.cancel(telling_);
  stopHolding();
}

void EventFeed::add(std::string type, std::string data, std::string callSid) {
  bytes_ += data.size();
  events_.push_back({++lastId_, std::move(type), std::move(data), std::move(callSid)});
  while (events_.size() > options_.maxEvents ||
         (bytes_ > options_.maxBytes && events_.size() > 1)) {
    bytes_ -= events_.front().data.size();
    events_.pop_front();
  }
  if (telling_ != 0 || listeners_.empty()) return;
  telling_ = loop_.after(std::chrono::milliseconds{0}, [this] {
    telling_ = 0;
    tellAll();
  });
}

void EventFeed::tellAll() {
  for (Listener& listener : std::exchange(listeners_, {})) {
    loop_.cancel(listener.timeout);
    listener.answer(newsSince(listener.seen));
  }
}

void EventFeed::listen(std::string_view lastId, Answer<http::Response> answer) {
  const auto seen = seenIn(lastId);
  if (!seen) return answer(reset());
  if (*seen < lastId_) return answer(newsSince(*seen));
  if (!isHolding_) return answer(nothingNew(kLater));
  if (listeners_.size() >= options_.maxListeners) {
    const Listener first = std::move(listeners_.front());
    listeners_.pop_front();
    loop_.cancel(first.timeout);
    first.answer(nothingNew(kLater));
  }
  const auto listener = listeners_.insert(listeners_.end(), Listener{*seen, std::move(answer), 0});
  listener->timeout = loop_.after(options_.hold, [this, listener] {
    const Listener waited = std::move(*listener);
    listeners_.erase(listener);
    waited.answer(nothingNew(kAtOnce));
  });
}

void EventFeed::stopHolding() {
  isHolding_ = false;
  for (Listener& listener : std::exchange(listeners_, {})) {
    loop_.cancel(listener.timeout);
    listener.answer(nothingNew(kLater));
  }
}

std::string EventFeed::idText(std::uint64_t id) const {
  return options_.run + '-' + std::to_string(id);
}

/// Nothing if something after it is no longer known, or if it is of another process.
std::optional<std::uint64_t> EventFeed::seenIn(std::string_view lastId) const {
  const std::string prefix = options_.run + '-';
  if (!lastId.starts_with(prefix)) return std::nullopt;
  const auto id = numberFrom<std::uint64_t>(lastId.substr(prefix.size()));
  if (!id || *id > lastId_) return std::nullopt;
  const std::uint64_t firstKept = events_.empty() ? lastId_ + 1 : events_.front().id;
  if (*id + 1 < firstKept) return std::nullopt;
  return id;
}

http::Response EventFeed::newsSince(std::uint64_t seen) const {
  std::string body{kAtOnce};
  const auto first = std::ranges::upper_bound(events_, seen, {}, &Event::id);
  for (auto event = first; event != events_.end(); ++event) {
    if (event != first && body.size() + event->data.size() > kMaxAnswerBytes) break;
    body.append("id: ").append(idText(event->id)).append("\nevent: ").append(event->type);
    body.append("\ndata: ").append(event->data).append("\n\n");
  }
  return eventStream(std::move(body));
}

http::Response EventFeed::reset() const {
  return eventStream(std::string{kAtOnce} + "id: " + idText(lastId_) +
                     "\nevent: reset\ndata: " + snapshot_() + "\n\n");
}

}  // namespace ivr::phone
