#pragma once
// The threads of an application under test: one task at a time, unless it blocks.

#include "ivr/core/executor.hpp"
#include "ivr/phone/event_loop.hpp"

#include <memory>

namespace ivr::test {

/// An executor whose quick tasks are events of a loop: each has its turn on a thread of its own,
/// and the loop goes on when it is over. So their order is always the same; and one that blocks, as
/// a state may, holds up simulated time, by its name, but not the events that it may be waiting
/// for. Tasks that are expected to block are left to the executor of the loop.
///
/// A resource. Threads: any; `stop` that of the loop.
class Turns final : public Executor {
 public:
  explicit Turns(std::shared_ptr<phone::EventLoop> loop);
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;
  ~Turns() override;

  [[nodiscard]] bool tryRun(Lane lane, Task task) override;

  /// Drops tasks from now on, and waits for those that run.
  void stop() noexcept;

 private:
  class Core;
  const std::shared_ptr<phone::EventLoop> loop_;
  const std::shared_ptr<Executor> blocking_;
  const std::shared_ptr<Core> core_;
};

}  // namespace ivr::test
