#include "ivr/session/session_store.hpp"
#include "session/arguments.hpp"
#include "session/session_table.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

namespace ivr::session {
namespace {

class MemorySessionStore final : public SessionStore {
 public:
  explicit MemorySessionStore(SteadyClock clock) : clock_(std::move(clock)) {}

  Later<std::optional<OpenSession>> tryOpen(std::string_view session, std::string_view step,
                                            std::chrono::milliseconds lease) override {
    checkSessionName(session);
    checkStepName(step);
    const std::int64_t duration = leaseDuration(lease).count();
    const Moment now = this->now();
    return table_.with(session, now, [&](KeptSession& kept) -> std::optional<OpenSession> {
      if (kept.isHeld(now)) return std::nullopt;
      kept.lease = table_.nextLease();
      kept.leaseEnd = now.lease + duration;
      return openedOf(kept, step, now);
    });
  }

  Later<bool> renew(std::string_view session, std::uint64_t lease,
                    std::chrono::milliseconds duration) override {
    checkSessionName(session);
    const std::int64_t longer = leaseDuration(duration).count();
    const Moment now = this->now();
    return table_.withKnown(session, now, [&](KeptSession* kept) {
      if (kept == nullptr || !kept->isHeldBy(lease, now)) return false;
      kept->leaseEnd = now.lease + longer;
      return true;
    });
  }

  Later<bool> close(const SessionChange& change) override {
    checkChange(change);
    const Moment now = this->now();
    // Copied first, so that nothing is half changed when memory runs out.
    std::string data{change.data.value_or(std::string_view{})};
    std::optional<KeptAnswer> answer;
    if (change.answer) {
      answer = {.step = std::string{change.step},
                .answer = std::string{*change.answer},
                .end = now.lifetime + lifetimeOf(change.answerLifetime).count()};
    }
    return table_.withKnown(change.session, now, [&](KeptSession* kept) {
      if (kept == nullptr || !kept->isHeldBy(change.lease, now)) return false;
      if (answer) {
        kept->answers.reserve(kMaxAnswers);
        kept->setAnswer(*std::move(answer), now);
      }
      if (change.data) {
        kept->setData(std::move(data), now.lifetime + lifetimeOf(change.dataLifetime).count(), 0,
                      now);
      }
      if (change.hasWork) kept->hasWork = *change.hasWork && !kept->dataAt(now).empty();
      kept->leaseEnd = KeptSession::kPast;
      return true;
    });
  }

  Later<std::string> read(std::string_view session) override {
    checkSessionName(session);
    const Moment now = this->now();
    return table_.withKnown(session, now, [&](const KeptSession* kept) {
      return kept == nullptr ? std::string{} : std::string{kept->dataAt(now)};
    });
  }

  Later<std::vector<std::string>> withWork(std::size_t limit) override {
    return table_.withWork(std::min(limit, kMaxWork), now());
  }

  Later<std::uint64_t> nextFence() override { return ++lastFence_; }

  StoreScope scope() const noexcept override { return StoreScope::process; }

 private:
  [[nodiscard]] Moment now() const {
    const auto sinceStart = clock_().time_since_epoch();
    const auto now = std::chrono::floor<std::chrono::milliseconds>(sinceStart).count();
    return {.lease = now, .lifetime = now};
  }

  SteadyClock clock_;
  std::atomic<std::uint64_t> lastFence_{0};
  SessionTable table_;
};

}  // namespace

std::shared_ptr<SessionStore> memorySessionStore(SteadyClock clock) {
  return std::make_shared<MemorySessionStore>(std::move(clock));
}

}  // namespace ivr::session
