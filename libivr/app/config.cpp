#include "ivr/app/config.hpp"

#include "core/text.hpp"
#include "ivr/core/error.hpp"

#include <string_view>

namespace ivr {

namespace {

/// Calls `read`; what it throws becomes a problem.
template <class Read>
void take(Config& config, Read read) {
  try {
    read();
  } catch (const Error& error) {
    config.problems.emplace_back(error.what());
  }
}

/// Whether a variable of the environment is `other` instead of `usual`, which it is if not set.
/// Anything else is a problem.
bool isOther(Config& config, const char* name, std::string_view usual, std::string_view other) {
  const std::string value = environment(name);
  if (!value.empty() && value != usual && value != other) {
    config.problems.push_back(std::string{name} + " is " + std::string{usual} + " or " +
                              std::string{other} + ", not \"" + oneLine(value) + '"');
  }
  return value == other;
}

}  // namespace

Config Config::fromEnvironment() {
  Config config;
  config.publicUrl = environment("IVR_PUBLIC_URL");
  const std::string tokens = environment("TWILIO_AUTH_TOKEN");
  for (const std::string_view token : itemsOf(tokens)) config.authTokens.emplace_back(token);
  if (isOther(config, "IVR_MODE", "production", "development")) config.mode = Mode::development;
  if (isOther(config, "IVR_LOG", "text", "json")) config.log = logJsonToStderr();
  take(config, [&] {
    const std::string store = environment("IVR_SESSIONS");
    if (!store.empty()) config.sessions = session::openSessionStore(store);
  });
  take(config, [&] {
    if (environment("TWILIO_ACCOUNT_SID").empty()) return;
    config.rest = rest::ClientOptions::fromEnvironment();
  });
  return config;
}

}  // namespace ivr
