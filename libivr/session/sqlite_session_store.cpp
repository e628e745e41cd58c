// Everything is in memory; the database is the log of what was saved, from which a process that
// starts reads all of it, and those that share the file what the others have saved.
//
// So a step reads no disk. What it leaves behind goes to one thread, which saves what has come
// together while it saved the last in one transaction.

#include "core/thread.hpp"
#include "ivr/core/error.hpp"
#include "ivr/session/session_store.hpp"
#include "session/arguments.hpp"
#include "session/private_file.hpp"
#include "session/session_log.hpp"
#include "session/session_table.hpp"
#include "session/shared_leases.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <limits>
#include <mutex>
#include <pthread.h>
#include <sched.h>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace ivr::session {
namespace {

/// Waiting to be saved; a disk that is slower than the calls must not fill the memory.
constexpr std::size_t kMaxQueuedBytes = 64 << 20;

/// The log may have twice the bytes that count in it, and so many more.
constexpr std::size_t kSlackBytes = 1 << 20;
constexpr std::size_t kRowsToMove = 64;

std::string checkedName(const std::string& name) {
  if (name.empty() || name.find('\0') != std::string::npos) {
    throw Error{ErrorKind::config, "the session store has no file name"};
  }
  return privateFile(name);  // also of `:memory:`, which is a name as well
}

// ---- What the thread is asked for.

struct Save {
  std::string session;
  std::uint64_t lease;
  std::optional<std::string> data;
  std::int64_t dataEnd;
  std::optional<bool> hasWork;
  std::string step;
  std::optional<std::string> answer;
  std::int64_t answerEnd;
  Answer<bool> result;

  std::uint64_t row = 0;  ///< 0 if it is refused.

  [[nodiscard]] std::size_t bytes() const {
    return sizeof(Save) + session.size() + step.size() + (data ? data->size() : 0) +
           (answer ? answer->size() : 0);
  }
};

/// A session that the log may know more about, or that somebody has held for too long.
struct Open {
  std::string session;
  std::string step;
  std::int64_t duration;
  Answer<std::optional<OpenSession>> result;
};

struct Read {
  std::string session;
  Answer<std::string> result;
};

struct Work {
  std::size_t limit;
  Answer<std::vector<std::string>> result;
};

struct Fence {
  Answer<std::uint64_t> result;
  std::uint64_t number = 0;
};

using Job = std::variant<Save, Open, Read, Work, Fence>;

/// What still counts of a row that is removed.
struct Moved {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::string session = {};
  std::optional<std::string> data = {};
  std::int64_t dataEnd = 0;
  bool hasWork = false;
  std::string step = {};
  std::optional<std::string> answer = {};
  std::int64_t answerEnd = 0;
  std::uint64_t answerSaved = 0;

  [[nodiscard]] LoggedChange change() const {
    return {.row = to,
            .session = session,
            .data = data,
            .dataEnd = dataEnd,
            .hasWork = hasWork,
            .step = step,
            .answer = answer,
            .answerEnd = answerEnd,
            .answerSaved = answerSaved};
  }
};

/// All of a store. Shared with its thread, which may outlive the store by the end of a task.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): there is one of it
class Sessions {
 public:
  Sessions(const std::string& file, DiskClocks clocks)
      : clocks_(std::move(clocks)), log_(file), leases_(file + kLeasesSuffix) {
    log_.setLeases(leases_.id());
    const Transaction transaction = log_.begin();  // nobody writes meanwhile
    catchUp(0);
  }

  /// Nothing if the thread has to look into the log first.
  std::optional<std::optional<OpenSession>> tryOpen(std::string_view session, std::string_view step,
                                                    std::int64_t duration) {
    using Found = std::optional<OpenSession>;
    const Moment now = this->now();
    return table_.with(session, now, [&](KeptSession& kept) -> std::optional<Found> {
      if (kept.isHeld(now)) return Found{};
      dropSharedLease(kept);  // of a lease that has run out
      const auto shared = leases_.add(session, now.lease + duration);
      if (!shared) throw Error{ErrorKind::unavailable, "too many sessions are held at once"};
      kept.sharedLease = *shared;
      if (leases_.hasOthers()) {
        const SharedLeases::Other other = leases_.other(session, now.lease);
        if (other != SharedLeases::Other::none) {
          dropSharedLease(kept);
          if (other == SharedLeases::Other::isOver) return std::nullopt;
          return Found{};
        }
      }
      if (!isCurrent()) {
        dropSharedLease(kept);
        return std::nullopt;
      }
      kept.lease = table_.nextLease();
      kept.leaseEnd = now.lease + duration;
      return openedOf(kept, step, now);
    });
  }

