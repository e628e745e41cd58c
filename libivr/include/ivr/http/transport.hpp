#pragma once
// Requests that this application sends to others.

#include "ivr/core/error.hpp"
#include "ivr/core/later.hpp"
#include "ivr/http/headers.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace ivr::http {

/// A request to another server. A value.
struct OutgoingRequest {
  std::string method = "GET";
  std::string url = {};  ///< `http` or `https`, absolute.
  Headers headers = {};
  std::string body = {};

  /// For HTTP Basic authentication; never logged and never part of an error.
  struct Credentials {
    std::string user = {};
    std::string password = {};
  };
  std::optional<Credentials> credentials = {};

  std::chrono::milliseconds timeout{10'000};  ///< For the whole exchange, waiting included.

  /// True for a request that does harm if it arrives twice. It is sent on a connection of its own,
  /// because one that was kept open may end just as it is used, and libcurl then resends without
  /// knowing whether the first request arrived.
  bool onlyOnce = false;
};

/// What the other server answered, whatever the status. A value.
struct IncomingResponse {
  int status = 0;
  Headers headers = {};
  std::string body = {};

  /// A long answer's place among `TransportLimits::longAnswers`, free when the last copy is gone.
  std::shared_ptr<const void> place = {};
};

/// An exchange without an answer: `unavailable` or `timeout`. The message names the host and what
/// went wrong, never a query, a body or a secret.
class TransportError : public Error {
 public:
  TransportError(ErrorKind kind, std::string message, bool mayHaveArrived,
                 std::source_location where = std::source_location::current())
      : Error(kind, std::move(message), where), mayHaveArrived_(mayHaveArrived) {}

  /// False only if the other server certainly did not get the request.
  [[nodiscard]] bool mayHaveArrived() const noexcept { return mayHaveArrived_; }

 private:
  bool mayHaveArrived_;
};

/// Sends requests. Threads: any at once.
class Transport {
 public:
  virtual ~Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  /// The answer, or a `TransportError`. Redirects are not followed, so that credentials and bodies
  /// go only where they were meant to go.
  virtual Later<IncomingResponse> send(OutgoingRequest request) = 0;

 protected:
  Transport() = default;
};

/// How much a transport accepts, and so how much memory others can make it use.
struct TransportLimits {
  std::size_t inFlight = 32;           ///< Exchanges at a time.
  std::size_t maxWaiting = 1000;       ///< Requests that wait for their turn; more are refused.
  std::size_t maxBodyBytes = 4 << 20;  ///< A longer answer is a `TransportError`.

  /// Answers of more than 16 KiB at a time, which count until they are destroyed. Others stay with
  /// their server meanwhile; one that gets no place in time is a `TransportError`.
  std::size_t longAnswers = 4;

  std::chrono::milliseconds connectTimeout{5000};
  std::chrono::seconds keepAlive{60};  ///< How long an idle connection is kept.
};

/// A libcurl transport, with one thread of its own that keeps connections open for reuse. HTTP 1.1;
/// certificates are verified against those of the system. Requests under way when it is destroyed
/// fail as `unavailable`. Answers are given on its thread: continuations must not block.
[[nodiscard]] std::shared_ptr<Transport> curlTransport(TransportLimits limits = {});

}  // namespace ivr::http
