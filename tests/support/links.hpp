#pragma once
// The links that an application's states would make.

#include "support/app.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ivr::support {

/// Adds a state at `/links` and returns what `urlFor` returns inside it, errors included. Create it
/// before `mount`.
class Links {
 public:
  static constexpr std::string_view kStateUri = "/links";

  explicit Links(Ivr& ivr) : ivr_(ivr), state_(ivr.add<LinkingState>()) {}

  [[nodiscard]] std::string operator()(std::string_view path, const UrlOptions& options = {}) {
    if (!state_.urlFor) ivr_.handle(signedPost(std::string{kStateUri})).get();
    return state_.urlFor.value()(path, options);
  }

 private:
  struct LinkingState final : EndState {
    std::optional<UrlFor> urlFor;
    std::string uri() const override { return std::string{kStateUri}; }
    Later<Twiml> twimlFor(Call& call) override {
      urlFor = call.urlFor();
      return Twiml{Hangup{}};
    }
  };

  Ivr& ivr_;
  LinkingState& state_;
};

}  // namespace ivr::support
