#pragma once
// What a webhook may ask for a document: a state, or anything else that can answer a call.
//
// The framework takes the request, checks its signature, finds the target by the address, runs one
// step per key at a time, keeps the deadlines, asks callers to hold, saves, and answers repeated
// requests. A target says what it keeps and under which key, and makes the document.

#include "ivr/call/call.hpp"
#include "ivr/call/waiting.hpp"
#include "ivr/core/later.hpp"
#include "ivr/twiml/twiml.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ivr {

/// One step, as its target sees it. A resource of the framework, which keeps it until the document
/// has settled. Threads: one at a time.
struct StepContext {
  Call& call;

  /// What was last kept under the key of the step; empty if nothing was. While the store cannot be
  /// reached it blocks, for as long as the step may take, and throws then.
  std::function<const std::string&()> kept = {};

  /// What to keep from now on; if not set, what was kept lives on. Saved, in one commit with the
  /// answer, when the document is there; not if the step fails.
  std::optional<std::string> keep = {};

  /// Stores what the target keeps elsewhere, if it is set: called once, when the document is there
  /// and nobody can give the step up any more, with the text of the document. If it fails, so does
  /// the step; if it succeeds, the step itself is saved next. Runs on any thread, and must not
  /// block it.
  std::function<Later<Done>(const std::string& document)> store = {};

  /// The same for every request for this document; empty if it will not be asked for again.
  std::string name = {};

  /// How long what was made for this name may be asked for.
  std::chrono::milliseconds nameLifetime{0};

  /// How logs and errors name what is heard, once that is known.
  std::string heard = {};

  /// False for the answer to a callback, which nobody executes: it is not linted.
  bool isHeard = true;

  /// Where the names of the states go that decide on the way to what is heard, in order; null if
  /// nobody asks for them. The framework does in development mode.
  std::vector<std::string>* passed = nullptr;

  /// What the step holds; see `detail::Holding`.
  detail::Holding::Id holds = 0;

  /// Called before work begins that goes on without the step; see `detail::Holding`.
  std::function<void()> beforeWork = {};
};

/// Answers steps. Owned by the application. Threads: any at once, for different keys.
class StepTarget {
 public:
  virtual ~StepTarget() = default;
  StepTarget(const StepTarget&) = delete;
  StepTarget& operator=(const StepTarget&) = delete;

  /// How logs and messages name it: `Welcome`.
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;

  /// The key of what a step works on, in the sessions of the application: steps with the same key
  /// run one at a time, on all machines that share them. Empty for a step that has nothing in
  /// common with others. Called on a network thread: do blocking work elsewhere.
  virtual Later<std::string> key(const Call& call) = 0;

  /// The document for the caller. Runs on a thread of the application's executor, and may block.
  virtual Later<twiml::Twiml> run(StepContext& step) = 0;

  /// What the caller hears while the document is late; see `State::pleaseHold`.
  [[nodiscard]] virtual std::optional<twiml::Twiml> pleaseHold(const Waiting&) const {
    return std::nullopt;
  }

 protected:
  StepTarget() = default;
};

}  // namespace ivr
