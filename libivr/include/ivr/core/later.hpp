#pragma once
// A value that is there now or comes later.
//
//   return to<Hours>();  // now: no ceremony, no allocation
//
//   return accounts.find(id).then([](Account account) { ... });  // something already Later
//
//   return Later<Next>{[id](Answer<Next> answer) {  // somebody else's callback
//     crm.lookup(id, [answer](bool known) { answer(known ? to<Member>() : to<Guest>()); });
//   }};
//
// Threads: a `Later` belongs to one thread at a time; an `Answer` may be copied and called from any
// thread.

#include "ivr/core/error.hpp"

#include <concepts>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace ivr {

template <class T>
class Later;

/// The value of a `Later` that only ends.
using Done = std::monostate;

/// How a `Later` ended: with its value or with an exception.
template <class T>
using Settled = std::variant<T, std::exception_ptr>;

namespace detail {

/// What a result is in the end, now or later.
template <class T>
struct Flattened {
  using Type = T;
};
template <class T>
struct Flattened<Later<T>> {
  using Type = T;
};
template <class R>
using FlattenedType = typename Flattened<std::remove_cvref_t<R>>::Type;

/// What a `Later` that is still waiting shares with its `Answer`s. Settles once; the first outcome
/// wins.
template <class T>
class Pending {
 public:
  void settle(Settled<T> outcome) {
    std::function<void(Settled<T>)> receiver;
    {
      const std::lock_guard lock{mutex_};
      if (settled_) return;
      settled_ = true;
      if (!receiver_) {
        outcome_.emplace(std::move(outcome));
        return;
      }
      receiver = std::move(receiver_);
    }
    receiver(std::move(outcome));  // outside the lock: the receiver may do anything
  }

  void receive(std::function<void(Settled<T>)> receiver) {
    {
      const std::lock_guard lock{mutex_};
      if (!outcome_) {
        receiver_ = std::move(receiver);
        return;
      }
    }
    receiver(std::move(*outcome_));
  }

  [[nodiscard]] bool isSettled() const {
    const std::lock_guard lock{mutex_};
    return settled_;
  }

 private:
  mutable std::mutex mutex_;
  bool settled_ = false;
  std::optional<Settled<T>> outcome_;
  std::function<void(Settled<T>)> receiver_;
};

}  // namespace detail

/// The other end of a `Later`: call it with the value, or `fail` it.
///
/// A copyable handle. The first answer counts, later ones are ignored. When the last copy is
/// dropped unanswered, the `Later` settles as `Error{usage}`, so nobody waits for ever.
template <class T>
class Answer {
 public:
  explicit Answer(std::shared_ptr<detail::Pending<T>> pending)
      : owner_(std::make_shared<Owner>(std::move(pending))) {}

  void operator()(T value) const {
    owner_->pending->settle(Settled<T>{std::in_place_index<0>, std::move(value)});
  }
  void fail(std::exception_ptr error) const {
    owner_->pending->settle(Settled<T>{std::in_place_index<1>, std::move(error)});
  }
  template <class E>
  requires std::derived_from<E, std::exception>
  void fail(E error) const { fail(std::make_exception_ptr(std::move(error))); }

 private:
  struct Owner {
    explicit Owner(std::shared_ptr<detail::Pending<T>> shared) : pending(std::move(shared)) {}
    Owner(const Owner&) = delete;
    Owner& operator=(const Owner&) = delete;
    ~Owner() {
      pending->settle(Settled<T>{
          std::in_place_index<1>,
          std::make_exception_ptr(Error{ErrorKind::usage, "an answer was dropped unanswered"})});
    }
    std::shared_ptr<detail::Pending<T>> pending;
  };
  std::shared_ptr<Owner> owner_;
};

/// A value that is there now or comes later; it settles exactly once, with a value or an exception.
///
/// A move-only value. Consume it once, with `then`, `recover`, `receive` or `get`. Whatever is
/// passed to these runs at once, on this thread, when the value is there already (never call them
/// holding a lock); otherwise on the thread that answers.
template <class T>
class [[nodiscard]] Later {
 public:
  using Value = T;

  /// A value that is there.
  template <class U>
  requires(std::convertible_to<U, T> && !std::same_as<std::remove_cvref_t<U>, Later> &&
           !std::invocable<U, Answer<T>>)
      Later(U&& value)  // NOLINT(google-explicit-constructor): `return value;` is the common case
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  /// A value that comes when `start`, called now, has had its answer called. If `start` throws,
  /// that is the outcome.
  template <class F>
  requires std::invocable<F, Answer<T>>
  explicit Later(F&& start) : state_(std::make_shared<detail::Pending<T>>()) {
    Answer<T> answer{std::get<Shared>(state_)};
    try {
      std::forward<F>(start)(answer);
    } catch (...) {
      answer.fail(std::current_exception());
    }
  }

