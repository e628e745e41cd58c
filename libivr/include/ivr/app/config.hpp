#pragma once
// The settings of an application.

#include "ivr/call/waiting.hpp"
#include "ivr/core/clock.hpp"
#include "ivr/core/executor.hpp"
#include "ivr/core/log.hpp"
#include "ivr/core/thread_pool.hpp"
#include "ivr/core/timers.hpp"
#include "ivr/http/transport.hpp"
#include "ivr/rest/rest_client.hpp"
#include "ivr/session/session_store.hpp"
#include "ivr/twiml/twiml.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ivr {

/// What went wrong while a call was being answered.
struct CallError {
  std::exception_ptr error = {};  ///< What the state threw, as thrown.
  std::string state = {};         ///< The name of the requested state; empty if there was none.
  std::string nextState =
      {};  ///< The name of the state that was to be heard; empty if it was not found.
  std::string callSid = {};
};

/// What the provider gets when a state fails.
enum class ErrorAnswer {
  twiml,   ///< Status 200 with the `onError` document: the caller hears it.
  status,  ///< Status 500: the provider asks the fallback URL of the number, if it has one.
};

/// How long a caller's answer may take. Twilio gives up after 15 s in all, others sooner:
/// SignalWire reads for 5 s.
/// (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides)
struct Deadlines {
  /// After this, a caller without an answer is asked to hold.
  std::chrono::milliseconds answer{10'000};

  /// The same for a caller who has already held and hears nothing until the answer is there.
  std::chrono::milliseconds heldAnswer{2'000};

  /// After this, the step is given up, and the caller hears what `onError` says.
  std::chrono::milliseconds total{60'000};
};

/// The settings of one number. A value.
struct NumberConfig {
  Deadlines deadlines = {};
};

/// A value. Everything has a default; with validation on, `publicUrl` and a token must be given.
struct Config {
  /// Who the application runs for.
  enum class Mode {
    production,
    /// Every document sent is linted, and findings are logged once per state. GET `/.ivr/states`
    /// lists the states, and answers to steps name those that they went through in `X-Ivr-State`:
    /// `ivr-phone crawl` then knows which are never reached. `X-Ivr-Session` names the members of
    /// the session that the step has changed, without their values: `language, Order.count`. GET
    /// `/.ivr/flows` has the flows as nodes and edges, for tools that draw them.
    development,
  };

  /// The address at which the provider reaches this application: `https://ivr.example.com`, with a
  /// path if a proxy strips one. Signatures are made over it, and absolute links begin with it.
  std::string publicUrl = {};

  /// Auth tokens, any of which may have signed a request: two during a rotation.
  std::vector<std::string> authTokens = {};

  /// Whether requests must be signed. In development mode they need not be while the public URL is
  /// empty or on this machine (`http://127.0.0.1:8080`), whatever this says; `serve` then listens
  /// on loopback addresses only. Otherwise, turn it off only in tests.
  bool validate = true;

  /// Addresses of proxies (`10.0.0.7`, `10.0.0.0/8`, `::1`); the last items of their
  /// `X-Forwarded-Proto` and `X-Forwarded-Host` are trusted when the signed address is
  /// reconstructed. None by default: the public URL is used.
  std::vector<std::string> trustedProxies = {};

  /// A larger body, or more fields, is refused with 413.
  std::size_t maxBodyBytes = 1 << 20;
  std::size_t maxFields = 1000;

  /// The document for a caller whose state failed. By default an apology; then the call ends.
  std::function<Twiml(const CallError&)> onError = {};
  ErrorAnswer errorAnswer = ErrorAnswer::twiml;

  /// Sees every error once, whatever is answered: of states, of handlers, of detached work, of
  /// `onError` and `pleaseHold`, and answers that were given up. Called on a thread of the
  /// application, where it may block.
  std::function<void(const CallError&)> reportError = {};

  Deadlines deadlines = {};

  /// Our numbers that have their own settings, as the provider writes them: `+14155550199`.
  std::map<std::string, NumberConfig, std::less<>> numbers = {};

  /// The document for a caller whose answer is late, if the state has none of its own; a redirect
  /// to the answer is appended. By default a few words and a pause.
  std::function<Twiml(const Waiting&)> pleaseHold = {};

  /// Where sessions and given answers are kept; null for the memory of the application. Machines
  /// that share the calls of a number must share a store.
  std::shared_ptr<session::SessionStore> sessions = {};

  /// How long the session of a call is kept after its last step.
  std::chrono::milliseconds sessionLifetime = std::chrono::hours{4};

  /// Runs states, background work and stores; null for the application's own `ThreadPool`, with the
  /// limits of `threads`.
  std::shared_ptr<Executor> executor = {};
  ThreadPoolLimits threads = {};

  /// The account whose live calls `Calls` changes; without an account, `Calls` fails with
  /// `Error{config}`.
  std::optional<rest::ClientOptions> rest = {};

  /// Carries requests to the provider; null for libcurl.
  std::shared_ptr<http::Transport> transport = {};

  /// Counts the deadlines; null for the steady clock of the machine.
  std::shared_ptr<Timers> timers = {};

  Mode mode = Mode::production;

  Log log = logToStderr();
  PersonalData personalData = PersonalData::masked;
  Clock clock = systemClock();

  /// What `fromEnvironment` could not understand, a sentence each.
  std::vector<std::string> problems = {};

  /// Reads from the environment: `TWILIO_AUTH_TOKEN` (several are separated by commas),
  /// `IVR_PUBLIC_URL`, `IVR_MODE` (`production` or `development`), `IVR_LOG` (`text` or `json`),
  /// `IVR_SESSIONS` (see `openSessionStore`) and, if `TWILIO_ACCOUNT_SID` is set, all of
  /// `ClientOptions`. Missing and invalid values are reported, with everything else, when the
  /// application starts.
  [[nodiscard]] static Config fromEnvironment();
};

}  // namespace ivr