  bool renew(std::string_view session, std::uint64_t lease, std::int64_t duration) {
    const Moment now = this->now();
    return table_.withKnown(session, now, [&](KeptSession* kept) {
      if (kept == nullptr || !kept->isHeldBy(lease, now)) return false;
      if (!leases_.extend(kept->sharedLease, now.lease + duration)) return false;
      kept->leaseEnd = now.lease + duration;
      return true;
    });
  }

  Later<bool> close(const SessionChange& change) {
    const Moment now = this->now();
    const bool changesNothing = !change.data && !change.answer && !change.hasWork;
    const bool isHeld = table_.withKnown(change.session, now, [&](KeptSession* kept) {
      if (kept == nullptr || kept->isBeingSaved || !kept->isHeldBy(change.lease, now)) return false;
      const bool isOurs = !leases_.isRevoked(kept->sharedLease);
      if (changesNothing || !isOurs) {
        giveBack(*kept);
      } else {
        kept->isBeingSaved = true;
      }
      return isOurs;
    });
    if (!isHeld || changesNothing) return isHeld;
    const auto endOf = [&](std::chrono::milliseconds lifetime) {
      return now.lifetime + lifetimeOf(lifetime).count();
    };
    return Later<bool>{[&](Answer<bool> result) {
      Save save{.session = std::string{change.session},
                .lease = change.lease,
                .data = std::nullopt,
                .dataEnd = endOf(change.dataLifetime),
                .hasWork = change.hasWork,
                .step = std::string{change.step},
                .answer = std::nullopt,
                .answerEnd = endOf(change.answerLifetime),
                .result = std::move(result)};
      if (change.data) save.data.emplace(*change.data);
      if (change.answer) save.answer.emplace(*change.answer);
      add(std::move(save));
    }};
  }

  /// Nothing if the thread has to look into the log first.
  std::optional<std::string> read(std::string_view session) {
    if (!isCurrent()) return std::nullopt;
    return readHere(session);
  }

  /// Nothing if the thread has to look into the log first.
  std::optional<std::vector<std::string>> withWork(std::size_t limit) {
    if (!isCurrent()) return std::nullopt;
    return table_.withWork(limit, now());
  }

  void add(Job job) {
    const std::size_t bytes = std::holds_alternative<Save>(job) ? std::get<Save>(job).bytes() : 0;
    {
      const std::lock_guard lock{mutex_};
      if (queuedBytes_ + bytes <= kMaxQueuedBytes) {
        queuedBytes_ += bytes;
        const bool isFirst = jobs_.empty();
        jobs_.push_back(std::move(job));
        if (isFirst) wake_.notify_one();
        return;
      }
    }
    fail(job, std::make_exception_ptr(Error{
                  ErrorKind::unavailable,
                  "the session store " + log_.file() + " cannot save as fast as the calls come"}));
  }

  /// Has the thread end when everything is done.
  void end() {
    const std::lock_guard lock{mutex_};
    isEnding_ = true;
    wake_.notify_one();
  }

  /// The life of the thread.
  void work() {
    // If they share a core, the thread that has woken this one goes on, and brings more.
    const ::sched_param parameters{};
    (void)::pthread_setschedparam(::pthread_self(), SCHED_BATCH, &parameters);
    for (;;) {
      std::vector<Job> jobs;
      {
        std::unique_lock lock{mutex_};
        wake_.wait(lock, [&] { return !jobs_.empty() || isEnding_; });
        if (jobs_.empty()) return;
        jobs.swap(jobs_);
        queuedBytes_ = 0;
      }
      run(jobs);
    }
  }

 private:
  [[nodiscard]] Moment now() const {
    using std::chrono::milliseconds;
    return {.lease = std::chrono::floor<milliseconds>(clocks_.leases()).count(),
            .lifetime =
                std::chrono::floor<milliseconds>(clocks_.lifetimes().time_since_epoch()).count()};
  }

  /// Whether no other store has saved anything that is not known here.
  [[nodiscard]] bool isCurrent() const noexcept { return leases_.written() <= known_; }

  void dropSharedLease(KeptSession& kept) noexcept {
    if (kept.sharedLease == KeptSession::kNoSharedLease) return;
    leases_.remove(std::exchange(kept.sharedLease, KeptSession::kNoSharedLease));
  }

