#pragma once
// The provider's part, played on this machine: it takes calls, requests documents from an
// application as the provider does, and executes them.
//
// Protocol: https://www.twilio.com/docs/voice/twiml and the pages of each verb;
// https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides;
// https://www.twilio.com/docs/voice/api.

#include "ivr/core/later.hpp"
#include "ivr/http/form.hpp"
#include "ivr/http/handler.hpp"
#include "ivr/http/method.hpp"
#include "ivr/http/transport.hpp"
#include "ivr/phone/call_view.hpp"
#include "ivr/phone/event_loop.hpp"
#include "ivr/phone/faults.hpp"
#include "ivr/phone/telephone.hpp"
#include "ivr/phone/timeline.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::phone {

class Switchboard;  // the library's own

/// The settings of a provider. A value.
struct ProviderOptions {
  std::string accountSid = "AC00000000000000000000000000000001";
  std::string authToken = {};  ///< Signs webhooks, and opens the API; empty: nothing is signed.
  /// The secrets of API keys by their SIDs, which open the API as well.
  std::map<std::string, std::string, std::less<>> apiKeys = {};
  /// Where the application reaches the API: the addresses of recordings begin with it.
  std::string apiUrl = "https://api.twilio.com";

  /// Carries requests to the application; null for libcurl.
  std::shared_ptr<http::Transport> transport = {};

  /// Where requests may go: `https://ivr.example.com`, without a path. Anything else is an error of
  /// the call, and is not requested.
  std::vector<std::string> origins = {};

  /// Whether simulated time stands still until a request has its answer: false for an application
  /// that lives in the time of the loop itself.
  bool waitsForAnswers = true;

  int wordsPerMinute = 160;  ///< How fast texts are spoken.
  /// Speaks what is said in recordings when they are downloaded; silence if there is no such
  /// program, or if it is empty.
  std::string speechProgram = "espeak-ng";
  std::uint64_t seed = 1;  ///< Of SIDs and tokens.
  FaultPlan faults = {};

  /// Lists of conferences and of participants show what was so long ago: those of the provider come
  /// to agree with what happens only after a while.
  std::chrono::milliseconds conferenceListDelay{0};

  /// Restarts the application, for `Fault::restart`; called on the loop's thread.
  std::function<void()> restart = {};

  /// How many calls may be live when the API makes one more: then it refuses with 10004.
  std::size_t maxLiveCalls = 10'000;

  // How much is remembered. Of calls, conferences and recordings that are over, and of messages,
  // the oldest are forgotten first: then the API knows nothing of them.

  std::size_t keptCalls = 10'000;
  std::size_t keptConferences = 1000;
  std::size_t keptRecordings = 1000;
  std::size_t keptMessages = 1000;

  bool keepsTimeline = true;  ///< Otherwise entries only go to `onEntry`.
  std::size_t maxEntries = 1'000'000;

  /// Sees each entry when it is made, on the loop's thread. It may act on calls.
  std::function<void(const Entry&)> onEntry = {};
};

/// A number that the application answers. A value.
struct NumberSettings {
  std::string voiceUrl = {};
  HttpMethod voiceMethod = HttpMethod::post;
  std::string fallbackUrl = {};
  HttpMethod fallbackMethod = HttpMethod::post;
  std::string statusCallback = {};
  HttpMethod statusCallbackMethod = HttpMethod::post;
};

/// A call that somebody makes to a number of the application. A value.
struct IncomingCall {
  std::string from = "+14155550100";
  std::string to = {};
  Form otherFields = {};  ///< Sent with every webhook of the call: `FromCity`, `SipHeader_X-Id` ...
};

/// What somebody says. A value.
struct Speech {
  std::string words = {};
  double confidence = 0.9;
};

/// The provider's part.
///
/// A resource. Everything is called on the thread of the loop, between its runs or by its events,
/// unless it says otherwise. The loop may outlive it, and must not run during its destruction.
///
/// A `Happening::webhook` has the address as its text and these details: `for` (`document`,
/// `fallback`, `statusCallback`, `audio`, ...), `method`, `status`, `took` (milliseconds), `late`
/// (milliseconds behind plan; real time only), `token`, `fault`, `attempts`, and, if the
/// application tells them, `state` and `session`: the states that it went through, and the names of
/// what has changed in the session.
///
/// Recordings have real sound, which is made when they are downloaded: what was played, from the
/// application's files, and what was said, by `ProviderOptions::speechProgram`; of long ones the
/// first 10 minutes. The detail `sound` of `Happening::recorded` says what will be heard of words,
/// `spoken` or `silence`, and the header `X-Ivr-Sound` of the download what is heard: also
/// `partly spoken`. Without a timeline all is silent.
class Provider {
 public:
  Provider(std::shared_ptr<EventLoop> loop, ProviderOptions options);
  Provider(const Provider&) = delete;
  Provider& operator=(const Provider&) = delete;
  ~Provider();

  /// A number that the application answers.
  void setNumber(std::string number, NumberSettings settings);
  /// A telephone that is called by its number, as `client:ann`, or by its SIP address.
  void setTelephone(std::string number, Telephone telephone);
  /// What all other numbers are; they ring by default.
  void setOtherTelephones(Telephone telephone);

  /// Somebody calls a number of the application. Returns the SID of the call, which begins with the
  /// next event. Throws `Error{usage}` if the number was not set.
  std::string call(const IncomingCall& call);

  // What the party at the end of a call does: at once, or as the next event if an event does it.
  // False if the call is over, or if it makes no sense: to answer a telephone that does not ring,
  // to press keys on one that does.

  bool answer(std::string_view callSid);
  bool refuse(std::string_view callSid);
  bool hangUp(std::string_view callSid);
  /// Keys: `0-9 A-D * #`, and the pauses `w` (half a second) and `W` (a second).
  bool press(std::string_view callSid, std::string_view keys);
  bool say(std::string_view callSid, const Speech& speech);

  // What goes wrong, by hand.

  /// The next request to the application that can meet this fault does, besides those of the plan:
  /// requests for audio meet none, `duplicated` and `reordered` are for callbacks, and `hangUp` is
  /// for others. False if 100 wait already.
  bool addFault(Fault fault);
  /// Forgets those that were not met.
  void clearFaults();
  /// Those that were added and not met yet, in order.
  [[nodiscard]] std::vector<Fault> faultsToCome() const;

  // What there is. Copies, valid for ever.

  [[nodiscard]] std::optional<CallView> find(std::string_view callSid) const;
  /// Every call that is not forgotten, in the order in which they were made.
  [[nodiscard]] std::vector<CallView> calls() const;
  /// How many calls are not over.
  [[nodiscard]] std::size_t liveCalls() const noexcept;
  /// How many requests to the application have no outcome yet.
  [[nodiscard]] std::size_t requests() const noexcept;
  [[nodiscard]] std::vector<SentMessage> messages() const;
  [[nodiscard]] const Timeline& timeline() const noexcept;

  /// The API of the provider: /2010-04-01/Accounts/..., with HTTP Basic authentication. Threads:
  /// any, and valid longer than the provider.
  [[nodiscard]] http::Handler api();

 private:
  std::shared_ptr<Switchboard> switchboard_;
};

}  // namespace ivr::phone
