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
// thread. Where a continuation runs: at once, on the thread that calls `then`, if the value is
// there; otherwise on the thread that answers. The library answers on threads of the application's
// executor.

#include "ivr/core/error.hpp"
#include "ivr/core/holding.hpp"
#include "ivr/core/once_function.hpp"

#include <atomic>
#include <concepts>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace ivr {

template <class T>
class Later;

/// The value of a `Later` that has none to give. A function that returns nothing makes one.
using Done = std::monostate;

/// How a `Later` ended: with its value or with an exception.
template <class T>
using Settled = std::variant<T, std::exception_ptr>;

namespace detail {

/// The value type of a result, whether now or later; `Done` for `void`.
template <class T>
struct Flattened {
  using Type = T;
};
template <class T>
struct Flattened<Later<T>> {
  using Type = T;
};
template <>
struct Flattened<void> {
  using Type = Done;
};
template <class R>
using FlattenedType = typename Flattened<std::remove_cvref_t<R>>::Type;

template <class>
inline constexpr bool kNever = false;

/// Calls `function` and returns its result, or `Done` for `void`. A function without parameters
/// accepts a `Done` too.
template <class F, class... Arguments>
auto callWith(F& function, Arguments&&... arguments) {
  if constexpr (!std::invocable<F&, Arguments...>) {
    if constexpr (sizeof...(Arguments) > 0) {
      return callWith(function);
    } else {
      static_assert(kNever<F>, "this function takes something that it is not given");
    }
  } else if constexpr (std::is_void_v<std::invoke_result_t<F&, Arguments...>>) {
    function(std::forward<Arguments>(arguments)...);
    return Done{};
  } else {
    return function(std::forward<Arguments>(arguments)...);
  }
}

/// Whether `F` can continue from a `T`.
template <class F, class T>
concept Continues = std::invocable<F&, T> ||(std::same_as<T, Done>&& std::invocable<F&>);

template <class F, class... Arguments>
using ResultOf = decltype(callWith(std::declval<F&>(), std::declval<Arguments>()...));

/// Whether `R`, once it is there, is a `T`.
template <class R, class T>
concept Gives = std::convertible_to<R, T> || std::same_as<R, Later<T>>;

/// In place of the value of a function that a `static_assert` has refused.
struct Refused {};

/// What a `Later` that is still waiting shares with its `Answer`s. Settles once; the first outcome
/// wins.
template <class T>
class Pending {
 public:
  void settle(Settled<T> outcome) {
    OnceFunction<Settled<T>> receiver;
    {
      const std::lock_guard lock{mutex_};
      if (isSettled_) return;
      isSettled_ = true;
      if (!receiver_) {
        outcome_.emplace(std::move(outcome));
        return;
      }
      receiver = std::move(receiver_);
    }
    receiver(std::move(outcome));  // outside the lock: the receiver may do anything
  }

  void receive(OnceFunction<Settled<T>> receiver) {
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
    return isSettled_;
  }

  /// What must be released before this can settle; 0 if nothing is known.
  void setWaitsFor(Holding::Id what) noexcept { waitsFor_ = what; }
  [[nodiscard]] Holding::Id waitsFor() const noexcept { return waitsFor_; }

  /// Counts the handles that may still settle it. It fails when the last one is dropped.
  void addAnswer() noexcept { answers_.fetch_add(1, std::memory_order_relaxed); }
  void dropAnswer() {
    if (answers_.fetch_sub(1, std::memory_order_acq_rel) != 1 || isSettled()) return;
    settle(Settled<T>{
        std::in_place_index<1>,
        std::make_exception_ptr(Error{ErrorKind::usage, "an answer was dropped unanswered"})});
  }

 private:
  mutable std::mutex mutex_;
  bool isSettled_ = false;
  std::atomic<int> answers_{0};
  std::atomic<Holding::Id> waitsFor_{0};
  std::optional<Settled<T>> outcome_;
  OnceFunction<Settled<T>> receiver_;
};

}  // namespace detail

/// The other end of a `Later`: call it with the value, or `fail` it.
///
/// A copyable handle. The first answer counts, later ones are ignored. When the last copy is
/// dropped unanswered, the `Later` settles as `Error{usage}`, so nobody waits for ever.
template <class T>
class Answer {
 public:
  explicit Answer(std::shared_ptr<detail::Pending<T>> pending) : pending_(std::move(pending)) {
    pending_->addAnswer();
  }
  Answer(const Answer& other) noexcept : pending_(other.pending_) {
    if (pending_) pending_->addAnswer();
  }
  Answer(Answer&&) noexcept = default;
  Answer& operator=(Answer other) noexcept {
    pending_.swap(other.pending_);
    return *this;
  }
  ~Answer() {
    if (pending_) pending_->dropAnswer();
  }

