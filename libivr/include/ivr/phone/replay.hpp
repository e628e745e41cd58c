#pragma once
// Plays the calls of a saved timeline to an application again, and tells what is different.

#include "ivr/phone/event_loop.hpp"
#include "ivr/phone/provider.hpp"
#include "ivr/phone/timeline.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace ivr::phone {

/// Something that is not as it was. A value.
struct Difference {
  enum class Kind {
    missing,  ///< It was heard, asked or done by the application, and is not any more.
    added,
    notDone,    ///< The party at a telephone did it, and had no occasion to.
    uncounted,  ///< There are more than are told.
  };

  Kind kind = Kind::missing;
  std::string party = {};  ///< The number of the telephone.
  Entry entry = {};        ///< What was saved, or what is new.
};

/// `+14155550100 no longer hears: 00:03.200 says "Welcome"`, ...
[[nodiscard]] std::string describe(const Difference& difference);

/// Plays saved calls again.
///
/// Everybody does what they did: they press, say and hang up, in the same question and after the
/// same time in it; telephones are answered, busy or silent as they were. Then what each party
/// heard and was asked is compared in order, and whatever else the application did: dialled
/// numbers, queues, conferences, messages, errors, and how the call ended. What is generated, such
/// as SIDs, dates and fingerprints, and where the application runs, makes no difference; nor does
/// time.
///
/// A resource, on the thread of the loop, which outlives it, as the provider does.
class Replay {
 public:
  /// Throws `Error{usage}` if no call comes in.
  Replay(EventLoop& loop, Provider& provider, Timeline saved);
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;
  ~Replay();

  /// The numbers that were called, which the provider is to have before the calls begin.
  [[nodiscard]] std::vector<std::string> numbers() const;

  /// Begins: the calls come in when they did, counted from the first.
  void begin();
  /// To be given every entry of the provider, in order, from `begin` on.
  void see(const Entry& entry);
  /// Whether all calls have come in and are over.
  [[nodiscard]] bool isOver() const noexcept;

  /// What is different, by party, in order; at most a thousand. To be asked when it is over, or
  /// nothing more will happen: then what is missing counts.
  [[nodiscard]] std::vector<Difference> differences() const;
  /// How many entries of the saved timeline are compared.
  [[nodiscard]] std::size_t compared() const noexcept;

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace ivr::phone
