#pragma once
// What an application remembers about a call from one step to the next.

#include "ivr/core/error.hpp"
#include "ivr/core/type_name.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace ivr::session {

/// Named texts, and structs that nlohmann's macros turn into JSON:
///
///   struct Order {
///     std::string pizza;
///     int count = 1;
///   };
///   NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Order, pizza, count)
///
///   call.session<Order>().count = 2;
///   call.session().set("language", "de");
///
/// With the `WITH_DEFAULT` macros, calls under way survive a new version of the application with
/// new members.
///
/// A resource: it belongs to one step, or one change, at a time. Changes are saved when that ends.
class Session {
 public:
  /// `text` is the saved `text()` of a session, or empty. Anything else throws `Error{usage}` on
  /// first use.
  explicit Session(std::string text = {});
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  /// The text of that name, if there is one.
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const;

  /// `value` must be UTF-8; otherwise this throws `Error{usage}`.
  void set(std::string_view name, std::string_view value);

  /// Forgets the text or the struct of that name.
  void erase(std::string_view name);

  void clear();

  /// The struct of class `T`; a default one if there is none yet. The reference is valid until the
  /// struct is erased or the session ends. Throws `Error{usage}` if what was saved does not fit
  /// `T`.
  template <class T>
  T& as() {
    void* object = heldObject(&ivr::detail::TypeTag<T>::tag);
    if (object == nullptr) object = load<T>();
    return *static_cast<T*>(object);
  }

  /// Everything, as JSON; empty if there is nothing.
  [[nodiscard]] std::string text() const;

 private:
  /// `nlohmann::json`, needed only where a session holds a `T`: there the application has included
  /// all of it, for the macro of its struct.
  template <class T>
  struct JsonFor {
    using Type = nlohmann::json;
  };

  template <class T>
  static constexpr bool kKnowsJson = requires {
    sizeof(typename JsonFor<T>::Type);
  };

  template <class T>
  static constexpr bool kIsJson = requires(T& object, typename JsonFor<T>::Type& json) {
    json = object;
    json.get_to(object);
  };

  /// Reads the saved struct, or makes one, and keeps it for `text`.
  template <class T>
  void* load() {
    if constexpr (!kKnowsJson<T>) {
      static_assert(kKnowsJson<T>,
                    "a struct in a session needs `#include <nlohmann/json.hpp>` above it, and "
                    "below it, in its namespace, "
                    "`NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Struct, member, ...)`");
    } else if constexpr (!std::is_default_constructible_v<T>) {
      static_assert(std::is_default_constructible_v<T>,
                    "a struct in a session needs a constructor without parameters");
    } else if constexpr (!kIsJson<T>) {
      static_assert(kIsJson<T>,
                    "a struct in a session needs, below it, in its namespace, "
                    "`NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Struct, member, ...)`");
    } else {
      using Json = typename JsonFor<T>::Type;
      constexpr std::string_view kName = ivr::detail::TypeTag<T>::name();
      auto object = std::make_shared<T>();
      if (const Json* const saved = savedObject(kName)) {
        try {
          saved->get_to(*object);
        } catch (const std::exception& error) {
          throwMisfit(kName, error);
        }
      }
      T* const pointer = object.get();
      holdObject(&ivr::detail::TypeTag<T>::tag, kName, std::move(object),
                 [pointer](Json& json) { json = *pointer; });
      return pointer;
    }
    return nullptr;
  }

  using Writer = std::function<void(nlohmann::json&)>;

  [[nodiscard]] void* heldObject(const void* type) const;
  [[nodiscard]] const nlohmann::json* savedObject(std::string_view name) const;
  void holdObject(const void* type, std::string_view name, std::shared_ptr<void> object,
                  Writer write);
  [[noreturn]] static void throwMisfit(std::string_view name, const std::exception& error);

  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ivr::session

namespace ivr {
using session::Session;
}  // namespace ivr
