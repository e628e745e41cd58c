#include "phone/call_queue.hpp"

#include "core/text.hpp"
#include "phone/dialling.hpp"
#include "phone/document_run.hpp"
#include "phone/switchboard.hpp"

#include <algorithm>
#include <utility>

namespace ivr::phone {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMaxQueueSize = 5000;

/// A document that takes no time is asked for again after this, so that time passes.
constexpr seconds kBetweenDocuments{1};

std::string secondsText(Moment time) {
  return std::to_string(std::chrono::floor<seconds>(time).count());
}

}  // namespace

CallQueue::CallQueue(Switchboard& board, std::string queueSid, std::string queueName,
                     std::size_t size)
    : sid(std::move(queueSid)), name(std::move(queueName)), maxSize(size), board_(board) {}

std::size_t CallQueue::waiting() const noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(members_, [](const Member& one) { return !one.isTaken; }));
}

CallQueue::Member* CallQueue::find(std::string_view callSid) {
  const auto found =
      std::ranges::find_if(members_, [&](const Member& one) { return one.leg->sid == callSid; });
  return found == members_.end() ? nullptr : &*found;
}

std::size_t CallQueue::positionOf(const Member& member) const noexcept {
  std::size_t position = 0;
  for (const Member& one : members_) {
    if (!one.isTaken) ++position;
    if (&one == &member) break;
  }
  return std::max<std::size_t>(position, 1);
}

seconds CallQueue::averageTime() const noexcept {
  milliseconds all = waited_;
  std::size_t count = left_;
  for (const Member& one : members_) {
    all += board_.now() - one.entered;
    ++count;
  }
  return count == 0 ? seconds{0} : std::chrono::floor<seconds>(all / count);
}

void CallQueue::enter(std::shared_ptr<DocumentRun> run, const twiml::Enqueue& verb) {
  Leg& leg = run->leg();
  if (verb.maxQueueSize && *verb.maxQueueSize > 0) {
    maxSize = std::min(static_cast<std::size_t>(*verb.maxQueueSize), kMaxQueueSize);
  }
  if (waiting() >= maxSize) {
    leg.report(Happening::warning, "the queue is full", {}, "14207");
    return run->proceed(verb.action, methodOr(verb.method, HttpMethod::post),
                        {{"QueueResult", "queue-full"}});
  }
  leg.queue = shared_from_this();
  members_.push_back({.leg = leg.shared_from_this(),
                      .run = std::move(run),
                      .verb = verb,
                      .entered = board_.now()});
  leg.takeTurn();
  leg.report(Happening::enqueued, name,
             {{"position", std::to_string(positionOf(members_.back()))}});
  letWait(members_.back());
  match();
}

Form CallQueue::waitFields(const Member& member) const {
  return {{"QueuePosition", std::to_string(positionOf(member))},
          {"QueueSid", sid},
          {"QueueTime", secondsText(board_.now() - member.entered)},
          {"AvgQueueTime", std::to_string(averageTime().count())},
          {"CurrentQueueSize", std::to_string(waiting())},
          {"MaxQueueSize", std::to_string(maxSize)}};
}

Form CallQueue::actionFields(const Member& member, std::string_view result) const {
  return {{"QueueResult", result},
          {"QueueSid", sid},
          {"QueueTime", secondsText(board_.now() - member.entered)}};
}

void CallQueue::letWait(Member& member) {
  Leg& leg = *member.leg;
  if (!member.verb.waitUrl) {
    leg.report(Happening::plays, "the provider's hold music");
    return;
  }
  if (trimmed(*member.verb.waitUrl).empty()) return;
  const auto url = member.run->callbackOf(*member.verb.waitUrl);
  if (!url) {
    leg.report(Happening::error, "the waitUrl is invalid", {}, "11100");
    return leave(leg, "error");
  }
  const HttpMethod method = methodOr(member.verb.waitUrlMethod, HttpMethod::post);
  const Moment began = board_.now();
  leg.aside = std::make_shared<DocumentRun>(
      leg, DocumentUse::queueWait,
      [self = weak_from_this(), weak = leg.weak_from_this(), began](DocumentRun::End how) {
        const auto queue = self.lock();
        const auto party = weak.lock();
        if (!queue || !party) return;
        auto* const me = queue->find(party->sid);
        if (me == nullptr || me->isTaken) return;
        switch (how) {
          case DocumentRun::End::leave: return queue->leave(*party, "leave");
          case DocumentRun::End::failed: return queue->leave(*party, "error");
          case DocumentRun::End::hangUp: return party->end(rest::CallStatus::completed);
          case DocumentRun::End::finished: break;
        }
        // The document is asked for again, for as long as the caller waits.
        const milliseconds pause =
            queue->board_.now() == began ? milliseconds{kBetweenDocuments} : milliseconds{0};
        queue->board_.loop().after(pause, [self, weak] {
          const auto again = self.lock();
          const auto still = weak.lock();
          if (!again || !still) return;
          auto* const one = again->find(still->sid);
          if (one != nullptr && !one->isTaken) again->letWait(*one);
        });
      });
  leg.aside->request(*url, method, waitFields(member));
}

