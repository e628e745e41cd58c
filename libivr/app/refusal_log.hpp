#pragma once
// Requests that were refused, or answered though they are not as the provider makes them, in the
// log: limited, because strangers can cause them, and counted.

#include "core/tasks.hpp"
#include "ivr/app/config.hpp"
#include "ivr/core/timers.hpp"
#include "ivr/http/request.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace ivr {

/// Threads: any.
class RefusalLog {
 public:
  /// How many reasons that take work are looked for in a second.
  static constexpr std::size_t kMaxExplanations = 2;

  /// `config` must outlive the tasks.
  RefusalLog(const Config& config, std::shared_ptr<Tasks> tasks, std::shared_ptr<Timers> timers)
      : config_(config), tasks_(std::move(tasks)), timers_(std::move(timers)) {}

  /// `refused status=404 method=POST path=/wrong reason="..." nearest=/incoming-call`, or `unusual`
  /// for a status below 400. At most
  /// twenty lines a second; `reasonOf` and `nearestOf`, which return texts, are called only for
  /// those. How many were left out is logged a second later.
  template <class ReasonOf, class NearestOf>
  void add(const http::Request& request, int status, ReasonOf reasonOf, NearestOf nearestOf) {
    if (mayAdd()) write(request, status, reasonOf(), nearestOf());
  }
  template <class ReasonOf>
  void add(const http::Request& request, int status, ReasonOf reasonOf) {
    add(request, status, std::move(reasonOf), [] { return std::string{}; });
  }

  /// Whether a reason that takes work may be looked for.
  enum class Explanation {
    granted,
    refused,        ///< For the first time in this second: the line should say so.
    refusedBefore,  ///< In this second.
  };

  /// For a `reasonOf` that takes work: whether it may. A stranger decides how often it is called.
  [[nodiscard]] Explanation takeExplanation();

 private:
  [[nodiscard]] bool mayAdd();
  void write(const http::Request& request, int status, std::string_view reason,
             std::string_view nearest) const;
  void endOfSecond();

  const Config& config_;
  const std::shared_ptr<Tasks> tasks_;
  const std::shared_ptr<Timers> timers_;

  std::mutex mutex_;
  std::size_t asked_ = 0;       ///< For a line, in this second.
  std::size_t explaining_ = 0;  ///< Asked for an explanation, in this second.
};

}  // namespace ivr
