#pragma once
// What a flow knows about the webhook that it answers, if it answers one.

#include "ivr/call/call.hpp"
#include "ivr/call/calls.hpp"
#include "ivr/call/url_for.hpp"
#include "ivr/core/later.hpp"
#include "ivr/flow/name.hpp"

#include <memory>
#include <optional>
#include <string>

namespace ivr::flow {

class Definition;

/// A model's turn: its id, its links and, within a webhook, the call.
///
/// A cheap value. The definition and the call must outlive it. Threads: those of the call.
class Turn {
 public:
  /// What links are made of; without `urlFor`, they begin with the path of the address.
  struct Parts {
    std::string id = {};                       ///< Of the model.
    Call* call = nullptr;                      ///< Null outside webhooks.
    std::optional<UrlFor> urlFor = {};         ///< Without one, that of the call.
    const Definition* definition = nullptr;    ///< Null where no link is made.
    std::shared_ptr<CallsBackend> calls = {};  ///< Null where no application serves the flow.
  };

  Turn() = default;
  explicit Turn(Parts parts) noexcept;

  /// Where a party sends an event: `/voice/flow?event=wants_voicemail&actor=customer&call_id=5000`,
  /// and then what `options.query` has. `Error{usage}` for an event without an address (one of the
  /// application, or a status) and for one that no line of the flow takes.
  [[nodiscard]] std::string link(Event event, UrlOptions options = {}) const;

  /// Where the provider posts the status of a party's call: for `statusCallback`.
  [[nodiscard]] std::string statusLink(Actor actor, UrlOptions options = {}) const;

  /// Sends an event of a redirect (`kRedirect`) or of a party by moving a live call to its address:
  /// what that call hears is interrupted. Detach it, or chain it. `Error{usage}` for an event
  /// without a link, and where no application serves the flow.
  [[nodiscard]] Later<CallUpdate> redirectAnd(std::string callSid, Event event) const;

  /// The model's, as it stands in addresses; empty without a store.
  [[nodiscard]] const std::string& id() const noexcept { return parts_.id; }

  /// Whether it answers a webhook.
  [[nodiscard]] bool hasCall() const noexcept { return parts_.call != nullptr; }

  /// The webhook: what was pressed, the session, background work. `Error{usage}` outside one, as in
  /// a callback that another process has taken over.
  [[nodiscard]] Call& call() const;

 private:
  [[nodiscard]] std::string linkTo(std::string_view path, UrlOptions options,
                                   UrlOptions::Query query) const;
  [[nodiscard]] const Definition& definition() const;

  Parts parts_;
};

}  // namespace ivr::flow

namespace ivr {
using flow::Turn;
}  // namespace ivr
