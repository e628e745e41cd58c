#pragma once
// The objects of one kind that are alive.

#include <algorithm>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace ivr {

/// `T` has an `Entry` as a member. Threads: any.
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
      if (place_) roster_->objects_.erase(*place_);
      roster_->gone_.notify_all();
    }

    /// Once, when the object is made.
    void enter(std::weak_ptr<T> object) {
      const std::lock_guard lock{roster_->mutex_};
      place_ = roster_->objects_.insert(roster_->objects_.end(), std::move(object));
    }

   private:
    const std::shared_ptr<Roster> roster_;
    std::optional<typename std::list<std::weak_ptr<T>>::iterator> place_;
  };

  Roster() = default;
  Roster(const Roster&) = delete;
  Roster& operator=(const Roster&) = delete;

  [[nodiscard]] std::vector<std::shared_ptr<T>> living() const {
    std::vector<std::shared_ptr<T>> living;
    const std::lock_guard lock{mutex_};
    living.reserve(objects_.size());
    for (const std::weak_ptr<T>& object : objects_) {
      if (auto shared = object.lock()) living.push_back(std::move(shared));
    }
    return living;
  }

  /// Returns when no object is being destroyed: when those members of each are gone that are
  /// declared after its entry.
  void awaitDying() {
    std::unique_lock lock{mutex_};
    gone_.wait(lock, [&] {
      return std::ranges::none_of(objects_, [](const auto& object) { return object.expired(); });
    });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable gone_;
  std::list<std::weak_ptr<T>> objects_;
};

}  // namespace ivr
