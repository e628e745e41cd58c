#pragma once
// A flow that is served: finds models, lets events change them one at a time, and does what is due
// after that, also what another process has left undone.

#include "core/tasks.hpp"
#include "flow/model_record.hpp"
#include "ivr/call/call.hpp"
#include "ivr/call/calls.hpp"
#include "ivr/call/url_for.hpp"
#include "ivr/core/log.hpp"
#include "ivr/core/timers.hpp"
#include "ivr/flow/flow_handle.hpp"
#include "session/session_locks.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::flow {

/// What a flow uses of its application.
struct FlowSurroundings {
  std::shared_ptr<Tasks> tasks;
  std::weak_ptr<Timers> timers;  ///< They have a thread.
  std::shared_ptr<CallsBackend> calls;
  std::shared_ptr<session::SessionLocks> models;  ///< Of the flow's store.
  UrlFor urlFor;
  Log log;
  PersonalData personalData;
  std::chrono::milliseconds patience;  ///< How long an event waits for others of its model.
};

/// Shared by its handle, which may outlive the application; so, once mounted, it does everything in
/// tasks. Threads: any.
class FlowService final : public detail::FlowBackend,
                          public std::enable_shared_from_this<FlowService> {
 public:
  explicit FlowService(detail::AddedFlow flow);
  ~FlowService() override;

  [[nodiscard]] const std::string& name() const noexcept { return flow_.name; }
  [[nodiscard]] const Definition& definition() const noexcept { return *flow_.definition; }
  [[nodiscard]] const detail::ModelStore& store() const noexcept { return flow_.store; }

  /// From now on, it can be used. Once.
  void mount(FlowSurroundings around);

  /// From now on, it does what dead processes have left undone.
  void watch();

  Later<std::shared_ptr<void>> find(std::string id) override;
  Later<bool> begin(std::string id, std::shared_ptr<void> model) override;
  Later<std::optional<Outcome>> send(std::string id, Event event) override;
  Later<bool> change(std::string id, std::function<void(void*)> change) override;
  Later<CallUpdate> redirectAnd(std::string callSid, std::string id, Event event) override;

  // For what it does.

  /// Throws `Error{usage}` before it is mounted.
  [[nodiscard]] const FlowSurroundings& around() const;
  [[nodiscard]] std::string& stateOf(void* model) const { return flow_.stateOf(model); }

  /// Names this service among all that share the store.
  [[nodiscard]] const std::string& process() const noexcept { return process_; }

  /// A name for something that is due.
  [[nodiscard]] std::string nextEntry();

  [[nodiscard]] std::string keyOf(std::string_view id) const;
  [[nodiscard]] std::string legKeyOf(std::string_view callSid) const;
  [[nodiscard]] session::SessionClaim claimOf(std::string key, std::string step) const;

  /// `call` is that of the webhook that is answered; null if none is.
  [[nodiscard]] Turn turnOf(std::string id, Call* call) const;

  /// Begins to run what this process has just stored as due.
  void runDue(const std::string& id, std::vector<std::string> entries, const Call* call);

  /// While they are being done here, `look` leaves them alone.
  void beginEntries(const std::vector<std::string>& entries);
  void endEntries(const std::vector<std::string>& entries);

  /// Looks for what is left undone, after a while.
  void lookLater();

 private:
  /// Runs `work` in a task. No step or callback of a flow may wait for it.
  template <class F>
  auto elsewhere(F work);

  /// The same with the model that has an id; `work`, which takes a `HeldModel&`, gives it back.
  template <class F>
  auto held(std::string id, F work);

  void lookSoon();
  void look();

  const detail::AddedFlow flow_;
  const std::string process_;
  const std::string prefix_;  ///< Of the keys of its models.
  std::atomic<bool> isMounted_{false};
  std::optional<FlowSurroundings> around_;
  std::atomic<std::uint64_t> lastEntry_{0};

  std::mutex mutex_;
  std::set<std::string> underWay_;    ///< Entries that are being done here.
  std::set<std::string> seenUndone_;  ///< When it last looked.
  bool looksLater_ = false;
};

}  // namespace ivr::flow
