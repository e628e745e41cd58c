#pragma once
// A model while an event, or what is due after one, has it for itself.

#include "flow/flow_service.hpp"
#include "flow/model_record.hpp"
#include "ivr/core/holding.hpp"
#include "ivr/core/later.hpp"
#include "ivr/flow/definition.hpp"
#include "session/session_lease.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::flow {

/// Held until it is stored or dropped; dropped, it is as it was. Threads: one at a time.
class HeldModel : public std::enable_shared_from_this<HeldModel> {
 public:
  /// Throws what `ModelRecord::from` throws.
  HeldModel(std::shared_ptr<FlowService> service, std::string id,
            session::SessionLeasePointer lease);

  [[nodiscard]] const std::string& id() const noexcept { return id_; }

  /// Nothing if there is no such model.
  [[nodiscard]] std::optional<ModelRecord>& record() noexcept { return record_; }
  [[nodiscard]] ivr::detail::Holding::Id lease() const noexcept { return lease_->id(); }

  /// That of the step, if it was stored before.
  [[nodiscard]] const std::optional<std::string>& answer() const { return lease_->opened().answer; }

  // Of a model that is there.

  [[nodiscard]] std::string& state() const { return service_->stateOf(record_->model.get()); }
  [[nodiscard]] detail::ModelRef model() const { return {record_->model.get(), &state()}; }

  /// Puts the model into a state of the flow, if its own has been renamed. Throws `Error{usage}` if
  /// the flow has no such state.
  const Definition::StateEntry& settleState() const;

  /// Makes it the model as it was taken, without one entry of what is due.
  void reload(const std::string& entry);

  /// Puts what is due after an event on the list.
  void add(const Fired& fired);
  /// What `add` has added.
  [[nodiscard]] const std::vector<std::string>& added() const noexcept { return added_; }

  void log(const Fired& fired, std::string_view callSid) const;

  /// In one commit: the model, what is due, and `answer` for the step. If the store cannot be
  /// reached, tries for a while. Then the model is no longer held.
  Later<Done> save(std::optional<std::string> answer = {},
                   std::chrono::milliseconds answerLifetime = {});

 private:
  [[nodiscard]] session::SessionChange change() const;
  void saveAgain(const Answer<Done>& done);

  const std::shared_ptr<FlowService> service_;
  const std::string id_;
  const session::SessionLeasePointer lease_;
  std::optional<ModelRecord> record_;
  std::vector<std::string> added_;

  std::string data_;
  std::optional<std::string> answer_;
  std::chrono::milliseconds dataLifetime_{0};
  std::chrono::milliseconds answerLifetime_{0};
};

}  // namespace ivr::flow
