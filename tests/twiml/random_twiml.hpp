#pragma once
// Random documents: every element, every attribute, texts of all kinds, and content without a type.
// Made from the private tables of the library, so that nothing is forgotten.
//
// Leaves out what the round trip does not promise: blanks in a word of a list; a text of blanks
// alone beside elements, where it means nothing; and an `XmlElement` or an attribute of
// `otherAttributes` for which there is a type.

#include "ivr/twiml/twiml.hpp"
#include "twiml/fields.hpp"
#include "twiml/words.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <gtest/gtest.h>
#include <initializer_list>
#include <ostream>
#include <rapidcheck.h>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace ivr {

/// How rapidcheck shows the document that breaks a property.
inline void showValue(const Twiml& twiml, std::ostream& out) {
  out << testing::PrintToString(twiml.xml());
}

}  // namespace ivr

namespace ivr::support {

using namespace ivr::twiml;

/// Whether an attribute of this type accepts any text.
template <class Value>
inline constexpr bool kTakesAnyText = false;
template <>
inline constexpr bool kTakesAnyText<std::optional<std::string>> = true;
template <class Word>
inline constexpr bool kTakesAnyText<std::optional<Choice<Word>>> = true;

/// Makes one document; call it where rapidcheck can be asked for values.
class RandomTwiml {
 public:
  [[nodiscard]] static rc::Gen<Twiml> documents() {
    return rc::gen::resize(rc::kNominalSize,
                           rc::gen::exec([] { return RandomTwiml{}.document(); }));
  }

 private:
  static constexpr int kMaxDepth = 4;

  // ---- Choices. They shrink to nothing.

  static std::size_t below(std::size_t limit) {
    return limit < 2 ? 0 : *rc::gen::inRange<std::size_t>(0, limit);
  }
  static bool rarely() { return below(8) == 7; }
  static bool sometimes() { return below(3) == 2; }

  // ---- Texts

  static void appendUtf8(std::string& text, char32_t code) {
    const auto byte = [&](char32_t bits) { text += static_cast<char>(bits); };
    if (code < 0x80) {
      byte(code);
      return;
    }
    if (code < 0x800) {
      byte(0xC0 | code >> 6);
    } else {
      if (code < 0x10000) {
        byte(0xE0 | code >> 12);
      } else {
        byte(0xF0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3F));
      }
      byte(0x80 | (code >> 6 & 0x3F));
    }
    byte(0x80 | (code & 0x3F));
  }

  static std::string text() {
    static constexpr std::array<std::string_view, 26> kPieces{
        "a", "Z",   "7",  " ",     "  ",    "\n", "\r",   "\t", "\r\n", "&",    "<", ">",    "\"",
        "'", "]]>", "]]", "&amp;", "&#38;", "--", "<!--", "?>", ";",    "\x7F", "ü", "日本", "📞"};
    static const auto kPiece = rc::gen::map(
        rc::gen::pair(rc::gen::inRange<std::size_t>(0, kPieces.size() + 8),
                      rc::gen::inRange<char32_t>(0x20, 0x110000)),
        [](const std::pair<std::size_t, char32_t>& choice) {
          if (choice.first < kPieces.size()) return std::string{kPieces[choice.first]};
          std::string piece;
          const bool isCharacter = (choice.second < 0xD800 || choice.second > 0xDFFF) &&
                                   choice.second != 0xFFFE && choice.second != 0xFFFF;
          appendUtf8(piece, isCharacter ? choice.second : 0xFFFD);
          return piece;
        });
    static const auto kTexts =
        rc::gen::map(rc::gen::resize(6, rc::gen::container<std::vector<std::string>>(
                                            rc::gen::resize(rc::kNominalSize, kPiece))),
                     [](const std::vector<std::string>& pieces) {
                       std::string joined;
                       for (const std::string& piece : pieces) joined += piece;
                       return joined;
                     });
    return *kTexts;
  }

