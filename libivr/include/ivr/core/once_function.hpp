#pragma once
// A function that is called once, and may hold move-only objects.

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace ivr::detail {

/// Like `std::function<void(Arguments...)>`, but moved and never copied. What it holds is destroyed
/// with it, called or not.
template <class... Arguments>
class OnceFunction {
 public:
  OnceFunction() = default;

  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, OnceFunction> &&
           std::invocable<std::remove_cvref_t<F>&, Arguments...>)
      OnceFunction(F&& function)  // NOLINT(google-explicit-constructor): a lambda is the usual one
      : body_(std::make_unique<Holder<std::remove_cvref_t<F>>>(std::forward<F>(function))) {}

  // For a function with other parameters, this says what to write instead.
  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, OnceFunction> &&
           !std::invocable<std::remove_cvref_t<F>&, Arguments...> && requires {
             &std::remove_cvref_t<F>::operator();
           }) OnceFunction(F&&) {  // NOLINT(google-explicit-constructor): as above
    static_assert(std::is_invocable_v<std::remove_cvref_t<F>&, Arguments...>,
                  "this function takes something that it is not given: a task takes nothing, a "
                  "receiver of Later<T> takes a Settled<T>");
  }

  void operator()(Arguments... arguments) { body_->call(std::forward<Arguments>(arguments)...); }

  explicit operator bool() const noexcept { return body_ != nullptr; }

 private:
  struct Body {
    Body() = default;
    Body(const Body&) = delete;
    Body& operator=(const Body&) = delete;
    virtual ~Body() = default;
    virtual void call(Arguments... arguments) = 0;
  };

  template <class F>
  struct Holder final : Body {
    template <class G>
    explicit Holder(G&& held) : function(std::forward<G>(held)) {}
    void call(Arguments... arguments) override { function(std::forward<Arguments>(arguments)...); }
    F function;
  };

  std::unique_ptr<Body> body_;
};

}  // namespace ivr::detail
