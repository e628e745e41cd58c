#include "core/text.hpp"
#include "ivr/session/session_store.hpp"
#include "session/arguments.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ivr::session {
namespace {

using Moment = std::chrono::steady_clock::time_point;

struct AnsweredStep {
  std::string step;
  std::string answer;
  Moment end;
};

struct Kept {
  std::uint64_t lease = 0;
  Moment leaseEnd = Moment::min();
  Moment dataEnd = Moment::min();
  std::string data = {};
  std::vector<AnsweredStep> answers = {};

  [[nodiscard]] bool isHeld(Moment now) const { return now < leaseEnd; }
  [[nodiscard]] bool isHeldBy(std::uint64_t who, Moment now) const {
    return lease == who && isHeld(now);
  }
  [[nodiscard]] bool isEmpty(Moment now) const {
    return !isHeld(now) && data.empty() && answers.empty();
  }

  void forgetWhatIsOver(Moment now) {
    if (dataEnd <= now) data = std::string{};  // `clear` would keep the memory
    std::erase_if(answers, [&](const AnsweredStep& answer) { return answer.end <= now; });
  }
};

using Sessions = std::unordered_map<std::string, Kept, TextHash, std::equal_to<>>;

/// A part of the sessions, so that threads seldom wait for one another.
struct alignas(64) Shard {
  std::mutex mutex = {};
  Sessions sessions = {};
  std::uint64_t lastLease = 0;
  std::size_t nextBucket = 0;
  unsigned closes = 0;

  /// Adds a session that is not there. Two buckets are swept for each that may be added, which
  /// keeps up.
  Kept& add(std::string_view session, Moment now) {
    for (int bucket = 0; bucket < 2; ++bucket) sweep(now);
    return sessions[std::string{session}];
  }

  /// Sweeps now and then, so that expired sessions go even when nobody new calls. Rarely, because
  /// sessions that have not been used for long are no longer in the processor's caches.
  void countClose(Moment now) {
    constexpr unsigned kClosesToSweep = 8;
    if (++closes % kClosesToSweep == 0) sweep(now);
  }

 private:
  /// Looks at the sessions of the next bucket, which nobody may ever ask for again.
  void sweep(Moment now) {
    if (nextBucket >= sessions.bucket_count()) {
      nextBucket = 0;
      if (sessions.size() < sessions.bucket_count() / 8) sessions.rehash(0);
    }
    for (auto next = sessions.begin(nextBucket); next != sessions.end(nextBucket);) {
      auto& [name, session] = *next++;
      session.forgetWhatIsOver(now);
      if (session.isEmpty(now)) sessions.erase(sessions.find(name));
    }
    ++nextBucket;
  }
};

class MemorySessionStore final : public SessionStore {
 public:
  explicit MemorySessionStore(SteadyClock clock) : clock_(std::move(clock)) {}

  std::optional<OpenSession> tryOpen(std::string_view session, std::string_view step,
                                     std::chrono::milliseconds lease) override {
    checkSessionName(session);
    checkStepName(step);
    const auto duration = leaseDuration(lease);
    const Moment now = clock_();
    Shard& shard = shardOf(session);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.sessions.find(session);
    Kept& taken = found != shard.sessions.end() ? found->second : shard.add(session, now);
    if (taken.isHeld(now)) return std::nullopt;
    taken.forgetWhatIsOver(now);
    OpenSession open{.lease = ++shard.lastLease, .data = taken.data};
    for (const AnsweredStep& answered : taken.answers) {
      if (answered.step == step) open.answer = answered.answer;
    }
    taken.lease = open.lease;
    taken.leaseEnd = now + duration;
    return open;
  }

  bool renew(std::string_view session, std::uint64_t lease,
             std::chrono::milliseconds duration) override {
    checkSessionName(session);
    const auto longer = leaseDuration(duration);
    const Moment now = clock_();
    Shard& shard = shardOf(session);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.sessions.find(session);
    if (found == shard.sessions.end() || !found->second.isHeldBy(lease, now)) return false;
    found->second.leaseEnd = now + longer;
    return true;
  }

  bool close(const SessionChange& change) override {
    checkChange(change);
    const Moment now = clock_();
    Shard& shard = shardOf(change.session);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.sessions.find(change.session);
    if (found == shard.sessions.end() || !found->second.isHeldBy(change.lease, now)) return false;
    apply(change, now, found->second);
    if (found->second.isEmpty(now)) shard.sessions.erase(found);
    shard.countClose(now);
    return true;
  }

  std::string read(std::string_view session) override {
    checkSessionName(session);
    const Moment now = clock_();
    Shard& shard = shardOf(session);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.sessions.find(session);
    if (found == shard.sessions.end() || found->second.dataEnd <= now) return {};
    return found->second.data;
  }

  std::uint64_t nextFence() override { return ++lastFence_; }

  StoreScope scope() const noexcept override { return StoreScope::process; }
  bool waitsForNetwork() const noexcept override { return false; }

 private:
  /// Allocates first, so that nothing is half changed when memory runs out.
  static void apply(const SessionChange& change, Moment now, Kept& session) {
    std::string data{change.data.value_or(std::string_view{})};
    if (change.answer) {
      AnsweredStep answered{.step = std::string{change.step},
                            .answer = std::string{*change.answer},
                            .end = now + lifetimeOf(change.answerLifetime)};
      session.answers.reserve(session.answers.size() + 1);
      std::erase_if(session.answers,
                    [&](const AnsweredStep& before) { return before.step == answered.step; });
      session.answers.push_back(std::move(answered));
    }
    if (change.data) {
      session.data = std::move(data);
      session.dataEnd = now + lifetimeOf(change.dataLifetime);
    }
    session.leaseEnd = Moment::min();
    session.forgetWhatIsOver(now);
  }

  Shard& shardOf(std::string_view session) { return shards_[TextHash{}(session) % shards_.size()]; }

  SteadyClock clock_;
  std::atomic<std::uint64_t> lastFence_{0};
  std::array<Shard, 64> shards_;
};

}  // namespace

std::shared_ptr<SessionStore> memorySessionStore(SteadyClock clock) {
  return std::make_shared<MemorySessionStore>(std::move(clock));
}

}  // namespace ivr::session
