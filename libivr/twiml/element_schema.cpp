#include "twiml/element_schema.hpp"

#include "twiml/attribute_value.hpp"
#include "twiml/fields.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace ivr::twiml {

namespace {

template <class Member>
struct Held;
template <class Value>
struct Held<std::optional<Value>> {
  using Type = Value;
};
template <class Value>
struct Held<std::vector<Value>> {
  using Type = std::vector<Value>;
};

template <class Value>
struct WordsIn {
  static constexpr std::span<const std::string_view> all = {};
};
template <class Word>
struct WordsIn<Choice<Word>> {
  static constexpr std::span<const std::string_view> all =
      Words<Word>::isOpen ? std::span<const std::string_view>{}
                          : std::span<const std::string_view>{Words<Word>::all};
};
template <>
struct WordsIn<bool> {
  static constexpr std::array<std::string_view, 2> words{"true", "false"};
  static constexpr std::span<const std::string_view> all = words;
};

template <class Element, std::size_t Index>
std::string objectionTo(std::string_view text) {
  constexpr auto field = std::get<Index>(Fields<Element>::attributes);
  using Member = std::remove_cvref_t<decltype(std::declval<Element>().*field.member)>;
  using Value = typename Held<Member>::Type;
  if constexpr (std::is_same_v<Value, std::string>) {
    return {};
  } else {
    const auto value = parse(Type<Value>{}, text, field.unit);
    return value ? objection(*value, field.limits) : "is not " + std::string{kindOf(Type<Value>{})};
  }
}

template <class Element, std::size_t Index>
constexpr AttributeSchema attributeSchema() {
  constexpr auto field = std::get<Index>(Fields<Element>::attributes);
  using Member = std::remove_cvref_t<decltype(std::declval<Element>().*field.member)>;
  return {.name = field.name,
          .code = field.limits.code,
          .objection = objectionTo<Element, Index>,
          .words = WordsIn<typename Held<Member>::Type>::all};
}

template <class Element>
constexpr auto kAttributes = []<std::size_t... Index>(std::index_sequence<Index...>) {
  return std::array<AttributeSchema, sizeof...(Index)>{attributeSchema<Element, Index>()...};
}
(std::make_index_sequence<
    std::tuple_size_v<std::remove_cvref_t<decltype(Fields<Element>::attributes)>>>{});

template <class Element>
const ElementSchema& schemaOf();

/// The elements among the alternatives of a variant: neither text nor an element of any name.
template <class Part>
struct ChildrenIn;
template <class... Parts>
struct ChildrenIn<std::variant<Parts...>> {
  template <class Element>
  static constexpr bool isTyped = requires {
    Fields<Element>::name;
  };

  static constexpr auto all = [] {
    std::array<ChildSchema, (0 + ... + isTyped<Parts>)> children{};
    std::size_t next = 0;
    const auto add = [&]<class Element>(std::type_identity<Element>) {
      if constexpr (isTyped<Element>) {
        children[next++] = {.name = Fields<Element>::name, .schema = schemaOf<Element>};
      }
    };
    (add(std::type_identity<Parts>{}), ...);
    return children;
  }();
};

template <class Element>
constexpr std::span<const ChildSchema> childrenIn() {
  using Is = Fields<Element>;
  if constexpr (HasNouns<Element>) {
    using Content = std::remove_cvref_t<decltype(std::declval<Element>().*Is::nouns)>;
    return ChildrenIn<typename Content::Element>::all;
  } else if constexpr (HasMixedText<Element>) {
    using Content = std::remove_cvref_t<decltype(std::declval<Element>().*Is::text)>;
    return ChildrenIn<typename Content::Part>::all;
  } else {
    return {};
  }
}

template <class Element>
constexpr int unexpectedIn() {
  if constexpr (requires { Fields<Element>::unexpected; }) {
    return Fields<Element>::unexpected;
  } else {
    return 12200;
  }
}

template <class Element>
const ElementSchema& schemaOf() {
  static constexpr ElementSchema schema{.name = Fields<Element>::name,
                                        .attributes = kAttributes<Element>,
                                        .children = childrenIn<Element>(),
                                        .takesText = HasText<Element>,
                                        .isMixed = HasMixedText<Element>,
                                        .unexpected = unexpectedIn<Element>()};
  return schema;
}

/// Names mostly differ in their length or their last letter.
template <class Named>
const Named* find(std::span<const Named> all, std::string_view name) noexcept {
  for (const Named& one : all) {
    if (one.name.size() == name.size() && one.name.back() == name.back() && one.name == name) {
      return &one;
    }
  }
  return nullptr;
}

using Parents = std::map<std::string_view, std::set<std::string_view>>;

/// Adds the element to the parents of those that may stand in it, and so on.
void addParents(const ElementSchema& schema, Parents& parents,
                std::set<const ElementSchema*>& visited) {
  if (!visited.insert(&schema).second) return;
  for (const ChildSchema& child : schema.children) {
    parents[child.name].insert(schema.name);
    addParents(child.schema(), parents, visited);
  }
}

std::map<std::string_view, std::string> allParents() {
  Parents parents;
  std::set<const ElementSchema*> visited;
  addParents(responseSchema(), parents, visited);
  std::map<std::string_view, std::string> lists;
  for (const auto& [child, names] : parents) {
    std::string& list = lists[child];
    for (const std::string_view name : names) {
      list.append(list.empty() ? "<" : ", <").append(name) += '>';
    }
  }
  return lists;
}

}  // namespace

const AttributeSchema* ElementSchema::attribute(std::string_view attribute) const noexcept {
  return find(attributes, attribute);
}

const ElementSchema* ElementSchema::child(std::string_view element) const noexcept {
  const ChildSchema* const found = find(children, element);
  return found == nullptr ? nullptr : &found->schema();
}

const ElementSchema& responseSchema() {
  static constexpr ElementSchema schema{.name = "Response",
                                        .attributes = {},
                                        .children = ChildrenIn<Verb>::all,
                                        .takesText = false,
                                        .isMixed = false,
                                        .unexpected = 12200};
  return schema;
}

std::string_view parentsOf(std::string_view element) {
  static const std::map<std::string_view, std::string> parents = allParents();
  const auto found = parents.find(element);
  return found == parents.end() ? std::string_view{} : found->second;
}

}  // namespace ivr::twiml
