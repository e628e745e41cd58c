#pragma once
// Steps shared by the tests and their helper program `session_writer`.

#include "ivr/session/session_store.hpp"

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace ivr::support {

using namespace ivr::session;

inline constexpr std::chrono::milliseconds kLong = std::chrono::hours{1};

/// Takes the session as soon as its holder gives it back.
inline OpenSession openInTurn(SessionStore& store, std::string_view session,
                              std::string_view step = "step") {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (std::chrono::steady_clock::now() < end) {
    if (auto open = store.tryOpen(session, step, kLong).get()) return *std::move(open);
    std::this_thread::sleep_for(std::chrono::microseconds{100});
  }
  throw std::runtime_error{"a session that nobody gives back"};
}

/// The number at the beginning of the text; 0 if there is none.
inline std::uint64_t numberIn(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Adds one to the number in a session, `times` times, each in its own step.
inline void increment(SessionStore& store, std::string_view session, int times) {
  for (int i = 0; i < times; ++i) {
    const OpenSession open = openInTurn(store, session);
    const std::string next = std::to_string(numberIn(open.data) + 1);
    if (!store.close({.session = session, .lease = open.lease, .data = next, .dataLifetime = kLong})
             .get()) {
      throw std::runtime_error{"a lease was lost"};
    }
  }
}

/// What the writer saves under a number: text that shows whether it is whole, now and then far more
/// than a page.
inline std::string versionOf(std::uint64_t number) {
  const std::string text = std::to_string(number) + ' ';
  std::string version = text;
  const std::size_t size = number % 7 == 0 ? 65536 : 200;
  while (version.size() < size) version += text;
  return version + "end";
}

/// The number of a version; empty unless it is whole.
inline std::optional<std::uint64_t> wholeVersion(std::string_view data) {
  const std::uint64_t number = numberIn(data);
  if (data != versionOf(number)) return std::nullopt;
  return number;
}

}  // namespace ivr::support
