#pragma once
// Changes calls while they live, in the words of the application.

#include "app/state_table.hpp"
#include "app/turns.hpp"
#include "ivr/app/config.hpp"
#include "ivr/rest/rest_client.hpp"
#include "ivr/state/calls.hpp"
#include "ivr/state/url_for.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace ivr {

class LiveCalls final : public Calls {
 public:
  /// `alive` expires before any of the others ends, or this. Makes the REST client and the threads
  /// when they are first needed.
  LiveCalls(std::weak_ptr<const void> alive, const Config& config, const StateTable& states,
            Turns& turns, std::shared_ptr<Timers> timers, const UrlFor& urlFor);
  ~LiveCalls() override;

  Later<CallChange> redirect(std::string callSid, Next next) override;
  Later<CallChange> play(std::string callSid, Twiml twiml) override;
  Later<CallChange> hangUp(std::string callSid) override;
  Later<Done> changeSession(std::string callSid, std::function<void(Session&)> change) override;
  using Calls::changeSession;
  Executor& background() override;
  std::shared_ptr<Timers> timers() override { return timers_; }

 private:
  class Change;

  [[nodiscard]] RestClient& rest();

  const std::weak_ptr<const void> alive_;
  const Config& config_;
  const StateTable& states_;
  Turns& turns_;
  const std::shared_ptr<Timers> timers_;
  const UrlFor& urlFor_;

  std::mutex mutex_;
  std::unique_ptr<RestClient> rest_;
  std::unique_ptr<Executor> background_;
};

}  // namespace ivr