  /// One that has failed with `error`, which is not null.
  [[nodiscard]] static Later failed(std::exception_ptr error) { return Later{std::move(error), 0}; }

  Later(Later&&) noexcept = default;
  Later& operator=(Later&&) noexcept = default;
  ~Later() = default;

  [[nodiscard]] bool isSettled() const {
    const auto* shared = std::get_if<Shared>(&state_);
    return !shared || (*shared)->isSettled();
  }

  /// What `next` makes of the value; an exception skips `next` and goes to the end. `next` returns
  /// a value or a `Later` (which is flattened), and what it throws is the outcome.
  template <class F>
  requires std::invocable<F, T>
  [[nodiscard]] auto then(F next) && {
    using R = detail::FlattenedType<std::invoke_result_t<F, T>>;
    return std::move(*this).template chain<R>(std::move(next));
  }

  /// The value, or what `handler` makes of the exception: a value, a `Later`, or another exception.
  template <class F>
  requires std::convertible_to<std::invoke_result_t<F, std::exception_ptr>, Later>
  [[nodiscard]] Later recover(F handler) && {
    if (state_.index() == 0) return std::move(*this);
    if (const auto* error = std::get_if<std::exception_ptr>(&state_)) {
      return guarded<T>([&] { return Later{handler(*error)}; });
    }
    return Later{[this, handler = std::move(handler)](Answer<T> answer) mutable {
      std::move(*this).receive([answer, handler = std::move(handler)](Settled<T> outcome) mutable {
        if (outcome.index() == 0) return answer(std::get<0>(std::move(outcome)));
        guarded<T>([&] {
          return Later{handler(std::get<1>(outcome))};
        }).forwardTo(std::move(answer));
      });
    }};
  }

  /// Gives the outcome to `receiver`, which must not throw.
  template <class F>
  requires std::invocable<F, Settled<T>>
  void receive(F receiver) && {
    if (auto* shared = std::get_if<Shared>(&state_)) {
      (*shared)->receive(Receiver<F>{std::make_shared<F>(std::move(receiver))});
    } else if (auto* value = std::get_if<0>(&state_)) {
      receiver(Settled<T>{std::in_place_index<0>, std::move(*value)});
    } else {
      receiver(Settled<T>{std::in_place_index<1>, std::move(std::get<1>(state_))});
    }
  }

  /// Gives the outcome to whoever waits behind `answer`.
  void forwardTo(Answer<T> answer) && {
    std::move(*this).receive([answer = std::move(answer)](Settled<T> outcome) {
      if (auto* error = std::get_if<1>(&outcome)) return answer.fail(std::move(*error));
      answer(std::get<0>(std::move(outcome)));
    });
  }

  /// Waits for the value and returns it, or throws the exception. For tests and tools; on a network
  /// thread it stops every call that the thread serves.
  T get() && {
    std::mutex mutex;
    std::condition_variable arrived;
    std::optional<Settled<T>> result;
    std::move(*this).receive([&](Settled<T> outcome) {
      const std::lock_guard lock{mutex};
      result.emplace(std::move(outcome));
      arrived.notify_one();
    });
    std::unique_lock lock{mutex};
    arrived.wait(lock, [&] { return result.has_value(); });
    if (auto* error = std::get_if<1>(&*result)) std::rethrow_exception(*error);
    return std::get<0>(std::move(*result));
  }

 private:
  template <class U>
  friend class Later;

  using Shared = std::shared_ptr<detail::Pending<T>>;

  /// `std::function` wants copyable callables; a move-only receiver is shared instead.
  template <class F>
  struct Receiver {
    std::shared_ptr<F> receiver;
    void operator()(Settled<T> outcome) const { (*receiver)(std::move(outcome)); }
  };

  Later(std::exception_ptr error, int) : state_(std::in_place_index<1>, std::move(error)) {}

  /// Runs `make`, turning what it throws into a failed `Later`.
  template <class U, class F>
  static Later<U> guarded(F&& make) {
    try {
      return std::forward<F>(make)();
    } catch (...) {
      return Later<U>::failed(std::current_exception());
    }
  }

  template <class U, class F>
  Later<U> chain(F next) && {
    if (auto* value = std::get_if<0>(&state_)) {
      return guarded<U>([&] { return Later<U>{next(std::move(*value))}; });
    }
    if (auto* error = std::get_if<1>(&state_)) return Later<U>::failed(std::move(*error));
    return Later<U>{[this, &next](Answer<U> answer) {
      std::move(*this).receive([answer, next = std::move(next)](Settled<T> outcome) mutable {
        if (auto* error = std::get_if<1>(&outcome)) return answer.fail(std::move(*error));
        guarded<U>([&] {
          return Later<U>{next(std::get<0>(std::move(outcome)))};
        }).forwardTo(std::move(answer));
      });
    }};
  }

  std::variant<T, std::exception_ptr, Shared> state_;
};

}  // namespace ivr
