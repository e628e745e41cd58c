#pragma once
// What goes wrong between the provider and an application, by plan.
//
// Threads: values.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ivr::phone {

enum class Fault {
  slow,           ///< The answer comes `FaultPlan::latency` later.
  timeout,        ///< No answer comes.
  dropped,        ///< The connection ends before the application sees the request.
  answerDropped,  ///< The application sees the request; its answer is lost.
  serverError,    ///< The answer is a 503.
  duplicated,     ///< The request is sent twice, with one idempotency token.
  reordered,      ///< A status callback comes after the next one of its call.
  hangUp,         ///< The caller hangs up while the application works.
  restart,        ///< The application restarts before it sees the request.
};

/// `slow`, `answerDropped`, ...
[[nodiscard]] const char* textOf(Fault fault) noexcept;

/// A fault at one request of one call.
struct PlannedFault {
  std::size_t call = 0;     ///< The calls that come in are counted from 0.
  std::size_t request = 0;  ///< Requests about this call that are not for audio, counted from 0.
  Fault fault = Fault::slow;
};

/// Which requests meet which fault. A plan depends on its seed and on the place of a request in its
/// call, not on the order in which calls come: it is the same in every run. A value.
struct FaultPlan {
  std::uint64_t seed = 0;

  /// How many of a thousand requests meet each fault, in the order of `Fault`. Duplicated and
  /// reordered are met by status callbacks alone.
  struct PerMille {
    unsigned slow = 0;
    unsigned timeout = 0;
    unsigned dropped = 0;
    unsigned answerDropped = 0;
    unsigned serverError = 0;
    unsigned duplicated = 0;
    unsigned reordered = 0;
    unsigned hangUp = 0;
    unsigned restart = 0;
  } perMille = {};

  unsigned restPerMille = 0;  ///< Requests to the API that are answered with a 503.

  std::chrono::milliseconds latency{3000};
  std::vector<PlannedFault> planned = {};  ///< Besides those by chance.
};

/// Adds what a text says to a plan: `slow=5%,hangUp=0.5%,restart@2,dropped@7/0`: a share of all
/// requests, a request of the first call, or a request of the call with that number. Throws
/// `Error{usage}` naming a part that says none of these.
void addFaults(FaultPlan& plan, std::string_view text);

}  // namespace ivr::phone
