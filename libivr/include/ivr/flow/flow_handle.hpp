#pragma once
// A flow that an application serves, for everything that is not a webhook.

#include "ivr/call/calls.hpp"
#include "ivr/core/later.hpp"
#include "ivr/flow/definition.hpp"
#include "ivr/flow/flow_store.hpp"
#include "ivr/flow/name.hpp"
#include "ivr/flow/transition.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace ivr::flow {

namespace detail {

/// A flow with its model's type taken off.
struct AddedFlow {
  std::string name = {};
  std::shared_ptr<const Definition> definition = {};
  std::function<std::string&(void* model)> stateOf = {};
  ModelStore store = {};
};

/// The interface behind `FlowHandle`; the library implements it. Threads: any.
class FlowBackend {
 public:
  virtual ~FlowBackend() = default;
  FlowBackend(const FlowBackend&) = delete;
  FlowBackend& operator=(const FlowBackend&) = delete;

  virtual Later<std::shared_ptr<void>> find(std::string id) = 0;
  virtual Later<bool> begin(std::string id, std::shared_ptr<void> model) = 0;
  virtual Later<std::optional<Outcome>> send(std::string id, Event event) = 0;
  virtual Later<bool> change(std::string id, std::function<void(void*)> change) = 0;
  virtual Later<CallUpdate> redirectAnd(std::string callSid, std::string id, Event event) = 0;

 protected:
  FlowBackend() = default;
};

}  // namespace detail

/// The models of a flow that an application serves.
///
/// A handle, cheap to copy. It works once the application is mounted (`Error{usage}` before), and
/// fails with `Error{unavailable}` once it has ended. Ids are 1 to 64 of `A-Z a-z 0-9 _ -`
/// (`Error{usage}`); that of a model which a webhook has begun is the SID of its first call.
///
/// A step or a callback of a flow must not wait for these members, but may detach what they return:
/// it holds a model, and two that waited for each other's would wait for ever. `Error{usage}` says
/// so. Threads: any.
template <class M>
class FlowHandle {
 public:
  explicit FlowHandle(std::shared_ptr<detail::FlowBackend> flow) : flow_(std::move(flow)) {}

  /// A copy of the model as last stored; nothing if there is none.
  [[nodiscard]] Later<std::optional<M>> find(std::string id) const {
    return flow_->find(std::move(id)).then([](const std::shared_ptr<void>& model) {
      return model ? std::optional<M>{*static_cast<const M*>(model.get())} : std::nullopt;
    });
  }

  /// Stores a model that the application begins, in the flow's initial state. False, and nothing
  /// is done, if there is one of that id.
  Later<bool> begin(std::string id, M model = {}) const {
    return flow_->begin(std::move(id), std::make_shared<M>(std::move(model)));
  }

  /// Sends an event of the application (`kApplication`; `Error{usage}` for another): what a webhook
  /// does, without a document. Nothing if there is no such model.
  Later<std::optional<Outcome>> send(std::string id, Event event) const {
    return flow_->send(std::move(id), event);
  }

  /// Changes the model, `(M&)`, without an event; its state must stay as it is (`Error{usage}`).
  /// False if there is none. If `change` throws, that is the outcome, and nothing is stored.
  template <class F>
  requires std::invocable<F&, M&> Later<bool> change(std::string id, F change)
  const {
    return flow_->change(std::move(id), [change = std::move(change)](void* model) mutable {
      change(*static_cast<M*>(model));
    });
  }

  /// Sends an event of a redirect (`kRedirect`) or of a party by moving a live call: what it hears
  /// is interrupted, and goes on with what the state renders that the event has led to.
  Later<CallUpdate> redirectAnd(std::string callSid, std::string id, Event event) const {
    return flow_->redirectAnd(std::move(callSid), std::move(id), event);
  }

 private:
  std::shared_ptr<detail::FlowBackend> flow_;
};

}  // namespace ivr::flow

namespace ivr {
using flow::FlowHandle;
}  // namespace ivr
