#pragma once
// The objects of one kind that are alive.

#include <list>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace ivr {

/// `T` derives from `std::enable_shared_from_this<T>` and has an `Entry` as a member. Threads: any.
template <class T>
class Roster {
 public:
  /// Keeps its object on the roster.
  class Entry {
   public:
    Entry(std::shared_ptr<Roster> roster, T* object) : roster_(std::move(roster)) {
      const std::lock_guard lock{roster_->mutex_};
      place_ = roster_->objects_.insert(roster_->objects_.end(), object);
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry() {
      const std::lock_guard lock{roster_->mutex_};
      roster_->objects_.erase(place_);
    }

   private:
    const std::shared_ptr<Roster> roster_;
    typename std::list<T*>::iterator place_;
  };

  Roster() = default;
  Roster(const Roster&) = delete;
  Roster& operator=(const Roster&) = delete;

  /// Without those that are being made or destroyed.
  [[nodiscard]] std::vector<std::shared_ptr<T>> living() const {
    std::vector<std::shared_ptr<T>> living;
    const std::lock_guard lock{mutex_};
    living.reserve(objects_.size());
    for (T* const object : objects_) {
      if (auto shared = object->weak_from_this().lock()) living.push_back(std::move(shared));
    }
    return living;
  }

 private:
  mutable std::mutex mutex_;
  std::list<T*> objects_;
};

}  // namespace ivr
