#pragma once
// The terms in which `fields.hpp` describes requests and resources.

#include <array>
#include <concepts>
#include <limits>
#include <string_view>
#include <type_traits>

namespace ivr::rest {

/// How the value of a resource is written, where its type does not say it.
enum class As { byType, numberInText, json, id };

/// Whether a text must be the absolute address of a web page, because the provider fetches it.
enum class Address { any, absolute, absoluteOrEmpty };

/// What the value of a request may be, and the provider's codes for one that may not.
struct Limits {
  std::string_view characters = {};  ///< The only ones, if any are named.
  std::string_view unless = {};      ///< A field that makes this one meaningless.
  int code = 20001;
  int codeBeyond = 0;  ///< For more than `most`, if that has a code of its own.
  int least = 0;       ///< Of a number, or of the characters of a text.
  int most = std::numeric_limits<int>::max();
  Address address = Address::any;
};

/// The facts about a field.
struct FieldFacts {
  std::string_view name;
  Limits limits = {};
  As as = As::byType;
  bool isText = false;
  bool isNumber = false;
};

/// What a member holds, without `std::optional`.
template <class Value>
struct Held {
  using Type = Value;
};
template <class Value>
requires requires { typename Value::value_type; } && requires(Value value) {
  value.has_value();
}
struct Held<Value> {
  using Type = typename Value::value_type;
};

/// A field, and the member that holds it.
template <class Struct, class Value>
struct Field : FieldFacts {
  constexpr Field(const char* wireName, Value Struct::*holder, Limits keeps = {})
      : FieldFacts{.name = wireName, .limits = keeps, .isText = kIsText, .isNumber = kIsNumber},
        member(holder) {}
  constexpr Field(const char* wireName, Value Struct::*holder, As how)
      : FieldFacts{.name = wireName, .as = how, .isText = kIsText, .isNumber = kIsNumber},
        member(holder) {}

  Value Struct::*member;

 private:
  using Bare = typename Held<Value>::Type;
  static constexpr bool kIsText = std::convertible_to<Bare, std::string_view>;
  static constexpr bool kIsNumber =
      (std::integral<Bare> && !std::same_as<Bare, bool>) || requires(Bare duration) {
    duration.count();
  };
};

/// A rule about several fields of a request, or about the word in one.
struct Rule {
  enum class Kind {
    needs,     ///< One of them, not empty.
    excludes,  ///< All of them together, not empty.
    only,      ///< Another word than `word`.
    never,     ///< The word `word`.
  };

  std::array<std::string_view, 3> fields = {};
  std::string_view word = {};
  std::string_view sentence = {};  ///< What is wrong, for the application.
  std::string_view says = {};      ///< The provider's words, if its code has several.
  Kind kind = Kind::needs;
  int code = 0;
};

/// How `Struct` is written: `all`, a tuple of fields. A request also has `rules`, an array; a
/// resource also has `plural`, the name under which a page holds them.
template <class Struct>
struct Fields;

}  // namespace ivr::rest
