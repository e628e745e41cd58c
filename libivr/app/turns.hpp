#pragma once
// One at a time: the steps of a call, and the changes of its session from outside, wait for one
// another here and at every machine that shares the store.

#include "ivr/core/executor.hpp"
#include "ivr/core/later.hpp"
#include "ivr/core/log.hpp"
#include "ivr/core/timers.hpp"
#include "ivr/session/session_store.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace ivr {

class TurnLine;
class Turn;
using TurnPointer = std::shared_ptr<Turn>;

/// The right to run a step of one call, and to change its session. Dropped without `end`, it saves
/// nothing and lets the next one in. Threads: one at a time.
class Turn {
 public:
  Turn(std::shared_ptr<TurnLine> line, std::string session, std::string step,
       session::OpenSession opened);
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn();

  [[nodiscard]] const session::OpenSession& opened() const noexcept { return opened_; }

  /// Holds the lease for a step that takes its time. A turn that nobody keeps is lost after
  /// seconds.
  static void keep(const TurnPointer& turn);

  /// Saves and lets the next one in. What is saved: `data`, if given, and `answer`, if given, for
  /// whoever asks for the same step. Fails, having saved nothing, when the turn was lost meanwhile
  /// or the store cannot be reached.
  [[nodiscard]] Later<Done> end(std::optional<std::string> data,
                                std::chrono::milliseconds dataLifetime,
                                std::optional<std::string> answer,
                                std::chrono::milliseconds answerLifetime);

 private:
  std::shared_ptr<TurnLine> line_;
  std::string session_;
  std::string step_;
  session::OpenSession opened_;
  std::atomic<bool> ended_{false};
};

/// Gives out turns. Threads: any.
class Turns {
 public:
  /// `timers`, which are not kept alive, and the threads made here for a store that blocks, are
  /// used until this is destroyed; turns may outlive it, and save nothing then.
  Turns(std::shared_ptr<session::SessionStore> store, const std::shared_ptr<Timers>& timers,
        Log log);
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;
  ~Turns();

  /// A turn for `step` of the call whose session has that name, when all before it are over.
  /// `Error{unavailable}` if too many wait already, and what the store throws.
  [[nodiscard]] Later<TurnPointer> take(std::string session, std::string step);

  /// What is saved of a session, whoever has the turn. Blocks if the store does: to be called on
  /// the thread that a turn came on.
  [[nodiscard]] std::string read(const std::string& session) const;

 private:
  std::unique_ptr<Executor> threads_;  ///< Null if the store does not block.
  std::shared_ptr<TurnLine> line_;
};

}  // namespace ivr
