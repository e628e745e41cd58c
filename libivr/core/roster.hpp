#pragma once
// The objects of one kind that are alive.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace ivr {

/// `T` has an `Entry` as a member, which is a link of the list. Threads: any.
template <class T>
class Roster {
 public:
  /// Keeps its object on the roster, from `enter` to the end of the object.
  class Entry {
   public:
    explicit Entry(std::shared_ptr<Roster> roster) : roster_(std::move(roster)) {}
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry() {
      const std::lock_guard lock{roster_->mutex_};
      if (before_ == nullptr) return;
      *before_ = after_;
      if (after_ != nullptr) after_->before_ = before_;
      if (roster_->isAwaited_) roster_->gone_.notify_all();
    }

    /// Once, when the object is made.
    void enter(std::weak_ptr<T> object) {
      object_ = std::move(object);
      const std::lock_guard lock{roster_->mutex_};
      before_ = &roster_->first_;
      after_ = std::exchange(roster_->first_, this);
      if (after_ != nullptr) after_->before_ = &after_;
    }

   private:
    friend class Roster;

    const std::shared_ptr<Roster> roster_;
    std::weak_ptr<T> object_;
    Entry** before_ = nullptr;  ///< What points to this one; null if it was not entered.
    Entry* after_ = nullptr;
  };

  Roster() = default;
  Roster(const Roster&) = delete;
  Roster& operator=(const Roster&) = delete;

  [[nodiscard]] std::vector<std::shared_ptr<T>> living() const {
    std::vector<std::shared_ptr<T>> living;
    const std::lock_guard lock{mutex_};
    for (const Entry* one = first_; one != nullptr; one = one->after_) {
      if (auto shared = one->object_.lock()) living.push_back(std::move(shared));
    }
    return living;
  }

  /// Returns when no object is being destroyed: when those members of each are gone that are
  /// declared after its entry.
  void awaitDying() {
    std::unique_lock lock{mutex_};
    isAwaited_ = true;
    gone_.wait(lock, [&] {
      const Entry* one = first_;
      while (one != nullptr && !one->object_.expired()) one = one->after_;
      return one == nullptr;
    });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable gone_;
  bool isAwaited_ = false;
  Entry* first_ = nullptr;
};

}  // namespace ivr
