#pragma once
// The requests that the provider sends to an application.
//
// Protocol: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides.

#include "ivr/http/form.hpp"
#include "ivr/http/headers.hpp"
#include "ivr/http/method.hpp"
#include "ivr/http/transport.hpp"
#include "ivr/phone/event_loop.hpp"
#include "ivr/phone/faults.hpp"
#include "ivr/phone/provider.hpp"
#include "ivr/phone/timeline.hpp"
#include "phone/sids.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ivr::phone {

/// What a request is for. All but documents and audio are independent of the call.
enum class Purpose {
  document,
  fallback,
  audio,
  statusCallback,
  conferenceCallback,
  recordingCallback,
  transcription,
  partialResult,
  machineDetection,
};
[[nodiscard]] std::string_view textOf(Purpose purpose) noexcept;

/// What the requests of one call share.
struct WebCaller {
  std::string callSid = {};
  std::size_t index = 0;  ///< Among the calls, from 0: a place in the plan of faults.
  /// So far, without those for audio. Shared with the calls that it makes: a plan of faults counts
  /// them together.
  std::shared_ptr<std::size_t> requests = std::make_shared<std::size_t>(0);
  std::map<std::string, std::string, std::less<>> cookies = {};
  /// By origin: the credentials that were asked for, as they stand in addresses. They are sent at
  /// once from then on.
  std::map<std::string, std::string, std::less<>> logins = {};
  std::function<void()> hangUp = {};    ///< For `Fault::hangUp`.
  std::function<void()> heldBack = {};  ///< A callback that waits for the next one.
};

struct WebRequest {
  Purpose purpose = Purpose::document;
  std::string url = {};  ///< Absolute; may have a fragment with settings.
  HttpMethod method = HttpMethod::post;
  Form fields = {};
  std::shared_ptr<WebCaller> caller = {};
};

/// An answer, whatever its status.
struct WebReply {
  int status = 0;
  http::Headers headers = {};
  std::string body = {};
  std::string url = {};  ///< Where it came from, after redirects, without a fragment.
};

struct WebFailure {
  std::string code = {};  ///< The provider's.
  std::string why = {};
};

using WebOutcome = std::variant<WebReply, WebFailure>;

/// Sends requests as the provider does: signed, with retries, redirects and cookies, within its
/// limits, and with the faults of a plan.
///
/// A resource of one provider; used on the loop's thread. What is under way ends with it.
class WebClient {
 public:
  using Receiver = detail::OnceFunction<WebOutcome>;

  WebClient(std::shared_ptr<EventLoop> loop, const ProviderOptions& options, Sids& sids,
            std::function<void(Entry)> report);
  WebClient(const WebClient&) = delete;
  WebClient& operator=(const WebClient&) = delete;
  ~WebClient();

  /// The outcome comes as an event, never inside this call.
  void send(WebRequest request, Receiver receive);

  /// Requests without an outcome.
  [[nodiscard]] std::size_t underWay() const noexcept { return exchanges_.size(); }

  /// The next request that can meet this fault does. False if too many wait.
  bool addFault(Fault fault);
  void clearFaults() noexcept { faultsToCome_.clear(); }
  [[nodiscard]] const std::deque<Fault>& faultsToCome() const noexcept { return faultsToCome_; }

 private:
  struct Exchange;
  using Shared = std::shared_ptr<Exchange>;

  /// Callbacks to one server. Calls do not wait for them, so a server that never answers would
  /// collect them without end, and keep others from being sent.
  struct Lane {
    std::size_t underWay = 0;
    std::deque<Shared> waiting = {};
  };

  void plan(Exchange& exchange);
  [[nodiscard]] bool enterLane(const Shared& exchange);
  void leaveLane(Exchange& exchange);
  void begin(const Shared& exchange);
  void attempt(const Shared& exchange);
  void answered(const Shared& exchange, Settled<http::IncomingResponse> outcome);
  void replied(const Shared& exchange, http::IncomingResponse response);
  void failed(const Shared& exchange, std::string_view policy, std::string code, std::string why);
  void settle(const Shared& exchange, WebOutcome outcome);

  [[nodiscard]] bool mayRequest(std::string_view origin) const;

  std::shared_ptr<EventLoop> shared_;
  EventLoop& loop_;
  const ProviderOptions& options_;
  Sids& sids_;
  std::function<void(Entry)> report_;
  std::shared_ptr<http::Transport> transport_;
  std::map<Exchange*, Shared> exchanges_;
  std::map<std::string, Lane, std::less<>> lanes_;  ///< By origin.
  std::deque<Fault> faultsToCome_;                  ///< Besides those of the plan.
};

/// An address as it may be shown.
[[nodiscard]] std::string withoutCredentials(std::string_view address);

/// The absolute form of a reference in a document (RFC 3986 section 5.2); nothing if it is no
/// address or the base is missing.
[[nodiscard]] std::optional<std::string> resolved(std::string_view base,
                                                  std::string_view reference);

}  // namespace ivr::phone
