#pragma once
// What an application runs on: its settings, its tasks, its timers, and its client of the
// provider's API. Made first, and ends first.

#include "app/error_report.hpp"
#include "core/tasks.hpp"
#include "ivr/app/config.hpp"
#include "ivr/core/timers.hpp"
#include "ivr/rest/rest_client.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>

namespace ivr {

/// Threads: `rest` any; the others as their parts say. After `end`, only destroy it.
class Runtime {
 public:
  explicit Runtime(Config config);
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;
  ~Runtime() { end(); }

  /// No task of the application begins any more; returns when those that have begun are over.
  void end() noexcept;

  [[nodiscard]] const Config& config() const noexcept { return config_; }
  [[nodiscard]] const std::shared_ptr<Tasks>& tasks() const noexcept { return tasks_; }
  [[nodiscard]] const std::shared_ptr<Timers>& timers() const noexcept { return timers_; }

  [[nodiscard]] const ErrorReport& errors() const noexcept { return errors_; }

  [[nodiscard]] Executor& executor() const noexcept { return *executor_; }

  /// The client of the account, made on first use. Throws `Error{config}` if the account is missing
  /// or invalid.
  [[nodiscard]] rest::Client& rest();

  /// Requests to the provider that are not answered yet.
  [[nodiscard]] std::size_t requestsUnderWay() const noexcept { return *requests_; }

 private:
  const Config config_;
  std::shared_ptr<Executor> executor_;
  const std::shared_ptr<Tasks> tasks_;
  const ErrorReport errors_;
  std::shared_ptr<Timers> timers_;
  const std::shared_ptr<std::atomic<std::size_t>> requests_ =
      std::make_shared<std::atomic<std::size_t>>(0);

  std::mutex mutex_;
  std::unique_ptr<rest::Client> rest_;
};

}  // namespace ivr
