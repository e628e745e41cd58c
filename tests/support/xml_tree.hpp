#pragma once
// XML as Expat reads it: a reader other than ours, to compare what we write with other output.

#include <expat.h>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ivr::support {

struct XmlTree {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::vector<std::variant<std::string, XmlTree>> content;  ///< Never two adjacent texts.
};

/// References are resolved. Throws if the text is not well-formed.
inline XmlTree readXmlTree(std::string_view xml) {
  struct Open {
    XmlTree root;
    std::vector<XmlTree*> elements{&root};
  } open;
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser{
      XML_ParserCreate(nullptr), XML_ParserFree};
  XML_SetUserData(parser.get(), &open);
  XML_SetElementHandler(
      parser.get(),
      [](void* data, const char* name, const char** attributes) {
        auto& elements = static_cast<Open*>(data)->elements;
        auto& element =
            std::get<XmlTree>(elements.back()->content.emplace_back(XmlTree{name, {}, {}}));
        for (; *attributes != nullptr; attributes += 2) {
          element.attributes.emplace(attributes[0], attributes[1]);
        }
        elements.push_back(&element);
      },
      [](void* data, const char*) { static_cast<Open*>(data)->elements.pop_back(); });
  XML_SetCharacterDataHandler(parser.get(), [](void* data, const char* text, int size) {
    auto& content = static_cast<Open*>(data)->elements.back()->content;
    if (content.empty() || !std::holds_alternative<std::string>(content.back())) {
      content.emplace_back(std::string{});
    }
    std::get<std::string>(content.back()).append(text, static_cast<std::size_t>(size));
  });
  if (XML_Parse(parser.get(), xml.data(), static_cast<int>(xml.size()), 1) != XML_STATUS_OK) {
    throw std::runtime_error{
        "Expat: " + std::string{XML_ErrorString(XML_GetErrorCode(parser.get()))} + " in " +
        std::string{xml}};
  }
  return std::get<XmlTree>(open.root.content.front());
}

/// The same text for trees with the same meaning: a line for each element, attribute and text.
inline std::string canonical(const XmlTree& tree, const std::string& indent = {}) {
  std::string text = indent + '<' + tree.name + ">\n";
  for (const auto& [name, value] : tree.attributes) {
    text += indent + "  " + name + "=[" + value + "]\n";
  }
  for (const auto& part : tree.content) {
    const auto* words = std::get_if<std::string>(&part);
    text += words != nullptr ? indent + "  [" + *words + "]\n"
                             : canonical(std::get<XmlTree>(part), indent + "  ");
  }
  return text;
}

inline std::string canonicalXml(std::string_view xml) { return canonical(readXmlTree(xml)); }

}  // namespace ivr::support
