#pragma once
// A transport that sends nothing: it keeps its requests and answers as a test says.

#include "ivr/http/transport.hpp"

#include <deque>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ivr::support {

/// Answers at once, in order, with what `answer` and `fail` were given; one more request is an
/// `Error{usage}`. After `hold` the test gives the answers. Threads: any.
class FakeTransport final : public http::Transport {
 public:
  Later<http::IncomingResponse> send(http::OutgoingRequest request) override {
    const std::lock_guard lock{mutex_};
    sent_.push_back(std::move(request));
    if (isHolding_) {
      return Later<http::IncomingResponse>{
          [this](const Answer<http::IncomingResponse>& answer) { held_.push_back(answer); }};
    }
    if (answers_.empty()) {
      return Later<http::IncomingResponse>::failed(std::make_exception_ptr(
          Error{ErrorKind::usage, "the test did not expect this request: " + sent_.back().url}));
    }
    Settled<http::IncomingResponse> outcome = std::move(answers_.front());
    answers_.pop_front();
    if (const auto* error = std::get_if<1>(&outcome)) {
      return Later<http::IncomingResponse>::failed(*error);
    }
    return std::get<0>(std::move(outcome));
  }

  void answer(int status, std::string body = {}, http::Headers headers = {}) {
    const std::lock_guard lock{mutex_};
    answers_.emplace_back(
        std::in_place_index<0>,
        http::IncomingResponse{
            .status = status, .headers = std::move(headers), .body = std::move(body)});
  }

  template <class E>
  void fail(E error) {
    const std::lock_guard lock{mutex_};
    answers_.emplace_back(std::in_place_index<1>, std::make_exception_ptr(std::move(error)));
  }

  /// From now on, no request is answered at once.
  void hold() {
    const std::lock_guard lock{mutex_};
    isHolding_ = true;
  }

  /// The `Answer` of the oldest request that is held and unanswered.
  Answer<http::IncomingResponse> held() {
    const std::lock_guard lock{mutex_};
    if (held_.empty()) throw std::logic_error{"no request is held"};
    Answer<http::IncomingResponse> oldest = held_.front();
    held_.pop_front();
    return oldest;
  }

  /// Everything that was sent, in order.
  [[nodiscard]] std::vector<http::OutgoingRequest> sent() const {
    const std::lock_guard lock{mutex_};
    return sent_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<http::OutgoingRequest> sent_;
  std::deque<Settled<http::IncomingResponse>> answers_;
  std::deque<Answer<http::IncomingResponse>> held_;
  bool isHolding_ = false;
};

}  // namespace ivr::support
