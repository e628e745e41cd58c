#pragma once
// The time of a simulation, and the order in which things happen in it.

#include "ivr/core/clock.hpp"
#include "ivr/core/executor.hpp"
#include "ivr/core/once_function.hpp"
#include "ivr/core/timers.hpp"
#include "ivr/phone/timeline.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ivr::phone {

enum class TimeKind {
  simulated,  ///< Jumps to the next event, and stands still while anything works.
  real,
};

struct EventLoopOptions {
  TimeKind time = TimeKind::simulated;

  /// The time of day at which simulated time begins; that of the machine in real time.
  std::chrono::system_clock::time_point start =
      std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::hours{10};

  /// How long simulated time stands still for the same work, in real time, before `run` gives up.
  std::chrono::milliseconds workLimit{10'000};
};

/// Runs events, one after the other: those that are due first, those of one instant in the order
/// in which they were made.
///
/// A resource, which its users share. Runs on the thread that calls `run`, where everything else is
/// called too, unless it says otherwise.
class EventLoop {
 public:
  using Task = detail::OnceFunction<>;
  using Id = std::uint64_t;  ///< Never 0.

  /// Work that simulated time waits for, while it lives. Threads: any.
  class Work {
   public:
    Work() = default;
    Work(Work&& other) noexcept;
    Work& operator=(Work&& other) noexcept;
    ~Work();

   private:
    friend class EventLoop;
    struct Entry;
    explicit Work(std::shared_ptr<Entry> entry) noexcept;
    std::shared_ptr<Entry> entry_;
  };

  explicit EventLoop(EventLoopOptions options = {});
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  /// Drops all events, and waits for the work of the executor that is running.
  ~EventLoop();

  /// Since the loop was made. Threads: any.
  [[nodiscard]] Moment now() const noexcept;
  [[nodiscard]] TimeKind time() const noexcept;

  /// When the event that runs was due: in real time, it may have come later.
  [[nodiscard]] Moment due() const noexcept;

  /// Whether the caller is an event of this loop.
  [[nodiscard]] bool isInEvent() const noexcept;

  /// Runs `task` after `delay`, never inside this call.
  Id after(std::chrono::milliseconds delay, Task task);
  /// Forgets an event that has not begun; 0 and others that are over are ignored.
  void cancel(Id id);

  /// Runs `task` now, behind what came before. Threads: any.
  void post(Task task);

  /// Lets simulated time stand still until the result ends; `name` says for what. Threads: any.
  [[nodiscard]] Work work(std::string name);

  /// Asked before simulated time passes: what is being worked on outside of the loop, or nothing.
  void setOtherWork(std::function<std::optional<std::string>()> otherWork);

  enum class Stop {
    done,   ///< `isDone` holds.
    idle,   ///< Nothing will happen any more.
    limit,  ///< Time has reached the limit.
  };
  /// Runs events until `isDone`, which is asked after each, or until `limit` from now has passed.
  /// Throws `Error{timeout}` naming the work if simulated time stands still for too long. Not to be
  /// called by an event.
  Stop run(const std::function<bool()>& isDone, std::chrono::milliseconds limit);

  // For an application that lives in this time. All are valid longer than the loop. Threads: any.

  /// The time of day of the simulation.
  [[nodiscard]] Clock clock();
  /// Timers of this loop; their tasks are its events.
  [[nodiscard]] std::shared_ptr<Timers> timers();
  /// Runs quick tasks as events, and blocking ones on a thread, one after the other, for which
  /// simulated time waits.
  [[nodiscard]] std::shared_ptr<Executor> executor();

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace ivr::phone
