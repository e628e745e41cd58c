#include "ivr/phone/provider.hpp"

#include "ivr/core/error.hpp"
#include "ivr/http/response.hpp"
#include "phone/api.hpp"
#include "phone/call_queue.hpp"
#include "phone/conference.hpp"
#include "phone/dialling.hpp"
#include "phone/leg.hpp"
#include "phone/switchboard.hpp"

#include <utility>

namespace ivr::phone {

namespace {

/// Acts at once, or as the next event if an event asks for it: what it does must not run inside
/// what the event is doing. `isPossible` is asked now, `act` later.
template <class Act>
bool actOn(Switchboard& board, std::string_view callSid, const Act& act) {
  const auto leg = board.find(callSid);
  if (!leg || leg->isOver()) return false;
  if (!board.loop().isInEvent() && !board.isActing) {
    // Whoever sees an entry of it may act as well, and comes afterwards.
    board.isActing = true;
    const bool isPossible = act(*leg);
    board.isActing = false;
    return isPossible;
  }
  board.loop().post([weak = std::weak_ptr{leg}, act] {
    if (const auto still = weak.lock()) (void)act(*still);
  });
  return true;
}

}  // namespace

Provider::Provider(std::shared_ptr<EventLoop> loop, ProviderOptions options)
    : switchboard_(std::make_shared<Switchboard>(std::move(loop), std::move(options))) {}

Provider::~Provider() { switchboard_->close(); }

void Provider::setNumber(std::string number, NumberSettings settings) {
  switchboard_->numbers.insert_or_assign(std::move(number), std::move(settings));
}

void Provider::setTelephone(std::string number, Telephone telephone) {
  switchboard_->telephones.insert_or_assign(std::move(number), telephone);
}

void Provider::setOtherTelephones(Telephone telephone) {
  switchboard_->otherTelephones = telephone;
}

std::string Provider::call(const IncomingCall& call) {
  const auto number = switchboard_->numbers.find(call.to);
  if (number == switchboard_->numbers.end()) {
    throw Error{ErrorKind::usage, "no application answers the number " + call.to};
  }
  const auto leg = switchboard_->makeLeg();
  ++switchboard_->calls;
  leg->from = call.from;
  leg->to = call.to;
  leg->otherFields = call.otherFields;
  leg->number = number->second;
  leg->statusCallback = {.url = number->second.statusCallback,
                         .method = number->second.statusCallbackMethod};
  leg->webCaller->hangUp = [weak = std::weak_ptr{leg}] {
    if (const auto still = weak.lock()) (void)still->hangUp();
  };
  switchboard_->loop().post([weak = std::weak_ptr{leg}] {
    const auto still = weak.lock();
    if (still && !still->isOver()) still->arrive();
  });
  return leg->sid;
}

bool Provider::answer(std::string_view callSid) {
  return actOn(*switchboard_, callSid, [](Leg& leg) { return leg.pickUp(); });
}

bool Provider::refuse(std::string_view callSid) {
  return actOn(*switchboard_, callSid, [](Leg& leg) { return leg.refuse(); });
}

bool Provider::hangUp(std::string_view callSid) {
  return actOn(*switchboard_, callSid, [](Leg& leg) { return leg.hangUp(); });
}

bool Provider::press(std::string_view callSid, std::string_view keys) {
  return actOn(*switchboard_, callSid,
               [pressed = std::string{keys}](Leg& leg) { return leg.press(pressed); });
}

bool Provider::say(std::string_view callSid, const Speech& speech) {
  return actOn(*switchboard_, callSid, [speech](Leg& leg) { return leg.say(speech); });
}

bool Provider::addFault(Fault fault) { return switchboard_->web().addFault(fault); }

void Provider::clearFaults() { switchboard_->web().clearFaults(); }

std::vector<Fault> Provider::faultsToCome() const {
  const auto& faults = switchboard_->web().faultsToCome();
  return {faults.begin(), faults.end()};
}

std::optional<CallView> Provider::find(std::string_view callSid) const {
  const auto leg = switchboard_->find(callSid);
  return leg ? std::optional{leg->view()} : std::nullopt;
}

std::vector<CallView> Provider::calls() const {
  std::vector<CallView> views;
  for (const auto& [sid, leg, over] : switchboard_->legs().entries()) views.push_back(leg->view());
  return views;
}

std::size_t Provider::liveCalls() const noexcept { return switchboard_->liveLegs; }

std::size_t Provider::requests() const noexcept { return switchboard_->web().underWay(); }

std::vector<SentMessage> Provider::messages() const {
  std::vector<SentMessage> all;
  for (const auto& [sid, message, over] : switchboard_->messages.entries()) all.push_back(message);
  return all;
}

const Timeline& Provider::timeline() const noexcept { return switchboard_->timeline; }

http::Handler Provider::api() { return apiOf(switchboard_); }

}  // namespace ivr::phone
