#include "ivr/app/config.hpp"

#include "core/text.hpp"
#include "ivr/core/error.hpp"

#include <string_view>

namespace ivr {

namespace {

Config::Mode modeOf(std::string_view name) {
  if (name.empty() || name == "production") return Config::Mode::production;
  if (name == "development") return Config::Mode::development;
  throw Error{ErrorKind::config,
              "IVR_MODE is production or development, not \"" + oneLine(name) + '"'};
}

}  // namespace

Config Config::fromEnvironment() {
  Config config;
  config.publicUrl = environment("IVR_PUBLIC_URL");
  config.mode = modeOf(environment("IVR_MODE"));
  if (const std::string store = environment("IVR_SESSIONS"); !store.empty()) {
    config.sessions = session::openSessionStore(store);
  }
  if (!environment("TWILIO_ACCOUNT_SID").empty())
    config.rest = rest::ClientOptions::fromEnvironment();
  const std::string tokens = environment("TWILIO_AUTH_TOKEN");
  for (const std::string_view token : itemsOf(tokens)) config.authTokens.emplace_back(token);
  return config;
}

}  // namespace ivr
