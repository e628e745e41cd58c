#pragma once
// What an application under test finds outside of itself: the provider's API, and other hosts.

#include "ivr/http/handler.hpp"
#include "ivr/http/transport.hpp"
#include "ivr/rest/rest_client.hpp"
#include "ivr/test/line.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ivr::test {

/// Brings requests to the provider's API, or to another transport. Threads: any.
class Outside final : public http::Transport {
 public:
  /// `others` may be null: then requests to other hosts fail.
  Outside(const rest::ClientOptions& account, http::Handler api,
          std::shared_ptr<http::Transport> others);
  ~Outside() override;

  Later<http::IncomingResponse> send(http::OutgoingRequest request) override;

  /// The live calls that the API has moved, in order.
  [[nodiscard]] std::vector<Redirected> redirected() const;

 private:
  struct Moves;

  [[nodiscard]] bool isApi(const std::string& host) const;

  const std::string apiHost_;  ///< Empty for any of the provider.
  const std::shared_ptr<http::Transport> api_;
  const std::shared_ptr<http::Transport> others_;
  const std::shared_ptr<Moves> moves_;
};

}  // namespace ivr::test
