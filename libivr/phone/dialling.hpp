#pragma once
// A Dial under way.

#include "ivr/http/form.hpp"
#include "ivr/phone/timeline.hpp"
#include "ivr/rest/calls.hpp"
#include "ivr/twiml/dial.hpp"
#include "phone/alarm.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ivr::phone {

class CallQueue;
class DocumentRun;
class Leg;

/// Belongs to the leg that dials, and acts for the run whose verb it is.
class Dialling : public std::enable_shared_from_this<Dialling> {
 public:
  Dialling(std::shared_ptr<DocumentRun> run, twiml::Dial dial);
  Dialling(const Dialling&) = delete;
  Dialling& operator=(const Dialling&) = delete;
  ~Dialling();

  void begin();

  /// False if the key means nothing here.
  bool press(char key);

  /// Another verb or nobody is there: the calls that it made end. Its action is not asked.
  void stop();

  /// What its action would be told now.
  [[nodiscard]] const std::optional<std::string>& action() const noexcept { return dial_.action; }
  [[nodiscard]] HttpMethod method() const;
  [[nodiscard]] Form fieldsIfInterrupted() const;

  /// Until somebody comes, or its timeout is over.
  void waitForQueue(const std::shared_ptr<CallQueue>& queue);
  /// Somebody is there, and hears a document first.
  void waitNoLonger() { limit_.cancel(); }

  [[nodiscard]] bool isOver() const noexcept { return isOver_; }
  [[nodiscard]] bool isTalking() const noexcept { return talkingSince_.has_value(); }
  [[nodiscard]] const twiml::Dial& dial() const noexcept { return dial_; }
  [[nodiscard]] Leg& leg() const noexcept { return leg_; }

  /// A queued caller is there, or a conference has been entered.
  void connectedTo(Leg& other);
  /// It is over: goes on with the action or the next verb.
  void finish(std::string_view status);
  /// The conference could not be entered.
  void skip();
  /// Of the queue that is dialled.
  void setQueueFields(Form fields) { queueFields_ = std::move(fields); }

 private:
  /// Somebody to ring.
  struct Target {
    std::string address = {};
    std::string kind = {};  ///< `Number`, `Client`, `Sip`.
    std::optional<std::string> url = {};
    HttpMethod method = HttpMethod::post;
    std::optional<std::string> statusCallback = {};
    HttpMethod statusMethod = HttpMethod::post;
    std::vector<std::string> events = {};
    std::string sendDigits = {};
    std::string detection = {};
    std::optional<std::string> detectionCallback = {};
    HttpMethod detectionMethod = HttpMethod::post;
  };

  [[nodiscard]] std::vector<Target> targets();
  void ring(const Target& target);
  void ringNext();
  void pickedUp(const std::shared_ptr<Leg>& callee, const Target& target);
  void connect(const std::shared_ptr<Leg>& callee);
  void over(const std::shared_ptr<Leg>& callee);
  void endCallees();
  [[nodiscard]] Form fields(std::string_view status) const;
  [[nodiscard]] std::string outcome() const;

  const std::shared_ptr<DocumentRun> run_;
  Leg& leg_;
  const twiml::Dial dial_;
  std::vector<Target> targets_;
  std::size_t nextTarget_ = 0;
  std::vector<std::shared_ptr<Leg>> callees_;
  std::shared_ptr<Leg> callee_;  ///< Who is connected, or was.
  Alarm limit_;
  std::optional<Moment> talkingSince_;
  std::chrono::seconds talked_{0};
  std::string recordingSid_;
  Form queueFields_;
  bool isConference_ = false;
  bool isQueue_ = false;
  bool isOver_ = false;
};

}  // namespace ivr::phone