void CallQueue::drop(Leg& leg, std::string_view result) {
  const auto found =
      std::ranges::find_if(members_, [&](const Member& one) { return one.leg.get() == &leg; });
  if (found == members_.end()) return;
  const auto keep = shared_from_this();
  ++left_;
  waited_ += board_.now() - found->entered;
  leg.queue.reset();
  if (leg.aside) {
    leg.aside->stop();
    board_.loop().post([old = std::move(leg.aside)] {});
    leg.aside.reset();
  }
  leg.report(Happening::leftQueue, name,
             {{"QueueResult", std::string{result}},
              {"QueueTime", secondsText(board_.now() - found->entered)}});
  const auto run = found->run;
  const Member gone = std::move(*found);
  members_.erase(found);
  board_.loop().post([run] {});
  // Who was to speak with a caller who is gone before they were connected waits for another.
  const auto other = gone.takenBy.lock();
  if (other && !other->isOver() && !other->isTalking()) {
    other->waitForQueue(shared_from_this());
    dial(other, gone.takenAs, gone.takenBase);
  }
}

void CallQueue::hangUp(Leg& leg) {
  const auto* const member = find(leg.sid);
  if (member == nullptr) return;
  const auto run = member->run;
  const auto url =
      member->verb.action ? run->callbackOf(*member->verb.action) : std::optional<std::string>{};
  const HttpMethod method = methodOr(member->verb.method, HttpMethod::post);
  // Somebody who speaks with another has left the queue for that.
  const std::string_view result = leg.peer.expired() ? "hangup" : "bridged";
  Form fields = leg.fields();
  for (const auto& [name_, value] : actionFields(*member, result)) fields.add(name_, value);
  drop(leg, result);
  if (!url) return;
  // The application is told; its answer has nobody to hear it.
  board_.web().send({.purpose = Purpose::document,
                     .url = *url,
                     .method = method,
                     .fields = std::move(fields),
                     .caller = leg.webCaller},
                    [](const WebOutcome&) {});
}

void CallQueue::leave(Leg& leg, std::string_view result) {
  auto* const member = find(leg.sid);
  if (member == nullptr) return;
  const auto run = member->run;
  const auto action = member->verb.action;
  const HttpMethod method = methodOr(member->verb.method, HttpMethod::post);
  const Form fields = actionFields(*member, result);
  drop(leg, result);
  if (!leg.isOver()) run->proceed(action, method, fields);
}

void CallQueue::dial(const std::shared_ptr<Dialling>& dialling, const twiml::Queue& noun,
                     std::string base) {
  waiting_.push_back({.dialling = dialling, .noun = noun, .base = std::move(base)});
  match();
}

void CallQueue::stopDialling(const Dialling& dialling) {
  std::erase_if(waiting_, [&](const Waiting& one) {
    const auto alive = one.dialling.lock();
    return !alive || alive.get() == &dialling;
  });
}

void CallQueue::match() {
  while (!waiting_.empty()) {
    const auto free =
        std::ranges::find_if(members_, [](const Member& one) { return !one.isTaken; });
    if (free == members_.end()) return;
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    const auto dialling = next.dialling.lock();
    if (!dialling || dialling->isOver()) continue;
    free->isTaken = true;
    free->takenBy = dialling;
    free->takenAs = next.noun;
    free->takenBase = next.base;
    dialling->waitNoLonger();
    Leg& leg = *free->leg;
    if (leg.aside) {
      leg.aside->stop();
      board_.loop().post([old = std::move(leg.aside)] {});
      leg.aside.reset();
    }
    Form fields{{"QueueSid", sid},
                {"QueueTime", secondsText(board_.now() - free->entered)},
                {"DequeingCallSid", dialling->leg().sid}};
    dialling->setQueueFields(fields);
    const auto url = next.noun.url ? resolved(next.base, trimmed(*next.noun.url)) : std::nullopt;
    if (!url) {
      connect(dialling, *free);
      continue;
    }
    leg.aside = std::make_shared<DocumentRun>(leg, DocumentUse::queueWhisper,
                                              [self = weak_from_this(), weak = leg.weak_from_this(),
                                               other = std::weak_ptr{dialling}](DocumentRun::End) {
                                                const auto queue = self.lock();
                                                const auto party = weak.lock();
                                                const auto still = other.lock();
                                                if (!queue || !party) return;
                                                auto* const me = queue->find(party->sid);
                                                if (me == nullptr) return;
                                                if (!still || still->isOver())
                                                  return queue->leave(*party, "bridged");
                                                queue->connect(still, *me);
                                              });
    leg.aside->request(*url, methodOr(next.noun.method, HttpMethod::post), std::move(fields));
  }
}

void CallQueue::connect(const std::shared_ptr<Dialling>& dialling, Member& member) {
  if (member.leg->aside) {
    board_.loop().post([old = std::move(member.leg->aside)] {});
    member.leg->aside.reset();
  }
  dialling->connectedTo(*member.leg);
}

}  // namespace ivr::phone
