#pragma once
// Where sessions live between the steps of a call.
//
// A step takes a session with `tryOpen`, which excludes every other step of that call on every
// machine that shares the store, and gives it back with `close`, which saves everything or nothing.
// Between the two it holds a lease. If the holder dies, others go on once the lease has run out; if
// it comes back after that, it can no longer save. So no update is lost, and none is half saved.

#include "ivr/core/clock.hpp"
#include "ivr/core/later.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::session {

/// A session that a step has taken.
struct OpenSession {
  std::uint64_t lease = 0;  ///< Of its holder: never 0, and never the same twice for one session.
  std::string data = {};    ///< As last saved; empty if it never was or has run out.

  /// The answer of the step of this name, if it was already closed with one. The step must not run
  /// again.
  std::optional<std::string> answer = {};
};

/// What a step leaves behind. Fields that are not set change nothing.
struct SessionChange {
  std::string_view session = {};
  std::uint64_t lease = 0;

  std::optional<std::string_view> data = {};  ///< An empty text forgets the session.
  std::chrono::milliseconds dataLifetime{0};  ///< From now on; used only with `data`.

  /// Whether the data says that something is left to be done, which somebody else must do if this
  /// process dies; see `SessionStore::withWork`. A mark of the data, forgotten with it.
  std::optional<bool> hasWork = {};

  std::string_view step = {};                   ///< As given to `tryOpen`.
  std::optional<std::string_view> answer = {};  ///< For later openings of the same step.
  std::chrono::milliseconds answerLifetime{0};  ///< Used only with `answer`.
};

/// Who shares a store, and whom its leases exclude.
enum class StoreScope {
  process,       ///< This process alone.
  machine,       ///< Processes of this machine.
  everyMachine,  ///< All machines that reach it.
};

/// The most answers that a store keeps for one session. A call waits for one answer at a time, and
/// a few others under the same key may be asked for again: when there are more, the one that was
/// saved first goes.
inline constexpr std::size_t kMaxAnswers = 4;

/// A store of sessions.
///
/// A resource. Threads: every member may be called from any thread at once. No member waits for a
/// disk or a network: what takes time comes later, on a thread of the store, where continuations
/// must be short and must not wait for another result of the store.
///
/// Names of sessions and steps are non-empty texts of at most 128 bytes; data and answers are
/// bytes, up to a mebibyte each; arguments are only read during the call. Anything else throws
/// `Error{usage}`. If the store cannot be reached, results fail with `Error{unavailable}` or
/// `Error{timeout}`; nothing is then known to have been saved. A store that is destroyed settles
/// all results first.
class SessionStore {
 public:
  virtual ~SessionStore() = default;
  SessionStore(const SessionStore&) = delete;
  SessionStore& operator=(const SessionStore&) = delete;

  /// Takes a session for the step of that name, for as long as `lease` unless it is renewed.
  /// Nothing if another step holds it.
  [[nodiscard]] virtual Later<std::optional<OpenSession>> tryOpen(
      std::string_view session, std::string_view step, std::chrono::milliseconds lease) = 0;

  /// Holds a session for `duration` from now. False if the lease has been lost.
  [[nodiscard]] virtual Later<bool> renew(std::string_view session, std::uint64_t lease,
                                          std::chrono::milliseconds duration) = 0;

  /// Saves all of the change and gives the session back. False if the lease has been lost: then
  /// nothing was saved. When it has become true, the change outlives the process, except in the
  /// memory store. A change that saves nothing is done before whatever this process asks after it.
  [[nodiscard]] virtual Later<bool> close(const SessionChange& change) = 0;

  /// The data as last saved, even while the session is held; empty if there is none.
  [[nodiscard]] virtual Later<std::string> read(std::string_view session) = 0;

  /// The names of sessions, held or not, whose data is marked as work: at most so many, and never
  /// more than 1,000. Those that were marked first come first, nearly.
  [[nodiscard]] virtual Later<std::vector<std::string>> withWork(std::size_t limit) = 0;

  /// A number larger than every one it gave before, to any process.
  [[nodiscard]] virtual Later<std::uint64_t> nextFence() = 0;

  [[nodiscard]] virtual StoreScope scope() const noexcept = 0;

 protected:
  SessionStore() = default;
};

/// Sessions in the memory of this process, gone with it.
[[nodiscard]] std::shared_ptr<SessionStore> memorySessionStore(SteadyClock clock = steadyClock());

/// What a store on disk keeps time by.
struct DiskClocks {
  Clock lifetimes = systemClock();  ///< They go on while the machine is off.
  BootClock leases = bootClock();   ///< Nobody can set it.
};

/// Sessions in an SQLite database, which is created if it is missing, for its owner only; its
/// folder must exist. All of them are in memory too. Up to 16 stores of one machine may share it.
/// What was saved survives a killed process; a machine that loses power may lose the last moments,
/// but never part of a change. Throws `Error{config}` when the file cannot be used, or others could
/// read it: the message then says what mends that.
[[nodiscard]] std::shared_ptr<SessionStore> sqliteSessionStore(const std::string& file,
                                                               DiskClocks clocks = {});

/// Where a Redis server is, and how long it may take.
struct RedisAddress {
  std::string host = "127.0.0.1";
  int port = 6379;
  int database = 0;
  std::string user = {};        ///< Empty for the default user.
  std::string password = {};    ///< Empty for none.
  std::string prefix = "ivr:";  ///< Of all keys.
  std::chrono::milliseconds connectTimeout{1000};
  std::chrono::milliseconds timeout{2000};  ///< For each answer, with the time to connect.

  bool tls = false;                  ///< The server must then prove that it is `host`.
  std::string caFile = {};           ///< Whom to trust (PEM); empty for whom the system trusts.
  std::string certificateFile = {};  ///< For a server that asks who we are: a chain (PEM) ...
  std::string keyFile = {};          ///< ... and its key (PEM), without a passphrase.
};

/// Sessions in Redis (5 or later), shared by several machines; the server alone keeps time.
///
/// Connects on first use, and again after a failure. All that is asked goes over one connection,
/// without waiting for earlier answers, and is done in that order. When the connection is lost, a
/// close that was under way fails, as nobody knows what became of it; what is asked afterwards may
/// then come before it. Throws `Error{config}` for an invalid address, or a file that cannot be
/// used.
[[nodiscard]] std::shared_ptr<SessionStore> redisSessionStore(RedisAddress address);

/// The store that a setting names: `memory`, `sqlite:FILE`,
/// `redis://[user:password@]host[:port][/database]`, or the same with `rediss://` for TLS. Throws
/// `Error{config}` for anything else.
[[nodiscard]] std::shared_ptr<SessionStore> openSessionStore(std::string_view name);

}  // namespace ivr::session