  void giveBack(KeptSession& kept) noexcept {
    kept.isBeingSaved = false;
    kept.leaseEnd = KeptSession::kPast;
    dropSharedLease(kept);
  }

  std::string readHere(std::string_view session) {
    const Moment now = this->now();
    return table_.withKnown(session, now, [&](const KeptSession* kept) {
      return kept == nullptr ? std::string{} : std::string{kept->dataAt(now)};
    });
  }

  // ---- On the thread.

  void run(std::vector<Job>& jobs) {
    try {
      runTogether(jobs, true);
    } catch (const std::exception&) {
      // Each for itself: what fails, fails alone.
      for (Job& job : jobs) {
        std::exception_ptr error;
        try {
          runTogether({&job, 1}, false);
        } catch (const std::exception&) {
          error = std::current_exception();
        }
        if (error) fail(job, std::move(error));  // here, nothing holds it any more
      }
    }
  }

  /// In one transaction. If it throws, nothing was done.
  void runTogether(std::span<Job> jobs, bool cleans) {
    std::vector<Moved> moved;
    std::uint64_t removed = 0;
    std::uint64_t last = 0;
    {
      Transaction transaction = log_.begin();
      checkFiles();
      catchUp(known_);
      last = known_;
      if (cleans) removed = clean(moved, last);
      for (Job& job : jobs) write(job, last);
      known_ = last;
      leases_.announce(last);  // first: a store that finds the sessions free looks here
      transaction.commit();
    }
    const Moment now = this->now();
    for (const Moved& one : moved) note(one, now);
    noteRemoval(removed);
    for (Job& job : jobs) finish(job, now);
  }

  /// Others would not see what is saved in files that are no longer there.
  void checkFiles() const {
    log_.checkFiles();
    if (leases_.isInPlace()) return;
    throw Error{ErrorKind::unavailable,
                "the file " + log_.file() + kLeasesSuffix +
                    " was taken away while it was in use; start the program again"};
  }

  /// Reads what others have saved after `row`. While nobody else can write.
  void catchUp(std::uint64_t row) {
    const std::uint64_t written = leases_.written();
    if (row != 0 && row == written) return;
    if (row < leases_.removed()) {  // some of it is gone: what still counts is in later rows
      table_.forgetContents();
      rows_.clear();
      logBytes_ = 0;
      row = 0;
    }
    const Moment now = this->now();
    std::uint64_t last = row;
    log_.read(row, std::numeric_limits<std::int64_t>::max(), [&](const LoggedChange& change) {
      last = change.row;
      note(change, now);
    });
    leases_.announce(last);
    known_ = std::max(last, leases_.written());
  }

  /// Applies a row of the log, which is in it.
  void note(const LoggedChange& change, const Moment& now) {
    rows_.emplace_back(change.row, change.bytes());
    logBytes_ += change.bytes();
    table_.with(change.session, now, [&](KeptSession& kept) {
      if (change.data) {
        kept.setData(std::string{*change.data}, change.dataEnd, change.row, now);
        kept.hasWork = change.hasWork && !kept.data.empty();
      }
      if (change.answer) {
        kept.setAnswer({.step = std::string{change.step},
                        .answer = std::string{*change.answer},
                        .end = change.answerEnd,
                        .row = change.row,
                        .saved = change.answerSaved},
                       now);
      }
    });
  }

  void note(const Moved& moved, const Moment& now) {
    const std::size_t bytes = moved.change().bytes();
    rows_.emplace_back(moved.to, bytes);
    logBytes_ += bytes;
    table_.withKnown(moved.session, now, [&](KeptSession* kept) {
      if (kept == nullptr) return;
      if (kept->dataRow == moved.from) kept->dataRow = moved.to;
      for (KeptAnswer& answer : kept->answers) {
        if (answer.row == moved.from) answer.row = moved.to;
      }
    });
  }

  void noteRemoval(std::uint64_t upTo) {
    upTo = std::max(upTo, leases_.removed());
    while (!rows_.empty() && rows_.front().first <= upTo) {
      logBytes_ -= rows_.front().second;
      rows_.pop_front();
    }
  }

