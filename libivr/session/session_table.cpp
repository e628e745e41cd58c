#include "session/session_table.hpp"

#include <algorithm>
#include <utility>

namespace ivr::session {

namespace {

/// A session without data: its name, its place in the table, and the bookkeeping of the allocator.
constexpr std::size_t kBytesOfASession = 320;
constexpr std::size_t kBytesOfAnAnswer = 128;

}  // namespace

const KeptAnswer* KeptSession::answerOf(std::string_view step) const {
  const auto found = std::ranges::find(answers, step, &KeptAnswer::step);
  return found == answers.end() ? nullptr : &*found;
}

void KeptSession::setData(std::string bytes, std::int64_t end, std::uint64_t row,
                          const Moment& now) {
  const bool isKept = !bytes.empty() && now.lifetime < end;
  if (!isKept || dataEnd <= now.lifetime) hasWork = false;  // a mark of what is forgotten
  data = isKept ? std::move(bytes) : std::string{};
  dataEnd = isKept ? end : kPast;
  dataRow = isKept ? row : 0;
}

void KeptSession::setAnswer(KeptAnswer answer, const Moment& now) {
  std::erase_if(answers, [&](const KeptAnswer& kept) {
    return kept.step == answer.step || kept.end <= now.lifetime;
  });
  if (answer.end <= now.lifetime) return;
  answers.push_back(std::move(answer));
  if (answers.size() <= kMaxAnswers) return;
  answers.erase(std::ranges::min_element(answers, {}, &KeptAnswer::saved));
}

void KeptSession::forgetWhatIsOver(const Moment& now) {
  if (dataEnd <= now.lifetime) setData({}, kPast, 0, now);
  std::erase_if(answers, [&](const KeptAnswer& answer) { return answer.end <= now.lifetime; });
}

std::size_t KeptSession::bytes() const {
  std::size_t bytes = kBytesOfASession + data.size();
  for (const KeptAnswer& answer : answers) bytes += kBytesOfAnAnswer + answer.answer.size();
  return bytes;
}

OpenSession openedOf(const KeptSession& session, std::string_view step, const Moment& now) {
  OpenSession opened{.lease = session.lease, .data = std::string{session.dataAt(now)}};
  const KeptAnswer* const answer = session.answerOf(step);
  if (answer != nullptr && now.lifetime < answer->end) opened.answer = answer->answer;
  return opened;
}

/// Two buckets are swept for each session that is added, which keeps up.
SessionTable::Sessions::value_type& SessionTable::add(Part& part, std::string_view session,
                                                      const Moment& now) {
  for (int bucket = 0; bucket < 2; ++bucket) sweep(part, now);
  auto& added = *part.sessions.try_emplace(std::string{session}).first;
  bytes_.fetch_add(added.second.bytes(), std::memory_order_relaxed);
  return added;
}

/// Sweeps now and then, so that expired sessions go even when nobody new calls. Rarely, because
/// sessions that have not been used for long are no longer in the processor's caches.
void SessionTable::settle(Part& part, Sessions::value_type& entry, std::size_t before,
                          const Moment& now) {
  constexpr unsigned kUsesToSweep = 16;
  const std::size_t after = entry.second.bytes();
  if (after != before) bytes_.fetch_add(after - before, std::memory_order_relaxed);
  noteWork(entry);
  forgetIfEmpty(part, entry, now);
  if (++part.uses % kUsesToSweep == 0) sweep(part, now);
}

bool SessionTable::forgetIfEmpty(Part& part, Sessions::value_type& entry, const Moment& now) {
  KeptSession& session = entry.second;
  if (session.isHeld(now) || !session.data.empty() || !session.answers.empty()) return false;
  if (onForgotten_) onForgotten_(session);
  bytes_.fetch_sub(session.bytes(), std::memory_order_relaxed);
  part.sessions.erase(part.sessions.find(entry.first));
  return true;
}

/// Looks at the sessions of the next bucket, which nobody may ever ask for again.
void SessionTable::sweep(Part& part, const Moment& now) {
  Sessions& sessions = part.sessions;
  if (part.nextBucket >= sessions.bucket_count()) {
    part.nextBucket = 0;
    if (sessions.size() < sessions.bucket_count() / 8) sessions.rehash(0);
  }
  for (auto next = sessions.begin(part.nextBucket); next != sessions.end(part.nextBucket);) {
    auto& entry = *next++;
    const std::size_t before = entry.second.bytes();
    entry.second.forgetWhatIsOver(now);
    bytes_.fetch_sub(before - entry.second.bytes(), std::memory_order_relaxed);
    noteWork(entry);
    forgetIfEmpty(part, entry, now);
  }
  ++part.nextBucket;
}

void SessionTable::forgetContents() {
  for (Part& part : parts_) {
    const std::lock_guard lock{part.mutex};
    for (auto& entry : part.sessions) {
      KeptSession& session = entry.second;
      const std::size_t before = session.bytes();
      session.data = std::string{};
      session.dataEnd = KeptSession::kPast;
      session.dataRow = 0;
      session.hasWork = false;
      session.answers.clear();
      bytes_.fetch_sub(before - session.bytes(), std::memory_order_relaxed);
      noteWork(entry);
    }
  }
}

/// With the lock of its part held.
void SessionTable::noteWork(Sessions::value_type& entry) {
  KeptSession& session = entry.second;
  if (session.hasWork == (session.work != 0)) return;
  const std::lock_guard lock{workMutex_};
  if (session.hasWork) {
    work_.emplace(++lastWork_, entry.first);
    session.work = lastWork_;
  } else {
    work_.erase(std::exchange(session.work, 0));
  }
}

std::vector<std::string> SessionTable::withWork(std::size_t limit, const Moment& now) {
  std::vector<std::string> found;
  for (std::uint64_t after = 0; found.size() < limit;) {
    std::vector<std::string> names;  // looked at without the lock: that of a part comes first
    {
      const std::lock_guard lock{workMutex_};
      for (auto next = work_.upper_bound(after);
           next != work_.end() && names.size() < limit - found.size(); ++next) {
        after = next->first;
        names.push_back(next->second);
      }
    }
    if (names.empty()) break;
    for (std::string& name : names) {
      const bool hasWork = withKnown(name, now, [&](KeptSession* kept) {
        if (kept != nullptr) kept->forgetWhatIsOver(now);
        return kept != nullptr && kept->hasWork;
      });
      if (hasWork) found.push_back(std::move(name));
    }
  }
  return found;
}

}  // namespace ivr::session
