#pragma once
// Carries out the requests of `Calls`.

#include "app/runtime.hpp"
#include "core/roster.hpp"
#include "core/tasks.hpp"
#include "ivr/call/calls.hpp"
#include "ivr/call/url_for.hpp"
#include "session/session_locks.hpp"
#include "session/store_locks.hpp"
#include "state/state_table.hpp"

#include <cstddef>
#include <exception>
#include <memory>
#include <string>

namespace ivr {

/// Shared by every `Calls`, which may outlive the application, so it does everything in tasks.
class CallControl final : public CallsBackend, public std::enable_shared_from_this<CallControl> {
 public:
  CallControl(Runtime& runtime, const StateTable& states, const UrlFor& urlFor,
              std::shared_ptr<session::SessionLocks> sessions);

  Later<CallUpdate> redirect(std::string callSid, Next next) override;
  Later<CallUpdate> redirectTo(std::string callSid, std::string url) override;
  Later<CallUpdate> play(std::string callSid, twiml::Twiml document) override;
  Later<CallUpdate> hangUp(std::string callSid) override;
  Later<Done> changeSession(std::string callSid, std::function<void(Session&)> change) override;
  bool tryRun(Executor::Lane lane, Executor::Task task) override;
  Timers::Id after(std::chrono::milliseconds delay, std::function<void()> task) override;
  void cancel(Timers::Id timer) override;
  session::Locks locks() override { return session::Locks{locks_}; }
  void reportDetached(DetachedFailure failure) override;
  std::shared_ptr<DetachedWork> beginDetached(DetachedFailure failure) override;

  /// Detached work under way.
  [[nodiscard]] std::size_t detached() const;

  /// Ends all detached work with this error.
  void giveUpDetached(const std::exception_ptr& error);

 private:
  class Update;
  class Detached;

  [[nodiscard]] Later<CallUpdate> update(std::string callSid, rest::UpdateCall change);

  Runtime& runtime_;
  const StateTable& states_;
  const UrlFor& urlFor_;
  const std::shared_ptr<Tasks> tasks_;
  const std::shared_ptr<session::SessionLocks> sessions_;
  const std::shared_ptr<session::StoreLocks> locks_;
  const std::shared_ptr<Roster<Detached>> detached_ = std::make_shared<Roster<Detached>>();
};

}  // namespace ivr