  static bool isBlank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
  }

  static std::string withoutBlanks(std::string text) {
    std::erase_if(text, [](char letter) { return isBlank({&letter, 1}); });
    return text.empty() ? "x" : text;
  }

  // ---- Names that XML allows

  template <class Taken>
  static std::string name(const Taken& taken) {
    static constexpr std::array<std::string_view, 9> kFirst{
        "a", "b", "Say", "text", "_", ":", "ü", "日本", "\xF0\x90\x8C\xB0"};
    static constexpr std::array<std::string_view, 8> kMore{"", "a", "Z", "9", "-", ".", ":", "·"};
    std::string name{kFirst[below(kFirst.size())]};
    while (true) {
      name += kMore[below(kMore.size())];
      if (sometimes()) continue;
      if (std::ranges::find(taken, name) == std::ranges::end(taken)) return name;
      name += 'x';
    }
  }

  // ---- Values of attributes

  static std::string value(std::type_identity<std::string>) { return text(); }
  static bool value(std::type_identity<bool>) { return below(2) == 1; }
  static int value(std::type_identity<int>) { return *rc::gen::arbitrary<int>(); }
  template <class Period>
  static auto value(std::type_identity<std::chrono::duration<std::int64_t, Period>>) {
    return std::chrono::duration<std::int64_t, Period>{*rc::gen::arbitrary<std::int64_t>()};
  }
  template <class Duration>
  static std::variant<Duration, Automatic> value(
      std::type_identity<std::variant<Duration, Automatic>>) {
    if (sometimes()) return Automatic{};
    return value(std::type_identity<Duration>{});
  }
  template <class Word>
  static Choice<Word> value(std::type_identity<Choice<Word>>) {
    if (sometimes()) return Choice<Word>{text()};
    return static_cast<Word>(below(Words<Word>::all.size()));
  }

  template <class Value>
  static Value listed(std::type_identity<Value> type) {
    return value(type);
  }
  template <class Word>
  static Choice<Word> listed(std::type_identity<Choice<Word>> type) {
    return withoutBlanks(value(type).text());
  }

  template <class Value>
  static void fill(std::optional<Value>& holder) {
    if (sometimes()) holder = value(std::type_identity<Value>{});
  }
  template <class Value>
  static void fill(std::vector<Value>& holder) {
    if (!sometimes()) return;
    for (std::size_t left = 1 + below(3); left > 0; --left) {
      holder.push_back(listed(std::type_identity<Value>{}));
    }
  }

  // ---- Attributes that have no member, or whose value does not fit it

  static XmlAttributes attributes(std::set<std::string> taken) {
    XmlAttributes attributes;
    if (!rarely()) return attributes;
    for (std::size_t left = 1 + below(3); left > 0; --left) {
      attributes.push_back({name(taken), text()});
      taken.insert(attributes.back().name);
    }
    return attributes;
  }

  template <class Element>
  static XmlAttributes otherAttributes(const Element& element) {
    std::set<std::string> known;
    XmlAttributes misfits;
    const auto look = [&]<class Value>(const Field<Element, Value>& field) {
      known.insert(std::string{field.name});
      if constexpr (!kTakesAnyText<Value>) {
        const bool isGiven = element.*field.member != Value{};
        if (!isGiven && rarely()) {
          misfits.push_back({std::string{field.name}, sometimes() ? " " : ""});
        }
      }
    };
    std::apply([&](const auto&... field) { (look(field), ...); }, Fields<Element>::attributes);
    XmlAttributes others = attributes(known);
    const auto where = others.begin() + static_cast<std::ptrdiff_t>(below(others.size() + 1));
    others.insert(where, misfits.begin(), misfits.end());
    return others;
  }

  // ---- Elements

  XmlElement xmlElement(const std::set<std::string>& taken, int depth) {
    XmlElement element{.name = name(taken), .attributes = attributes({})};
    if (depth > kMaxDepth) return element;
    bool isBehindText = false;
    for (std::size_t left = below(4); left > 0; --left) {
      std::string words = isBehindText || sometimes() ? std::string{} : text();
      isBehindText = !words.empty();
      if (isBehindText) {
        element.content.emplace_back(std::move(words));
      } else {
        element.content.emplace_back(xmlElement({}, depth + 1));
      }
    }
    return element;
  }

  /// What a variant may hold: texts, elements with a type, and those without.
  template <class Part>
  Part part(int depth) {
    return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
      std::set<std::string> names;
      const auto look = [&]<class Alternative>(std::type_identity<Alternative>) {
        if constexpr (requires { Fields<Alternative>::name; }) {
          names.insert(std::string{Fields<Alternative>::name});
        }
      };
      (look(std::type_identity<std::variant_alternative_t<Index, Part>>{}), ...);
      const std::size_t chosen = below(sizeof...(Index));
      std::optional<Part> part;
      const auto make = [&]<class Alternative>(std::type_identity<Alternative>) {
        if constexpr (std::is_same_v<Alternative, std::string>) {
          part.emplace(text());
        } else if constexpr (std::is_same_v<Alternative, XmlElement>) {
          part.emplace(xmlElement(names, depth));
        } else {
          part.emplace(element<Alternative>(depth));
        }
      };
      ((Index == chosen ? make(std::type_identity<std::variant_alternative_t<Index, Part>>{})
                        : void()),
       ...);
      return *part;
    }
    (std::make_index_sequence<std::variant_size_v<Part>>{});
  }

  void fillText(std::string& holder, int) { holder = text(); }
  template <class... Elements>
  void fillText(SsmlText<Elements...>& holder, int depth) {
    holder.append(text());
    if (depth > kMaxDepth) return;
    for (std::size_t left = below(5); left > 0; --left) {
      holder.append(part<typename SsmlText<Elements...>::Part>(depth + 1));
    }
  }

  template <class Element>
  Element element(int depth) {
    using Is = Fields<Element>;
    Element element;
    std::apply([&](const auto&... field) { (fill(element.*field.member), ...); }, Is::attributes);
    element.otherAttributes = otherAttributes(element);
    if constexpr (HasNouns<Element>) {
      auto& nouns = element.*Is::nouns;
      using Noun = typename std::remove_reference_t<decltype(nouns)>::value_type;
      for (std::size_t left = below(4); left > 0; --left) {
        nouns.push_back(part<Noun>(depth + 1));
      }
    }
    if constexpr (HasText<Element>) {
      fillText(element.*Is::text, depth);
      if constexpr (HasNouns<Element>) {
        if (!(element.*Is::nouns).empty() && isBlank(element.*Is::text)) {
          (element.*Is::text).clear();
        }
      }
    }
    return element;
  }

  Twiml document() {
    std::vector<Verb> verbs;
    for (std::size_t left = below(8); left > 0; --left) verbs.push_back(part<Verb>(0));
    return Twiml{std::move(verbs), attributes({})};
  }
};

}  // namespace ivr::support
