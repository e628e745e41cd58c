#include "ivr/flow/turn.hpp"

#include "ivr/core/error.hpp"
#include "ivr/flow/definition.hpp"

#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

namespace ivr::flow {

namespace {

[[noreturn]] void refuseLink(Event event, std::string_view why) {
  throw Error{ErrorKind::usage, "there is no link for the event \"" + std::string{event.text()} +
                                    "\": " + std::string{why}};
}

}  // namespace

Turn::Turn(Parts parts) noexcept : parts_(std::move(parts)) {}

std::string Turn::link(Event event, UrlOptions options) const {
  const Definition& flow = definition();
  const auto* const entry = flow.eventNamed(event.text());
  if (entry == nullptr || !(entry->name == event) || !entry->isTaken) {
    refuseLink(event, "no line of the flow takes it");
  }
  UrlOptions::Query query{{"event", std::string{event.text()}}};
  const Sender sender = event.sender();
  const Definition::ActorEntry* actor = nullptr;
  switch (sender.kind()) {
    case Sender::Kind::actor:
      actor = flow.actorNamed(sender.actor());
      query.emplace_back("actor", sender.actor());
      break;
    case Sender::Kind::redirect:
      // Whoever is moved; the address is only the way into the flow.
      if (!flow.actors().empty()) actor = &flow.actors().front();
      break;
    case Sender::Kind::status: refuseLink(event, "the provider sends it to the statusLink");
    case Sender::Kind::application: refuseLink(event, "the application sends it by itself");
  }
  if (actor == nullptr) refuseLink(event, "its party has no address");
  return linkTo(actor->path, std::move(options), std::move(query));
}

std::string Turn::statusLink(Actor actor, UrlOptions options) const {
  const auto* const entry = definition().actorNamed(actor.text());
  if (entry == nullptr) {
    throw Error{ErrorKind::usage,
                "the party \"" + std::string{actor.text()} + "\" has no address in the flow"};
  }
  return linkTo(entry->path + "/status", std::move(options),
                {{"actor", std::string{actor.text()}}});
}

Later<CallUpdate> Turn::redirectAnd(std::string callSid, Event event) const {
  if (!parts_.calls) {
    throw Error{ErrorKind::usage, "no application serves this flow, so it cannot move a call"};
  }
  return parts_.calls->redirectTo(std::move(callSid), link(event, {.absolute = true}));
}

Call& Turn::call() const {
  if (parts_.call == nullptr) {
    throw Error{ErrorKind::usage,
                "a flow was asked for the call where no webhook is answered: ask "
                "hasCall() first"};
  }
  return *parts_.call;
}

std::string Turn::linkTo(std::string_view path, UrlOptions options, UrlOptions::Query query) const {
  if (!parts_.id.empty()) query.emplace_back("call_id", parts_.id);
  if (options.query) {
    query.insert(query.end(), std::make_move_iterator(options.query->begin()),
                 std::make_move_iterator(options.query->end()));
  }
  options.query = std::move(query);
  if (parts_.urlFor) return (*parts_.urlFor)(path, options);
  if (parts_.call != nullptr) return parts_.call->urlFor(path, options);
  return UrlFor{std::make_shared<const UrlBase>()}(path, options);
}

const Definition& Turn::definition() const {
  if (parts_.definition == nullptr) {
    throw Error{ErrorKind::usage,
                "a flow was asked for a link where it has no addresses: give the "
                "turn its definition"};
  }
  return *parts_.definition;
}

}  // namespace ivr::flow
