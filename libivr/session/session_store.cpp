#include "ivr/session/session_store.hpp"

#include "core/text.hpp"
#include "http/url.hpp"
#include "ivr/core/error.hpp"
#include "ivr/core/log.hpp"
#include "ivr/http/percent.hpp"
#include "session/arguments.hpp"

#include <algorithm>
#include <cstddef>
#include <sys/random.h>

namespace ivr::session {
namespace {

constexpr std::size_t kMaxNameBytes = 128;
constexpr std::size_t kMaxDataBytes = 1 << 20;
constexpr std::chrono::milliseconds kMaximum = std::chrono::hours{24 * 365 * 100};

void checkName(std::string_view name, const char* what) {
  if (name.empty()) throw Error{ErrorKind::usage, std::string{what} + " has an empty name"};
  if (name.size() > kMaxNameBytes) {
    throw Error{ErrorKind::usage, std::string{what} + " has a name of " +
                                      std::to_string(name.size()) + " bytes; 128 are the most"};
  }
}

void checkSize(std::string_view bytes, const char* what) {
  if (bytes.size() > kMaxDataBytes) {
    throw Error{ErrorKind::usage, std::string{what} + " has " + std::to_string(bytes.size()) +
                                      " bytes; a mebibyte is the most"};
  }
}

/// Says what is wrong without the setting itself, which may hold a password.
[[noreturn]] void refuse(const std::string& why) {
  throw Error{ErrorKind::config, why +
                                     "; a session store is memory, sqlite:FILE or "
                                     "redis://[user:password@]host[:port][/database], or "
                                     "rediss:// for TLS"};
}

[[noreturn]] void refuseUnknown(std::string_view name) {
  const bool mayHoldAPassword = name.find('@') != std::string_view::npos;
  refuse(mayHoldAPassword ? "unknown session store"
                          : "unknown session store \"" + oneLine(name, 200) + '"');
}

int numberIn(std::string_view digits, const char* what) {
  const auto number = numberFrom<int>(digits);
  if (!number || *number < 0)
    refuse(std::string{"the session store has "} + what + " that is not a number");
  return *number;
}

RedisAddress redisAddress(std::string_view name) {
  const auto url = http::Url::parse(name);
  if (!url || url->query || url->fragment) refuse("the session store has an invalid address");
  RedisAddress address{.host = url->host, .tls = url->scheme == "rediss"};
  if (address.host.starts_with('[')) {
    if (!address.host.ends_with(']')) refuse("the session store has an invalid address");
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  if (!url->port.empty()) address.port = numberIn(url->port, "a port");
  if (url->path.size() > 1) {
    address.database = numberIn(std::string_view{url->path}.substr(1), "a database");
  }
  if (url->userinfo) {
    const std::size_t colon = url->userinfo->find(':');
    if (colon == std::string::npos) refuse("the session store has a user without a password");
    address.user = http::percentDecode(std::string_view{*url->userinfo}.substr(0, colon));
    address.password = http::percentDecode(std::string_view{*url->userinfo}.substr(colon + 1));
  }
  return address;
}

}  // namespace

void checkSessionName(std::string_view session) { checkName(session, "a session"); }

void checkStepName(std::string_view step) { checkName(step, "a step"); }

void checkChange(const SessionChange& change) {
  checkSessionName(change.session);
  if (change.data) checkSize(*change.data, "the data of a session");
  if (!change.answer) return;
  checkStepName(change.step);
  checkSize(*change.answer, "the answer of a step");
}

std::chrono::milliseconds leaseDuration(std::chrono::milliseconds lease) {
  if (lease <= std::chrono::milliseconds::zero()) {
    throw Error{ErrorKind::usage, "a lease of a session must last for a while"};
  }
  return lifetimeOf(lease);
}

std::chrono::milliseconds lifetimeOf(std::chrono::milliseconds lifetime) noexcept {
  return std::clamp(lifetime, std::chrono::milliseconds::zero(), kMaximum);
}

std::uint64_t randomLease() {
  std::uint64_t number = 0;
  while ((number >> 1) == 0) {
    if (::getrandom(&number, sizeof number, 0) != sizeof number) number = 0;  // interrupted
  }
  return number >> 1;
}

std::shared_ptr<SessionStore> openSessionStore(std::string_view name) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (name == "memory") return memorySessionStore();
  if (name.starts_with(kSqlite)) {
    return sqliteSessionStore(std::string{name.substr(kSqlite.size())});
  }
  if (name.starts_with("redis://") || name.starts_with("rediss://")) {
    return redisSessionStore(redisAddress(name));
  }
  refuseUnknown(name);
}

}  // namespace ivr::session
