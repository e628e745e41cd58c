#pragma once
// Sessions in the memory of this process: all that the memory store has, and what the SQLite store
// reads from.

#include "core/text.hpp"
#include "ivr/session/session_store.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ivr::session {

/// Milliseconds by the clock of leases, and by that of lifetimes.
struct Moment {
  std::int64_t lease = 0;
  std::int64_t lifetime = 0;
};

/// The answer of a step that is over.
struct KeptAnswer {
  std::string step;
  std::string answer;
  std::int64_t end = 0;
  std::uint64_t row = 0;    ///< Where it is on disk; 0 if it is not.
  std::uint64_t saved = 0;  ///< The one with the smallest was saved first; of equals, the first.
};

/// What is known of one session.
struct KeptSession {
  static constexpr std::int64_t kPast = std::numeric_limits<std::int64_t>::min();
  static constexpr std::uint32_t kNoSharedLease = std::numeric_limits<std::uint32_t>::max();

  std::uint64_t lease = 0;  ///< Of the current or the last holder.
  std::int64_t leaseEnd = kPast;
  bool isBeingSaved = false;                   ///< Then it is held, however long that takes.
  std::uint32_t sharedLease = kNoSharedLease;  ///< In `SharedLeases`.
  std::string data = {};
  std::int64_t dataEnd = kPast;
  std::uint64_t dataRow = 0;
  bool hasWork = false;    ///< A mark of the data.
  std::uint64_t work = 0;  ///< Its number among the sessions with work; 0 if it is not there.
  std::vector<KeptAnswer> answers = {};

  [[nodiscard]] bool isHeld(const Moment& now) const {
    return isBeingSaved || now.lease < leaseEnd;
  }
  [[nodiscard]] bool isHeldBy(std::uint64_t holder, const Moment& now) const {
    return lease == holder && isHeld(now);
  }
  [[nodiscard]] const KeptAnswer* answerOf(std::string_view step) const;

  /// The data, or nothing if it has run out.
  [[nodiscard]] std::string_view dataAt(const Moment& now) const {
    return now.lifetime < dataEnd ? std::string_view{data} : std::string_view{};
  }

  /// Whether the data is marked, and has not run out.
  [[nodiscard]] bool hasWorkAt(const Moment& now) const {
    return hasWork && now.lifetime < dataEnd;
  }

  /// Replaces the data; an empty one, or one that is over, is forgotten, and its mark with it.
  void setData(std::string bytes, std::int64_t end, std::uint64_t row, const Moment& now);

  /// Adds an answer, or replaces that of the same step, and forgets the one of too many that was
  /// saved first.
  void setAnswer(KeptAnswer answer, const Moment& now);

  void forgetWhatIsOver(const Moment& now);

  /// What it takes in memory, nearly.
  [[nodiscard]] std::size_t bytes() const;
};

/// What a step finds that takes the session now.
[[nodiscard]] OpenSession openedOf(const KeptSession& session, std::string_view step,
                                   const Moment& now);

/// Sessions by name, in parts with a lock each, so that threads seldom wait for one another.
/// Threads: any.
class SessionTable {
 public:
  /// `onForgotten` is called, with the lock of its part held, before a session is erased.
  explicit SessionTable(std::function<void(KeptSession&)> onForgotten = {})
      : onForgotten_(std::move(onForgotten)) {}

  /// Calls `action` with the session of that name, which is made if it is missing, under the lock
  /// of its part. A session that is then empty is forgotten.
  template <class Action>
  auto with(std::string_view session, const Moment& now, Action action) {
    Part& part = partOf(session);
    const std::lock_guard lock{part.mutex};
    const auto found = part.sessions.find(session);
    auto& entry = found != part.sessions.end() ? *found : add(part, session, now);
    const Keeper keeper{*this, part, entry, now};
    return action(entry.second);
  }

  /// The same with a null pointer if there is no such session.
  template <class Action>
  auto withKnown(std::string_view session, const Moment& now, Action action) {
    Part& part = partOf(session);
    const std::lock_guard lock{part.mutex};
    const auto found = part.sessions.find(session);
    if (found == part.sessions.end()) return action(static_cast<KeptSession*>(nullptr));
    const Keeper keeper{*this, part, *found, now};
    return action(&found->second);
  }

  /// Forgets all data and answers; who holds what stays.
  void forgetContents();

  /// The names of at most so many sessions with work; those that were marked first come first.
  [[nodiscard]] std::vector<std::string> withWork(std::size_t limit, const Moment& now);

  /// A number for a lease. Never the same twice in a process, and never 0.
  [[nodiscard]] std::uint64_t nextLease() noexcept { return ++lastLease_; }

  /// What all sessions take in memory, nearly.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_.load(std::memory_order_relaxed);
  }

 private:
  using Sessions = std::unordered_map<std::string, KeptSession, TextHash, std::equal_to<>>;

  struct alignas(64) Part {
    std::mutex mutex = {};
    Sessions sessions = {};
    std::size_t nextBucket = 0;
    unsigned uses = 0;
  };

  /// Sees to the table when an action is over.
  class Keeper {
   public:
    Keeper(SessionTable& table, Part& part, Sessions::value_type& entry, const Moment& now)
        : table_(table), part_(part), entry_(entry), now_(now), before_(entry.second.bytes()) {}
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;
    ~Keeper() { table_.settle(part_, entry_, before_, now_); }

   private:
    SessionTable& table_;
    Part& part_;
    Sessions::value_type& entry_;
    const Moment& now_;
    const std::size_t before_;
  };

  Part& partOf(std::string_view session) { return parts_[TextHash{}(session) % parts_.size()]; }
  Sessions::value_type& add(Part& part, std::string_view session, const Moment& now);
  void settle(Part& part, Sessions::value_type& entry, std::size_t before, const Moment& now);
  void sweep(Part& part, const Moment& now);
  bool forgetIfEmpty(Part& part, Sessions::value_type& entry, const Moment& now);
  void noteWork(Sessions::value_type& entry);

  const std::function<void(KeptSession&)> onForgotten_;
  std::atomic<std::uint64_t> lastLease_{0};
  std::atomic<std::size_t> bytes_{0};
  std::array<Part, 64> parts_;

  std::mutex workMutex_;  ///< Taken with that of a part held, or with none.
  std::uint64_t lastWork_ = 0;
  std::map<std::uint64_t, std::string> work_;  ///< The sessions with work, in order.
};

}  // namespace ivr::session