  void operator()(T value) const { settle(Settled<T>{std::in_place_index<0>, std::move(value)}); }
  void fail(std::exception_ptr error) const {
    settle(Settled<T>{std::in_place_index<1>, std::move(error)});
  }
  template <class E>
  requires std::derived_from<E, std::exception>
  void fail(E error) const { fail(std::make_exception_ptr(std::move(error))); }

  /// Settles with a known outcome.
  void settle(Settled<T> outcome) const {
    if (pending_) pending_->settle(std::move(outcome));  // else it was moved from
  }

 private:
  std::shared_ptr<detail::Pending<T>> pending_;
};

/// Takes whatever follows a refused function, so that nothing else is reported.
template <>
class Later<detail::Refused> {
 public:
  template <class F>
  Later then(F) {
    return {};
  }
  template <class F>
  Later recover(F) {
    return {};
  }
  template <class F>
  void receive(F) {}
};

/// A value that is there now or comes later; it settles exactly once, with a value or an exception.
///
/// A move-only value. Consume it once, with `then`, `recover`, `receive` or `get`: they need an
/// rvalue, so write `std::move(later).then(...)` if it has a name. Never call them while holding a
/// lock: the function passed may run at once.
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

  /// Calls `start` now; the value comes when the answer given to it is called. If `start` throws,
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

  // For what does not fit, these say what to write instead.
  template <class U>
  requires(!std::same_as<U, T> && !std::convertible_to<Later<U>, T>)
      Later(const Later<U>&)  // NOLINT(google-explicit-constructor): as the one for a value
      : state_(std::in_place_index<1>, nullptr) {
    static_assert(!std::same_as<U, Done>,
                  "this Later gives no value: the function in its last `then` must return one");
    static_assert(std::same_as<U, Done> || std::same_as<U, detail::Refused>,
                  "this Later gives a value of another type: convert it with "
                  "`.then([](From value) { return To{...}; })`");
  }
  template <class F>
  requires(!std::convertible_to<F, T> && !std::invocable<F, Answer<T>> &&
           requires { &std::remove_cvref_t<F>::operator(); }) explicit Later(F&&)
      : state_(std::in_place_index<1>, nullptr) {
    static_assert(detail::kNever<F>, "a Later<T> starts with a function that takes an Answer<T>");
  }

  /// A `Later` that has failed with `error`, which is not null.
  [[nodiscard]] static Later failed(std::exception_ptr error) { return Later{std::move(error), 0}; }

  Later(Later&&) noexcept = default;
  Later& operator=(Later&&) noexcept = default;
  ~Later() = default;

  [[nodiscard]] bool isSettled() const {
    const auto* shared = std::get_if<Shared>(&state_);
    return !shared || (*shared)->isSettled();
  }

  /// The result of `next` for the value; an exception skips `next` and is passed on. `next` returns
  /// a value, nothing (which is `Done`), or a `Later` (which is flattened); if it throws, that is
  /// the outcome.
  ///
  /// If it returns values of different types, say which one is meant: `[](Account account) ->
  /// Later<Next> { ... }`.
  template <class F>
  [[nodiscard]] auto then(F next) && {
    if constexpr (detail::Continues<F, T>) {
      using R = detail::FlattenedType<detail::ResultOf<F, T>>;
      return std::move(*this).template chain<R>(std::move(next));
    } else {
      static_assert(detail::kNever<F>,
                    "`then` needs a function that takes the value of the Later<T>: a T, a const T& "
                    "or a T&&, or nothing if T is Done; if its returns are of different types, "
                    "write `-> Later<Next>`, or whatever it returns, after its parameters");
      return Later<detail::Refused>{};
    }
  }

  /// The value, or the result of `handler` for the exception: a value, a `Later`, or another
  /// exception.
  template <class F>
  [[nodiscard]] Later recover(F handler) && {
    if constexpr (!std::invocable<F&, const std::exception_ptr&> && !std::invocable<F&>) {
      static_assert(detail::kNever<F>,
                    "`recover` needs a function that takes a std::exception_ptr, or nothing; if "
                    "its returns are of different types, write `-> Later<T>` after its parameters");
      return std::move(*this);
    } else if constexpr (!detail::Gives<detail::ResultOf<F, const std::exception_ptr&>, T>) {
      static_assert(detail::kNever<F>,
                    "`recover` of a Later<T> needs a function that returns what replaces the "
                    "value, a T or a Later<T>; if it only throws, write `-> T` after its "
                    "parameters");
      return std::move(*this);
    } else {
      return std::move(*this).chainError(std::move(handler));
    }
  }

  /// Gives the outcome to `receiver`, which must not throw.
  template <class F>
  void receive(F receiver) && {
    if constexpr (!std::invocable<F&, Settled<T>>) {
      static_assert(detail::kNever<F>,
                    "`receive` needs a function that takes a Settled<T>: the value or the "
                    "exception; for the value alone, use `then`");
    } else if (auto* shared = std::get_if<Shared>(&state_)) {
      (*shared)->receive(std::move(receiver));
    } else if (auto* value = std::get_if<0>(&state_)) {
      receiver(Settled<T>{std::in_place_index<0>, std::move(*value)});
    } else {
      receiver(Settled<T>{std::in_place_index<1>, std::move(std::get<1>(state_))});
    }
  }

  /// Gives the outcome to the `Later` at the other end of `answer`.
  void forwardTo(Answer<T> answer) && {
    std::move(*this).receive(
        [answer = std::move(answer)](Settled<T> outcome) { answer.settle(std::move(outcome)); });
  }

  /// Waits for the value and returns it, or throws the exception. It has no time limit and blocks
  /// the thread: fine in a state that has to wait, in tests and in tools. `Error{usage}` at once if
  /// the value is known to come only after the code that waits for it has ended.
  T get() && {
    if (waitsForHere()) std::rethrow_exception(detail::Holding::error());
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

  // For the library.

  /// Says what must be released before this settles.
  [[nodiscard]] Later waitingFor(detail::Holding::Id what) && {
    if (auto* shared = std::get_if<Shared>(&state_)) (*shared)->setWaitsFor(what);
    return std::move(*this);
  }
  [[nodiscard]] detail::Holding::Id waitsFor() const noexcept {
    const auto* shared = std::get_if<Shared>(&state_);
    return shared == nullptr ? 0 : (*shared)->waitsFor();
  }
  /// Whether the code that runs here holds that.
  [[nodiscard]] bool waitsForHere() const noexcept {
    return !isSettled() && detail::Holding::isHeldHere(waitsFor());
  }

  // For a `Later` that has a name, these say what to write instead.
  template <class F>
  Later<Done> then(F) & {
    static_assert(detail::kNever<F>, "a Later is consumed once: write std::move(later).then(...)");
    return Done{};
  }
  template <class F>
  Later recover(F) & {
    static_assert(detail::kNever<F>,
                  "a Later is consumed once: write std::move(later).recover(...)");
    return std::move(*this);
  }
  template <class U = T>
  T get() & {
    static_assert(detail::kNever<U>, "a Later is consumed once: write std::move(later).get()");
    return std::move(*this).get();
  }

 private:
  template <class U>
  friend class Later;

  using Shared = std::shared_ptr<detail::Pending<T>>;

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

  template <class F>
  Later chainError(F handler) && {
    if (state_.index() == 0) return std::move(*this);
    if (const auto* error = std::get_if<std::exception_ptr>(&state_)) {
      return guarded<T>([&] { return Later{detail::callWith(handler, *error)}; });
    }
    const auto waits = waitsFor();
    return Later{[this, &handler](Answer<T> answer) {
             std::move(*this).receive(
                 [answer, handler = std::move(handler)](Settled<T> outcome) mutable {
                   if (outcome.index() == 0) return answer.settle(std::move(outcome));
                   guarded<T>([&] {
                     return Later{detail::callWith(handler, std::get<1>(outcome))};
                   }).forwardTo(std::move(answer));
                 });
           }}
        .waitingFor(waits);
  }

  template <class U, class F>
  Later<U> chain(F next) && {
    if (auto* value = std::get_if<0>(&state_)) {
      return guarded<U>([&] { return Later<U>{detail::callWith(next, std::move(*value))}; });
    }
    if (auto* error = std::get_if<1>(&state_)) return Later<U>::failed(std::move(*error));
    const auto waits = waitsFor();
    return Later<U>{[this, &next](Answer<U> answer) {
             std::move(*this).receive([answer, next = std::move(next)](Settled<T> outcome) mutable {
               if (auto* error = std::get_if<1>(&outcome)) return answer.fail(std::move(*error));
               guarded<U>([&] {
                 return Later<U>{detail::callWith(next, std::get<0>(std::move(outcome)))};
               }).forwardTo(std::move(answer));
             });
           }}
        .waitingFor(waits);
  }

  std::variant<T, std::exception_ptr, Shared> state_;
};

}  // namespace ivr
