#pragma once
// A queue of callers.
//
// Protocol: https://www.twilio.com/docs/voice/twiml/enqueue.

#include "ivr/http/form.hpp"
#include "ivr/phone/timeline.hpp"
#include "ivr/twiml/dial.hpp"
#include "ivr/twiml/verbs.hpp"
#include "phone/leg.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace ivr::phone {

class Switchboard;

class CallQueue : public std::enable_shared_from_this<CallQueue> {
 public:
  struct Member {
    std::shared_ptr<Leg> leg = {};
    std::shared_ptr<DocumentRun> run = {};
    twiml::Enqueue verb = {};
    Moment entered{};
    bool isTaken = false;  ///< By somebody who dials the queue.
    std::weak_ptr<Dialling> takenBy = {};
    twiml::Queue takenAs = {};
    std::string takenBase = {};
  };

  CallQueue(Switchboard& board, std::string sid, std::string name, std::size_t maxSize);
  CallQueue(const CallQueue&) = delete;
  CallQueue& operator=(const CallQueue&) = delete;

  void enter(std::shared_ptr<DocumentRun> run, const twiml::Enqueue& verb);

  /// The caller goes on with the action of its Enqueue, or the next verb.
  void leave(Leg& leg, std::string_view result);
  /// The caller is gone.
  void hangUp(Leg& leg);
  /// The same without going on: the API has other plans.
  void drop(Leg& leg, std::string_view result);

  /// Connects the caller who has waited longest, now or when one comes.
  void dial(const std::shared_ptr<Dialling>& dialling, const twiml::Queue& noun, std::string base);
  /// The party that dials waits no longer.
  void stopDialling(const Dialling& dialling);

  [[nodiscard]] const std::deque<Member>& members() const noexcept { return members_; }
  [[nodiscard]] std::size_t waiting() const noexcept;
  [[nodiscard]] Member* find(std::string_view callSid);
  [[nodiscard]] std::size_t positionOf(const Member& member) const noexcept;
  [[nodiscard]] std::chrono::seconds averageTime() const noexcept;
  /// What the action of an Enqueue is told.
  [[nodiscard]] Form actionFields(const Member& member, std::string_view result) const;

  const std::string sid;
  std::string name;
  std::size_t maxSize;
  Moment created{};

 private:
  struct Waiting {
    std::weak_ptr<Dialling> dialling = {};
    twiml::Queue noun = {};
    std::string base = {};
  };

  void letWait(Member& member);
  [[nodiscard]] Form waitFields(const Member& member) const;
  void match();
  void connect(const std::shared_ptr<Dialling>& dialling, Member& member);

  Switchboard& board_;
  std::deque<Member> members_;
  std::deque<Waiting> waiting_;
  std::size_t left_ = 0;
  std::chrono::milliseconds waited_{0};
};

}  // namespace ivr::phone
