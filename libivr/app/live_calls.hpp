#pragma once
// Changes calls while they live, in the words of the application.

#include "app/lifetime.hpp"
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

class LiveCalls final : public CallsHome {
 public:
  /// `alive` expires before any of the others ends. Makes the REST client and the threads when they
  /// are first needed.
  LiveCalls(Alive alive, const Config& config, const StateTable& states, Turns& turns,
            const std::shared_ptr<Timers>& timers, const UrlFor& urlFor);
  ~LiveCalls() override;

  /// Ends the REST client and the threads, when `alive` has expired. What is left is for work that
  /// goes on and asks for what there was.
  void end() noexcept;

  Later<CallUpdate> redirect(std::string callSid, Next next) override;
  Later<CallUpdate> play(std::string callSid, Twiml twiml) override;
  Later<CallUpdate> hangUp(std::string callSid) override;
  Later<Done> changeSession(std::string callSid, std::function<void(Session&)> change) override;
  bool tryRunInBackground(Executor::Task task) override;
  std::shared_ptr<Timers> timers() override;

 private:
  class Change;

  [[nodiscard]] Later<CallUpdate> change(std::string callSid, rest::UpdateCall update);
  [[nodiscard]] rest::Client& rest();

  const Alive alive_;
  const Config& config_;
  const StateTable& states_;
  Turns& turns_;
  const std::weak_ptr<Timers> timers_;  ///< Not owned: what waits there may own this.
  const UrlFor& urlFor_;

  std::mutex mutex_;
  std::unique_ptr<rest::Client> rest_;
  std::unique_ptr<Executor> background_;
};

}  // namespace ivr
