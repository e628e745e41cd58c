#include "test/counted_store.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ivr::test {

namespace {

class CountedStore final : public session::SessionStore {
 public:
  CountedStore(std::shared_ptr<phone::EventLoop> loop, std::shared_ptr<session::SessionStore> store)
      : loop_(std::move(loop)), store_(std::move(store)) {}

  Later<std::optional<session::OpenSession>> tryOpen(std::string_view session,
                                                     std::string_view step,
                                                     std::chrono::milliseconds lease) override {
    return awaited(store_->tryOpen(session, step, lease));
  }
  Later<bool> renew(std::string_view session, std::uint64_t lease,
                    std::chrono::milliseconds duration) override {
    return awaited(store_->renew(session, lease, duration));
  }
  Later<bool> close(const session::SessionChange& change) override {
    return awaited(store_->close(change));
  }
  Later<std::string> read(std::string_view session) override {
    return awaited(store_->read(session));
  }
  Later<std::vector<std::string>> withWork(std::size_t limit) override {
    return awaited(store_->withWork(limit));
  }
  Later<std::uint64_t> nextFence() override { return awaited(store_->nextFence()); }
  [[nodiscard]] session::StoreScope scope() const noexcept override { return store_->scope(); }

 private:
  template <class T>
  Later<T> awaited(Later<T> later) {
    if (later.isSettled()) return later;
    return Later<T>{[&](const Answer<T>& answer) {
      std::move(later).receive(
          [answer, work = loop_->work("the session store")](Settled<T> outcome) {
            answer.settle(std::move(outcome));  // before the work ends: it may begin more
          });
    }};
  }

  const std::shared_ptr<phone::EventLoop> loop_;
  const std::shared_ptr<session::SessionStore> store_;
};

}  // namespace

std::shared_ptr<session::SessionStore> countedStore(std::shared_ptr<phone::EventLoop> loop,
                                                    std::shared_ptr<session::SessionStore> store) {
  return std::make_shared<CountedStore>(std::move(loop), std::move(store));
}

}  // namespace ivr::test
