#pragma once
// One call of a crawl: goes a known way, does one more act, and tells where that leads.

#include "ivr/phone/call_view.hpp"
#include "ivr/phone/event_loop.hpp"
#include "ivr/phone/menu_graph.hpp"
#include "ivr/phone/provider.hpp"
#include "ivr/phone/timeline.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::phone {

/// Where a call has arrived. A value.
struct Place {
  MenuNode::Kind kind = MenuNode::Kind::start;
  std::string key = {};  ///< The same for the same place, whatever was generated.
  std::string address = {};
  std::string document = {};
  std::string detail = {};
  std::vector<std::string> heard = {};   ///< Since the last act.
  std::vector<std::string> states = {};  ///< Heard since the last act.
  std::optional<Question> question = {};
};

/// An act that is tried at a place.
struct Try {
  Act act = {};
  bool isRepeated = false;  ///< Until the place changes.
};

/// What a walk tells about its way.
class WalkListener {
 public:
  virtual ~WalkListener() = default;
  WalkListener(const WalkListener&) = delete;
  WalkListener& operator=(const WalkListener&) = delete;

  /// `path` is set.
  virtual void found(MenuFinding finding) = 0;
  /// A document that is executed; `use` is `queueWait`, `conferenceWait`, `screening`, or empty.
  virtual void executes(std::string_view document, std::string_view url, std::string_view use,
                        const MenuPath& path) = 0;
  /// The application told that a call went through this state.
  virtual void passed(std::string state) = 0;
  virtual void notPlayed(std::string what) = 0;
  /// A webhook has its outcome.
  virtual void requested(bool isAnswered) = 0;

 protected:
  WalkListener() = default;
};

struct WalkOptions {
  MenuPath path = {};            ///< Goes there,
  std::string key = {};          ///< which is this place,
  std::optional<Try> next = {};  ///< and does this; null to stop at the first place.
  int repeats = 5;
  std::size_t documentsInARow = 100;
  std::chrono::milliseconds silence{10'000};
};

/// A resource, on the thread of the loop, which outlives it, as the listener does.
class Walk {
 public:
  Walk(std::shared_ptr<EventLoop> loop, ProviderOptions provider, const NumberSettings& number,
       const IncomingCall& call, WalkOptions options, WalkListener& listener);
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;
  ~Walk();

  [[nodiscard]] Provider& provider() noexcept;

  /// Whether the call and everything that belongs to it is over.
  [[nodiscard]] bool isOver() const;
  /// Ends what is not over, because nothing will happen any more.
  void giveUp();

  /// Where it has led; nothing if the known way led elsewhere this time.
  [[nodiscard]] const std::optional<Place>& place() const noexcept;
  /// How often the last act was done.
  [[nodiscard]] int times() const noexcept;
  /// What was done on the way, as far as it went.
  [[nodiscard]] const MenuPath& done() const noexcept;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace ivr::phone
