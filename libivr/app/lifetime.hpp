#pragma once
// How long an application lasts.

#include "ivr/core/error.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>

namespace ivr {

/// Asked by work that goes on by itself, on whatever thread, before it touches the application:
/// `lock` gives a stay, or null when the end has begun. The end waits for all who stay, so nobody
/// stays longer than a step of such work takes.
using Alive = std::weak_ptr<const void>;
using Stay = std::shared_ptr<const void>;

/// A stay, or `Error{unavailable}`.
[[nodiscard]] inline Stay stayOrThrow(const Alive& alive) {
  Stay stay = alive.lock();
  if (!stay) throw Error{ErrorKind::unavailable, "the application has ended"};
  return stay;
}

/// Ends when it is told to. Threads: `alive` from any; `end` once.
class Lifetime {
 public:
  [[nodiscard]] Alive alive() const noexcept { return token_; }

  /// From now on nobody gets a stay; returns when nobody has one. Not to be called by who stays.
  void end() {
    token_.reset();
    std::unique_lock lock{over_->mutex};
    over_->happened.wait(lock, [this] { return over_->isTrue; });
  }

 private:
  struct Over {
    std::mutex mutex = {};
    std::condition_variable happened = {};
    bool isTrue = false;
  };

  std::shared_ptr<Over> over_ = std::make_shared<Over>();
  std::shared_ptr<const void> token_{over_.get(), [over = over_](const void*) {
                                       const std::lock_guard lock{over->mutex};
                                       over->isTrue = true;
                                       over->happened.notify_all();
                                     }};
};

}  // namespace ivr
