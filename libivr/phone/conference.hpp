#pragma once
// A conference room.
//
// Protocol: https://www.twilio.com/docs/voice/twiml/conference.

#include "ivr/http/form.hpp"
#include "ivr/http/method.hpp"
#include "ivr/phone/timeline.hpp"
#include "ivr/twiml/dial.hpp"
#include "phone/leg.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::phone {

class Switchboard;

class Conference : public std::enable_shared_from_this<Conference> {
 public:
  enum class Status { init, inProgress, completed };

  struct Participant {
    std::shared_ptr<Leg> leg = {};
    twiml::Conference options = {};
    std::string base = {};  ///< Of relative addresses.
    std::string label = {};
    bool isMuted = false;
    bool isOnHold = false;
    bool endsOnExit = false;
    std::string coached = {};  ///< The SID of the one participant who hears this one.
    std::function<void()> whenLeft = {};
    Moment joined{};
  };

  Conference(Switchboard& board, std::string sid, std::string name);
  Conference(const Conference&) = delete;
  Conference& operator=(const Conference&) = delete;

  /// Empty if the party is in; otherwise the provider's code.
  [[nodiscard]] std::string join(Participant participant);
  void leave(Leg& leg, std::string_view reason);
  /// The API calls somebody who is to join.
  void expectOne() noexcept { ++expected_; }
  /// That call is over. A conference that nobody has entered ends with the last of them.
  void expectNoLonger();
  /// For all; `reason` as the provider says it, with the participant whose leaving ends it.
  void end(std::string_view reason, std::string_view callSid = {}, std::string_view label = {});

  // Null if it is not there.
  [[nodiscard]] Participant* find(std::string_view callSidOrLabel);
  [[nodiscard]] const std::vector<Participant>& participants() const noexcept {
    return participants_;
  }

  void setMuted(Participant& participant, bool isMuted);
  /// With an address, the party hears its document meanwhile.
  void setOnHold(Participant& participant, bool isOnHold, std::string url, HttpMethod method);
  void setCoached(Participant& participant, std::string callSid);
  void announce(Participant& participant, std::string url, HttpMethod method);
  void announceToAll(const std::string& url, HttpMethod method);
  void modified(const Participant& participant);

  // As of a moment: now, or not longer ago than lists are late.

  /// Nothing if there was no such conference yet.
  [[nodiscard]] std::optional<Status> statusAt(Moment moment) const noexcept;
  [[nodiscard]] Moment updatedAt(Moment moment) const noexcept;
  [[nodiscard]] std::span<const Participant> participantsAt(Moment moment) const noexcept;

  /// Who hears a participant.
  [[nodiscard]] std::vector<std::shared_ptr<Leg>> hearersOf(const Leg& leg) const;

  const std::string sid;
  const std::string name;
  Status status = Status::init;
  Moment created{};
  std::string reasonEnded = {};
  std::string callSidEnding = {};

 private:
  void startIfReady();
  void letWait(Participant& participant);
  void playTo(Participant& participant, std::string url, HttpMethod method,
              std::function<void(DocumentRun::End)> ended);
  void tell(std::string_view subscription, std::string_view event, const Participant* participant,
            Form otherFields = {});
  void remove(std::size_t index, std::string_view reason);
  /// Remembers who is there, for lists that are late.
  void remember();

  Switchboard& board_;
  std::vector<Participant> participants_;
  StatusCallback callback_;
  std::size_t maxParticipants_ = 250;
  std::size_t expected_ = 0;
  std::shared_ptr<WebCaller> webCaller_;
  unsigned sequence_ = 0;
  std::optional<Moment> started_;
  std::optional<Moment> ended_;
  struct Past {
    Moment since{};
    std::vector<Participant> participants = {};
  };
  std::deque<Past> past_;
  std::optional<twiml::Conference> recordedAs_;
  std::string recordingBase_;
};

}  // namespace ivr::phone
