#pragma once
// A function that is called once, and may hold move-only objects.

#include <concepts>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace ivr::detail {

/// Like `std::function<void(Arguments...)>`, but moved and never copied. What it holds is destroyed
/// with it, called or not; what is small is held without an allocation.
template <class... Arguments>
class OnceFunction {  // NOLINT(cppcoreguidelines-pro-type-member-init): the room is empty
 public:
  OnceFunction() = default;  // NOLINT(cppcoreguidelines-pro-type-member-init): as above

  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, OnceFunction> &&
           std::invocable<std::remove_cvref_t<F>&, Arguments...>)
      OnceFunction(F&& function)  // NOLINT: a lambda is the usual one, and the room is empty
  {
    using Held = std::remove_cvref_t<F>;
    if constexpr (kFits<Held>) {
      hold<Held>(std::forward<F>(function));
    } else {
      hold<Boxed<Held>>(std::make_unique<Held>(std::forward<F>(function)));
    }
  }

  // For a function with other parameters, this says what to write instead.
  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, OnceFunction> &&
           !std::invocable<std::remove_cvref_t<F>&, Arguments...> && requires {
             &std::remove_cvref_t<F>::operator();
           }) OnceFunction(F&&) {  // NOLINT: as above
    static_assert(std::is_invocable_v<std::remove_cvref_t<F>&, Arguments...>,
                  "this function takes something that it is not given: a task takes nothing, a "
                  "receiver of Later<T> takes a Settled<T>");
  }

  OnceFunction(OnceFunction&& other) noexcept { take(other); }  // NOLINT: the room is empty
  OnceFunction& operator=(OnceFunction&& other) noexcept {
    if (this != &other) {
      drop();
      take(other);
    }
    return *this;
  }
  ~OnceFunction() { drop(); }

  void operator()(Arguments... arguments) {
    kind_->call(room_, std::forward<Arguments>(arguments)...);
  }

  explicit operator bool() const noexcept { return kind_ != nullptr; }

 private:
  /// What can be done with the object in the room.
  struct Kind {
    void (*call)(void* held, Arguments&&... arguments);
    void (*move)(void* from, void* to) noexcept;  ///< Leaves nothing behind.
    void (*drop)(void* held) noexcept;
  };

  /// One that is too large for the room.
  template <class F>
  struct Boxed {
    explicit Boxed(std::unique_ptr<F> held) noexcept : function(std::move(held)) {}
    void operator()(Arguments... arguments) { (*function)(std::forward<Arguments>(arguments)...); }
    std::unique_ptr<F> function;
  };

  static constexpr std::size_t kRoom = 64;

  template <class F>
  static constexpr bool kFits =  // NOLINTNEXTLINE(misc-redundant-expression): not for every F
      sizeof(F) <= kRoom && alignof(F) <= alignof(void*) && std::is_nothrow_move_constructible_v<F>;

  template <class F>
  static constexpr Kind kKindOf{
      [](void* held, Arguments&&... arguments) {
        (*static_cast<F*>(held))(std::forward<Arguments>(arguments)...);
      },
      [](void* from, void* to) noexcept {
        ::new (to) F(std::move(*static_cast<F*>(from)));
        static_cast<F*>(from)->~F();
      },
      [](void* held) noexcept { static_cast<F*>(held)->~F(); },
  };

  template <class F, class G>
  void hold(G&& function) {
    ::new (static_cast<void*>(room_)) F(std::forward<G>(function));
    kind_ = &kKindOf<F>;
  }

  /// Only into an empty one. The other is empty before what it held is destroyed, which may do
  /// anything.
  void take(OnceFunction& other) noexcept {
    kind_ = std::exchange(other.kind_, nullptr);
    if (kind_ != nullptr) kind_->move(other.room_, room_);
  }

  void drop() noexcept {
    if (const Kind* const held = std::exchange(kind_, nullptr)) held->drop(room_);
  }

  const Kind* kind_ = nullptr;
  alignas(void*) std::byte room_[kRoom];  // NOLINT(cppcoreguidelines-pro-type-member-init)
};

}  // namespace ivr::detail
