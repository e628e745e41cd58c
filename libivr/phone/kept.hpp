#pragma once
// What a provider remembers, within bounds.

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace ivr::phone {

/// Things by their SIDs, in the order in which they were made. Those that are over are kept within
/// a bound: whatever has been over for longest is forgotten first. Everything takes the same time,
/// however many there are. Addresses stay valid until a thing is forgotten.
template <class Thing>
class Kept {
 public:
  struct Entry {
    std::string sid;
    Thing thing;
    std::optional<typename std::list<typename std::list<Entry>::iterator>::iterator> over = {};
  };
  using Entries = std::list<Entry>;

  /// What was made last is first.
  struct Newest {
    const Entries& all;

    [[nodiscard]] auto begin() const noexcept { return all.rbegin(); }
    [[nodiscard]] auto end() const noexcept { return all.rend(); }
  };

  /// How many that are over are kept; at least one.
  explicit Kept(std::size_t most) noexcept : most_(most == 0 ? 1 : most) {}

  Thing& add(std::string sid, Thing thing) {
    entries_.push_back(Entry{.sid = std::move(sid), .thing = std::move(thing)});
    Entry& entry = entries_.back();
    bySid_.emplace(entry.sid, std::prev(entries_.end()));
    return entry.thing;
  }

  /// Null if there is none.
  [[nodiscard]] Thing* find(std::string_view sid) {
    const auto found = bySid_.find(sid);
    return found == bySid_.end() ? nullptr : &found->second->thing;
  }
  [[nodiscard]] const Thing* find(std::string_view sid) const {
    const auto found = bySid_.find(sid);
    return found == bySid_.end() ? nullptr : &found->second->thing;
  }

  /// A thing is over. Returns what is forgotten for it, if anything is.
  std::optional<Thing> end(std::string_view sid) {
    const auto found = bySid_.find(sid);
    if (found == bySid_.end() || found->second->over) return std::nullopt;
    found->second->over = over_.insert(over_.end(), found->second);
    if (over_.size() <= most_) return std::nullopt;
    return take(over_.front());
  }

  /// Forgets a thing. Nothing if there is none.
  std::optional<Thing> erase(std::string_view sid) {
    const auto found = bySid_.find(sid);
    if (found == bySid_.end()) return std::nullopt;
    return take(found->second);
  }

  void clear() {
    bySid_.clear();
    over_.clear();
    entries_.clear();
  }

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] const Entries& entries() const noexcept { return entries_; }
  [[nodiscard]] Newest newestFirst() const noexcept { return {entries_}; }

 private:
  Thing take(typename Entries::iterator entry) {
    if (entry->over) over_.erase(*entry->over);
    bySid_.erase(entry->sid);
    Thing thing = std::move(entry->thing);
    entries_.erase(entry);
    return thing;
  }

  std::size_t most_;
  Entries entries_;
  std::list<typename Entries::iterator> over_;
  std::unordered_map<std::string_view, typename Entries::iterator> bySid_;
};

}  // namespace ivr::phone
