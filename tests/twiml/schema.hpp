#pragma once
// The content of libivr/twiml/schema: the provider's schema, and our additions.

#include "support/content.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::support {

using Names = std::set<std::string>;

inline const std::filesystem::path kLibrary = IVR_TESTS_DIR "/../libivr";

/// twiml.json, with the additions of details.json. Elements are named after their types: `Sip` in
/// Dial and `Sip` in Refer are two.
class Schema {
 public:
  Schema() : details_(nlohmann::json::parse(contentOf(kLibrary / "twiml/schema/details.json"))) {
    const auto all = nlohmann::json::parse(contentOf(kLibrary / "twiml/schema/twiml.json"));
    types_ = all.at("types");
    enums_ = all.at("enums");
  }

  [[nodiscard]] Names types() const {
    Names names;
    for (const auto& [name, type] : types_.items()) names.insert(name);
    return names;
  }

  /// Type by type, `Dial callReason`.
  [[nodiscard]] Names attributes() const {
    Names all;
    for (const std::string& type : types()) {
      for (const std::string& name : attributesOf(type)) all.insert(type + ' ' + name);
    }
    return all;
  }

  /// Where an element may stand, `Stop > Recording`.
  [[nodiscard]] Names places() const {
    Names all;
    for (const std::string& type : types()) {
      for (const std::string& child : childrenOf(type)) all.insert(type + " > " + child);
    }
    return all;
  }

  [[nodiscard]] Names attributesOf(const std::string& type) const {
    Names names = keysOf(types_.at(type), "attributes");
    const nlohmann::json renamed = renamedIn(type);
    for (const auto& [theirs, ours] : renamed.items()) {
      names.erase(theirs);
      names.insert(ours.get<std::string>());
    }
    names.merge(keysOf(detailOf(type), "add"));
    return names;
  }

  [[nodiscard]] std::vector<std::string> childrenOf(const std::string& type) const {
    auto children = types_.at(type).value("children", std::vector<std::string>{});
    for (const auto& child : detailOf(type).value("addChildren", std::vector<std::string>{})) {
      children.push_back(child);
    }
    return children;
  }

  /// `string`, `boolean`, `number`, `list of number`, `seconds`, the name of an enum, ...
  [[nodiscard]] std::string kindOf(const std::string& type, const std::string& attribute) const {
    const nlohmann::json detail = detailOf(type, attribute);
    if (detail.contains("type")) return detail.at("type");
    std::string name = attribute;
    const nlohmann::json renamed = renamedIn(type);
    for (const auto& [theirs, ours] : renamed.items()) {
      if (ours == attribute) name = theirs;
    }
    return types_.at(type).at("attributes").at(name);
  }

  /// The words of an attribute that is one word or a list of them; empty for any other.
  struct Words {
    std::vector<std::string> all;
    bool isOpen = false;  ///< The provider adds to them without notice.
  };
  [[nodiscard]] Words wordsOf(const std::string& type, const std::string& attribute) const {
    std::string kind = kindOf(type, attribute);
    if (kind == "string" && (attribute == "method" || attribute.ends_with("Method"))) {
      return {.all = {"GET", "POST"}};
    }
    if (kind.starts_with("list of ")) kind.erase(0, std::string_view{"list of "}.size());
    Words words;
    if (enums_.contains(kind)) words.all = enums_.at(kind).get<std::vector<std::string>>();
    for (const auto& [name, detail] : details_.at("enums").items()) {
      const auto kinds = detail.value("is", Names{});
      if (!kinds.contains(kind) && name != kind) continue;
      const auto ours = detail.value("words", std::vector<std::string>{});
      words.all.insert(words.all.end(), ours.begin(), ours.end());
      words.isOpen = detail.value("open", false);
      const auto also = detail.value("also", std::vector<std::string>{});
      words.all.insert(words.all.end(), also.begin(), also.end());
    }
    return words;
  }

  /// Our additions: `code`, `least`, `most`, ...
  [[nodiscard]] nlohmann::json detailOf(const std::string& type,
                                        const std::string& attribute) const {
    const nlohmann::json all = detailOf(type);
    for (const char* const where : {"attributes", "add"}) {
      if (all.contains(where) && all.at(where).contains(attribute)) {
        return all.at(where).at(attribute);
      }
    }
    return nlohmann::json::object();
  }

  [[nodiscard]] std::string elementOf(const std::string& type) const {
    return types_.at(type).at("element").get<std::string>();
  }

 private:
  static Names keysOf(const nlohmann::json& parent, const std::string& object) {
    Names keys;
    if (!parent.contains(object)) return keys;
    for (const auto& [key, value] : parent.at(object).items()) keys.insert(key);
    return keys;
  }

  /// The provider's spelling of attributes that its documentation spells otherwise, and that one.
  [[nodiscard]] nlohmann::json renamedIn(const std::string& type) const {
    return detailOf(type).value("rename", nlohmann::json::object());
  }

  [[nodiscard]] nlohmann::json detailOf(const std::string& type) const {
    const std::string name = details_.at("names").value(type, type);
    return details_.at("types").value(name, nlohmann::json::object());
  }

  nlohmann::json types_;
  nlohmann::json enums_;
  nlohmann::json details_;
};

}  // namespace ivr::support
