#pragma once
// One end of a call: what the provider knows of it, and what its party does.

#include "ivr/http/form.hpp"
#include "ivr/phone/call_view.hpp"
#include "ivr/phone/provider.hpp"
#include "ivr/phone/telephone.hpp"
#include "ivr/phone/timeline.hpp"
#include "ivr/rest/calls.hpp"
#include "phone/alarm.hpp"
#include "phone/document_run.hpp"
#include "phone/web_client.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::phone {

class CallQueue;
class Conference;
class Dialling;
class Switchboard;

/// Who is told of the events of a call.
struct StatusCallback {
  std::string url = {};  ///< Absolute; empty if nobody is.
  HttpMethod method = HttpMethod::post;
  std::vector<std::string> events = {};  ///< `completed` if there is none.
};

/// A call. Belongs to its `Switchboard`.
class Leg : public std::enable_shared_from_this<Leg> {
 public:
  Leg(Switchboard& board, std::string callSid, std::size_t index);
  Leg(const Leg&) = delete;
  Leg& operator=(const Leg&) = delete;
  ~Leg();

  // What it is. Set when it is made.
  const std::string sid;
  std::string parentSid = {};
  std::string from = {};
  std::string to = {};
  std::string direction = "inbound";
  Form otherFields = {};
  NumberSettings number = {};  ///< Where its documents come from, if it is a call of its own.
  std::string twiml = {};      ///< In place of an address.
  StatusCallback statusCallback = {};
  Telephone telephone = {};
  std::string detection = {};  ///< `Enable` or `DetectMessageEnd`.
  bool isDetectedLater = false;
  StatusCallback detectionCallback = {};
  std::chrono::seconds timeLimit{14'400};
  std::chrono::milliseconds ringLimit{60'000};
  std::string sendDigits = {};
  /// Called once, when the telephone is answered, and when it is over.
  std::function<void()> whenAnswered = {};
  std::function<void()> whenOver = {};

  // What it does at the moment.
  rest::CallStatus status = rest::CallStatus::queued;
  Moment began{};
  std::optional<Moment> answeredAt = {};
  std::optional<Moment> endedAt = {};
  std::shared_ptr<DocumentRun> run = {};    ///< Its own documents.
  std::shared_ptr<DocumentRun> aside = {};  ///< What it hears in a queue or a conference.
  std::shared_ptr<Dialling> dialling = {};
  std::weak_ptr<Leg> peer = {};
  std::shared_ptr<Conference> conference = {};
  std::shared_ptr<CallQueue> queue = {};
  std::string answeredBy = {};
  std::size_t turn = 0;
  std::shared_ptr<WebCaller> webCaller = {};

  [[nodiscard]] Switchboard& board() const noexcept { return board_; }
  [[nodiscard]] bool isOver() const noexcept { return endedAt.has_value(); }
  [[nodiscard]] bool isAnswered() const noexcept { return answeredAt.has_value(); }
  [[nodiscard]] Activity activity() const;
  [[nodiscard]] CallView view() const;

  /// The parameters of every webhook about it.
  [[nodiscard]] Form fields() const;

  /// Somebody calls the application: its first document is requested.
  void arrive();
  /// A telephone is called: it rings.
  void ring();
  /// The provider answers a caller, or a telephone is picked up.
  void answer();
  /// Ends it once; more is ignored.
  void end(rest::CallStatus how);

  /// Counted from the answer.
  void limitTime(std::chrono::seconds limit);

  /// Begins with the documents of its number.
  void start();
  /// The API replaces what it does: by the document at an address, or by a text.
  void redirect(std::string url, HttpMethod method, std::string text);

  // What its party does.
  bool pickUp();
  bool refuse();
  bool hangUp();
  bool press(std::string_view keys);
  bool say(const Speech& speech);

  /// The party hears words of another, or keys.
  void hear(std::string_view words, const Leg& speaker);

  void report(Happening what, std::string text = {}, Entry::Details details = {},
              std::string code = {}) const;
  void takeTurn() { ++turn; }

  /// Tells the status callback, if it wants to know.
  void tell(std::string_view event);

 private:
  void pressNext();
  void pressKey(char key);
  [[nodiscard]] std::vector<std::shared_ptr<Leg>> hearers() const;
  void leaveRooms();

  Switchboard& board_;
  Alarm ringing_;
  Alarm reaction_;
  Alarm limit_;
  Alarm keysAlarm_;
  Alarm detection_;
  std::deque<char> keys_;
  unsigned sequence_ = 0;
};

}  // namespace ivr::phone