  /// Removes rows from the beginning of the log while too little of it counts, and adds what does
  /// count of them after `last`. Never removes the last row, so that numbers go on from there.
  std::uint64_t clean(std::vector<Moved>& moved, std::uint64_t& last) {
    noteRemoval(0);
    const std::uint64_t end = last;
    std::uint64_t removed = 0;
    std::size_t left = logBytes_;
    for (std::size_t at = 0; left > 2 * table_.bytes() + kSlackBytes;) {
      const std::size_t before = at;
      const Moment now = this->now();
      std::vector<Moved> counting;
      log_.read(removed, kRowsToMove, [&](const LoggedChange& change) {
        if (change.row >= end) return;
        removed = change.row;
        left -= std::min(left, change.bytes());
        ++at;
        if (auto counts = whatCounts(change, now)) counting.push_back(*std::move(counts));
      });
      if (at == before) break;
      log_.removeUpTo(removed);
      for (Moved& one : counting) {
        one.to = ++last;
        log_.append(one.change());
        left += one.change().bytes();
        moved.push_back(std::move(one));
      }
      if (at >= 16 * kRowsToMove) break;  // the rest another time: callers wait
    }
    if (removed != 0) leases_.announceRemoval(removed);
    return removed;
  }

  std::optional<Moved> whatCounts(const LoggedChange& change, const Moment& now) {
    return table_.withKnown(
        change.session, now, [&](const KeptSession* kept) -> std::optional<Moved> {
          if (kept == nullptr) return std::nullopt;
          Moved counts{.from = change.row, .session = std::string{change.session}};
          if (kept->dataRow == change.row && now.lifetime < kept->dataEnd) {
            counts.data.emplace(kept->data);
            counts.dataEnd = kept->dataEnd;
            counts.hasWork = kept->hasWork;
          }
          const KeptAnswer* const answer = kept->answerOf(change.step);
          if (answer != nullptr && answer->row == change.row && now.lifetime < answer->end) {
            counts.step = answer->step;
            counts.answer.emplace(answer->answer);
            counts.answerEnd = answer->end;
            counts.answerSaved = answer->saved;
          }
          if (!counts.data && !counts.answer) return std::nullopt;
          return counts;
        });
  }

  void write(Job& job, std::uint64_t& last) {
    if (auto* save = std::get_if<Save>(&job)) {
      write(*save, last);
    } else if (const auto* open = std::get_if<Open>(&job)) {
      leases_.revoke(open->session, now().lease);
    } else if (auto* fence = std::get_if<Fence>(&job)) {
      fence->number = log_.nextFence();
    }
  }

  void write(Save& save, std::uint64_t& last) {
    const Moment now = this->now();
    LoggedChange change{.row = last + 1, .session = save.session};
    save.row = 0;
    const bool isOurs = table_.withKnown(save.session, now, [&](const KeptSession* kept) {
      if (kept == nullptr || kept->lease != save.lease || leases_.isRevoked(kept->sharedLease)) {
        return false;
      }
      const auto isOver = [&](std::int64_t end) { return end <= now.lifetime; };
      if (save.hasWork && !save.data && *save.hasWork != kept->hasWork && !isOver(kept->dataEnd)) {
        save.data = kept->data;  // the mark is in its row
        save.dataEnd = kept->dataEnd;
      }
      save.hasWork = save.hasWork.value_or(kept->hasWorkAt(now));
      if (save.data && (save.data->empty() || isOver(save.dataEnd))) {
        if (kept->dataRow != 0) change.data = std::string_view{};
      } else if (save.data) {
        change.data = *save.data;
        change.dataEnd = save.dataEnd;
        change.hasWork = *save.hasWork;
      }
      if (save.answer && (!isOver(save.answerEnd) || kept->answerOf(save.step) != nullptr)) {
        change.step = save.step;
        change.answer = *save.answer;
        change.answerEnd = save.answerEnd;
        change.answerSaved = change.row;
      }
      return true;
    });
    if (!isOurs) return;
    save.row = change.row;
    last = change.row;
    log_.append(change);
  }

  void finish(Job& job, const Moment& now) {
    if (auto* save = std::get_if<Save>(&job)) {
      finish(*save, now);
    } else if (auto* open = std::get_if<Open>(&job)) {
      answer(open->result, [&] {
        auto opened = tryOpen(open->session, open->step, open->duration);
        return opened ? *std::move(opened) : std::nullopt;  // or somebody was faster
      });
    } else if (auto* read = std::get_if<Read>(&job)) {
      answer(read->result, [&] { return readHere(read->session); });
    } else if (auto* work = std::get_if<Work>(&job)) {
      answer(work->result, [&] { return table_.withWork(work->limit, this->now()); });
    } else {
      const auto& fence = std::get<Fence>(job);
      fence.result(fence.number);
    }
  }

