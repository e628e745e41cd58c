#include "session/store_trouble.hpp"

#include "core/log_line.hpp"
#include "ivr/core/error.hpp"

namespace ivr::session {

namespace {

/// How often one who asks finds out whether the store still is in trouble.
constexpr std::chrono::milliseconds kProbe{1000};

}  // namespace

bool isPassing(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Error& known) {
    return known.kind() == ErrorKind::unavailable || known.kind() == ErrorKind::timeout;
  } catch (...) {
    return false;
  }
}

void StoreTrouble::onAnswer() {
  if (!isOn_.load(std::memory_order_relaxed) || !isOn_.exchange(false)) return;
  log_(LogLevel::info, "the session store answers again");
}

void StoreTrouble::onError(const std::exception_ptr& error) {
  {
    const std::lock_guard lock{mutex_};
    nextProbe_ = std::chrono::steady_clock::now() + kProbe;
    error_ = error;
  }
  if (isOn_.exchange(true)) return;
  LogLine line{PersonalData::masked, "the session store is in trouble"};
  line.add(error).add("message",
                      "steps that need it wait for it; others are answered and not saved");
  log_(LogLevel::error, line.text());
}

std::exception_ptr StoreTrouble::current() {
  if (!isOn_.load(std::memory_order_relaxed)) return nullptr;
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock{mutex_};
  if (now < nextProbe_) return error_;
  nextProbe_ = now + kProbe;
  return nullptr;
}

}  // namespace ivr::session
