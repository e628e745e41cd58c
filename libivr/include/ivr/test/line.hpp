#pragma once
// A phone line under test: an application, and the provider that calls it, in one process and in
// simulated time.

#include "ivr/app/config.hpp"
#include "ivr/app/ivr.hpp"
#include "ivr/core/later.hpp"
#include "ivr/http/form.hpp"
#include "ivr/http/transport.hpp"
#include "ivr/phone/call_view.hpp"
#include "ivr/phone/event_loop.hpp"
#include "ivr/phone/faults.hpp"
#include "ivr/phone/provider.hpp"
#include "ivr/phone/telephone.hpp"
#include "ivr/phone/timeline.hpp"
#include "ivr/test/phone.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <iosfwd>
#include <memory>
#include <mutex>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ivr::test {

/// The settings of a line. A value.
struct LineOptions {
  /// Changes the settings that the line gives the application: signed requests for
  /// `https://ivr.example.com`, an account, sessions in memory, production mode, and the time,
  /// timers, threads and transport of the line, which are better left alone. Called again for each
  /// restart, so what is to survive one is made outside: `[store](Config& c) { c.sessions = store;
  /// }`.
  std::function<void(Config&)> config = {};

  /// The time of day at which the line begins.
  std::chrono::system_clock::time_point start = phone::EventLoopOptions{}.start;

  /// Of everything that is random: SIDs, tokens, and the faults, if they have no seed of their own.
  std::uint64_t seed = 1;

  /// What goes wrong between the provider and the application.
  phone::FaultPlan faults = {};

  /// How long time may stand still for the same work of the application, in real time, before that
  /// is a failure.
  std::chrono::milliseconds workLimit{10'000};

  /// How long an act may take, in simulated time, before that is a failure.
  std::chrono::milliseconds actLimit = std::chrono::hours{1};

  /// Carries what the application asks of hosts other than the provider's API, by
  /// `Config::transport`. Without one such a request fails.
  std::shared_ptr<http::Transport> transport = {};

  /// The number of the line.
  std::string number = "+14155550199";

  /// What else the number is set to: paths of the application, or empty for none.
  std::string fallbackPath = {};
  std::string statusCallbackPath = {};

  int wordsPerMinute = 160;  ///< How fast texts are spoken.
};

/// Who calls, and how. A value.
struct CallOptions {
  std::string from = "+14155550100";
  std::string to = {};  ///< Empty for the number of the line.
  Form fields = {};     ///< Sent with every webhook of the call: `FromCity`, ...

  /// How long the call runs before `Line::call` returns; without it, until its first rest, as with
  /// the acts of a `Phone`. A caller who listens for two seconds may then interrupt a prompt.
  std::optional<std::chrono::milliseconds> listens = {};
};

/// A live call that the application has moved. A value.
struct Redirected {
  std::string sid = {};
  std::string address = {};

  bool operator==(const Redirected&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Redirected& move);

/// An application, and all telephones around it.
///
/// Time passes only in the acts of its phones, in `call`, `wait` and `await`; it jumps from one
/// event to the next, and stands still while the application works: in its states, its background
/// work, its session store and the provider's API. What the application waits for outside of that
/// (a callback from a thread of your own) is unknown to the line, unless `hold` tells it.
///
/// A resource, neither copied nor moved. Threads: one, that on which it was made; `hold` and `log`
/// any.
class Line {
 public:
  /// Adds states, audio and routes to an application, which is then mounted.
  using Application = std::function<void(Ivr&)>;
  using Where = std::source_location;

  /// Throws what `application` throws, and `Error{config}` if it cannot be mounted.
  explicit Line(Application application, LineOptions options = {});
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line();

  /// Somebody calls the number, which posts to `path`: a path of the application, as in
  /// `State::uri`, or an absolute URL. Returns at the first rest of the call.
  Phone call(std::string_view path, const CallOptions& options = {},
             Where where = Where::current());

  /// The telephone with that number (or `client:ann`, or a SIP address), which the application may
  /// call. It rings until it is answered, unless `setTelephone` says otherwise.
  [[nodiscard]] Phone phone(std::string_view number);

  /// What a telephone does by itself when it is called.
  void setTelephone(std::string_view number, phone::Telephone telephone);

  /// Time passes for everybody. No act of a phone: what was heard since the last one stays.
  void wait(std::chrono::milliseconds duration, Where where = Where::current());

  /// The value of `later`, or its exception; time passes until it is there. `Later::get` would wait
  /// for ever: what brings the value happens only while time passes.
  ///
  ///   line.await(line.ivr().handle(request)).status
  ///
  /// Throws `Error{timeout}` if it does not come within `LineOptions::actLimit`.
  template <class T>
  T await(Later<T> later) {
    struct Outcome {
      std::mutex mutex = {};  // it may come on another thread
      std::optional<Settled<T>> settled = {};
    };
    const auto outcome = std::make_shared<Outcome>();
    std::move(later).receive([outcome](Settled<T> settled) {
      const std::lock_guard lock{outcome->mutex};
      outcome->settled.emplace(std::move(settled));
    });
    runUntil([&] {
      const std::lock_guard lock{outcome->mutex};
      return outcome->settled.has_value();
    });
    if (const auto* error = std::get_if<1>(&*outcome->settled)) std::rethrow_exception(*error);
    return std::get<0>(*std::move(outcome->settled));
  }

  /// Time stands still until the result ends. `name` says for what, if that takes too long.
  [[nodiscard]] phone::EventLoop::Work hold(std::string name);

  /// The application ends in the middle of whatever it does, and a new one takes its place.
  /// Sessions in memory are lost; see `LineOptions::config`.
  void restart();

  // What happened.

  [[nodiscard]] std::vector<phone::CallView> calls() const;
  [[nodiscard]] std::vector<phone::SentMessage> messages() const;

  /// Whom the application has called, by `<Dial>` or by the API, in order: numbers, `client:ann`,
  /// SIP addresses.
  [[nodiscard]] std::vector<std::string> dialled() const;

  /// Which live calls the application has moved to another document, and where, in order.
  [[nodiscard]] std::vector<Redirected> redirected() const;

  /// The requests to the application that have an outcome, in order; see `phone::Provider`.
  [[nodiscard]] phone::Timeline webhooks() const;
  [[nodiscard]] const phone::Timeline& timeline() const;

  /// What the application has logged, each line with its end; empty if `LineOptions::config` gave
  /// it another log.
  [[nodiscard]] std::string log() const;

  /// How long the line has lived, in its own time.
  [[nodiscard]] phone::Moment now() const;

  /// The application; another one after a restart.
  [[nodiscard]] Ivr& ivr();
  [[nodiscard]] phone::Provider& provider();

 private:
  void runUntil(const std::function<bool()>& isDone);

  std::shared_ptr<LineCore> core_;
};

}  // namespace ivr::test
