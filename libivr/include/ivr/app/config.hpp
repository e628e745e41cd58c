#pragma once
// The settings of an application.

#include "ivr/core/clock.hpp"
#include "ivr/core/log.hpp"
#include "ivr/twiml/twiml.hpp"

#include <exception>
#include <functional>
#include <string>
#include <vector>

namespace ivr {

/// What went wrong while a call was being answered.
struct CallError {
  std::exception_ptr error = {};  ///< What the state threw, as thrown.
  std::string state = {};         ///< The name of the state that was asked; empty if none was.
  std::string nextState =
      {};  ///< The name of the state that was to be heard; empty if it was not found.
  std::string callSid = {};
};

/// Who the application is run for.
enum class Mode {
  production,
  development,  ///< Every document sent is linted, and what is found is logged, once per state.
};

/// What the provider gets when a state fails.
enum class ErrorAnswer {
  twiml,   ///< Status 200 with the `onError` document: the caller hears it.
  status,  ///< Status 500: the provider asks the fallback URL of the number, if it has one.
};

/// A value. Everything has a default; with validation on, `publicUrl` and a token must be given.
struct Config {
  /// The address at which the provider reaches this application: `https://ivr.example.com`, with a
  /// path if a proxy strips one. Signatures are made over it, and absolute links begin with it.
  std::string publicUrl = {};

  /// Auth tokens, any of which may have signed a request: two of them while one is being rotated.
  std::vector<std::string> authTokens = {};

  /// Whether requests must be signed. Only a developer's own machine should say no.
  bool validate = true;

  /// Addresses of proxies (`10.0.0.7`, `10.0.0.0/8`, `::1`) whose `X-Forwarded-Proto` and
  /// `X-Forwarded-Host` are believed when the signed address is put together. Nobody's, by default:
  /// the public URL is used.
  std::vector<std::string> trustedProxies = {};

  /// A larger body is refused with 413, more fields too.
  std::size_t maxBodyBytes = 1 << 20;
  std::size_t maxFields = 1000;

  /// The document for a caller whose state failed. By default an apology, then the call is over.
  std::function<Twiml(const CallError&)> onError;
  ErrorAnswer errorAnswer = ErrorAnswer::twiml;

  Mode mode = Mode::production;

  Log log = logToStderr();
  PersonalData personalData = PersonalData::masked;
  Clock clock = systemClock();

  /// Takes `TWILIO_AUTH_TOKEN` (several are separated by commas), `IVR_PUBLIC_URL` and `IVR_MODE`
  /// (`production` or `development`) from the environment. What is missing is reported, with
  /// everything else, when the application starts; another mode throws `Error{config}` here.
  [[nodiscard]] static Config fromEnvironment();
};

}  // namespace ivr