  void finish(Save& save, const Moment& now) {
    if (save.row != 0) {
      const LoggedChange change{
          .session = save.session, .data = save.data, .step = save.step, .answer = save.answer};
      rows_.emplace_back(save.row, change.bytes());
      logBytes_ += change.bytes();
    }
    table_.withKnown(save.session, now, [&](KeptSession* kept) {
      if (kept == nullptr || kept->lease != save.lease) return;
      if (save.row != 0 && save.data) {
        kept->setData(*std::move(save.data), save.dataEnd, save.row, now);
        kept->hasWork = *save.hasWork && !kept->data.empty();
      }
      if (save.row != 0 && save.answer) {
        kept->setAnswer({.step = std::move(save.step),
                         .answer = *std::move(save.answer),
                         .end = save.answerEnd,
                         .row = save.row,
                         .saved = save.row},
                        now);
      }
      giveBack(*kept);
    });
    save.result(save.row != 0);
  }

  template <class T, class Make>
  static void answer(const Answer<T>& result, Make make) {
    try {
      result(make());
    } catch (...) {
      result.fail(std::current_exception());
    }
  }

  /// Nothing of the job was done; a session that was to be saved is held on.
  void fail(Job& job, std::exception_ptr error) {
    if (const auto* save = std::get_if<Save>(&job)) {
      table_.withKnown(save->session, now(), [&](KeptSession* kept) {
        if (kept != nullptr && kept->lease == save->lease) kept->isBeingSaved = false;
      });
    }
    std::visit([&](auto& one) { one.result.fail(std::move(error)); }, job);
  }

  const DiskClocks clocks_;
  SessionLog log_;
  SharedLeases leases_;
  SessionTable table_{[this](KeptSession& kept) { dropSharedLease(kept); }};
  std::atomic<std::uint64_t> known_{0};  ///< The last row that is known here, or is being written.

  // The thread's own.
  std::deque<std::pair<std::uint64_t, std::size_t>> rows_;  ///< Of the log, with their bytes.
  std::size_t logBytes_ = 0;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Job> jobs_;
  std::size_t queuedBytes_ = 0;
  bool isEnding_ = false;
};

class SqliteSessionStore final : public SessionStore {
 public:
  SqliteSessionStore(const std::string& file, DiskClocks clocks)
      : sessions_(std::make_shared<Sessions>(checkedName(file), std::move(clocks))),
        thread_([sessions = sessions_] { sessions->work(); }) {}
  ~SqliteSessionStore() override { sessions_->end(); }

  Later<std::optional<OpenSession>> tryOpen(std::string_view session, std::string_view step,
                                            std::chrono::milliseconds lease) override {
    checkSessionName(session);
    checkStepName(step);
    const std::int64_t duration = leaseDuration(lease).count();
    if (auto opened = sessions_->tryOpen(session, step, duration)) return *std::move(opened);
    return asked<std::optional<OpenSession>>([&](auto result) {
      return Open{std::string{session}, std::string{step}, duration, std::move(result)};
    });
  }

  Later<bool> renew(std::string_view session, std::uint64_t lease,
                    std::chrono::milliseconds duration) override {
    checkSessionName(session);
    return sessions_->renew(session, lease, leaseDuration(duration).count());
  }

  Later<bool> close(const SessionChange& change) override {
    checkChange(change);
    return sessions_->close(change);
  }

  Later<std::string> read(std::string_view session) override {
    checkSessionName(session);
    if (auto data = sessions_->read(session)) return *std::move(data);
    return asked<std::string>([&](auto result) {
      return Read{std::string{session}, std::move(result)};
    });
  }

  Later<std::vector<std::string>> withWork(std::size_t limit) override {
    limit = std::min(limit, kMaxWork);
    if (auto work = sessions_->withWork(limit)) return *std::move(work);
    return asked<std::vector<std::string>>([&](auto result) {
      return Work{limit, std::move(result)};
    });
  }

  Later<std::uint64_t> nextFence() override {
    return asked<std::uint64_t>([](auto result) { return Fence{std::move(result)}; });
  }

  StoreScope scope() const noexcept override { return StoreScope::machine; }

 private:
  /// What the thread answers to a job.
  template <class T, class Make>
  Later<T> asked(Make make) {
    return Later<T>{[&](Answer<T> result) { sessions_->add(make(std::move(result))); }};
  }

  const std::shared_ptr<Sessions> sessions_;
  OwnedThread thread_;
};

}  // namespace

std::shared_ptr<SessionStore> sqliteSessionStore(const std::string& file, DiskClocks clocks) {
  return std::make_shared<SqliteSessionStore>(file, std::move(clocks));
}

}  // namespace ivr::session
