#include "twiml/links.hpp"

#include "core/text.hpp"

#include <pugixml.hpp>
#include <utility>

namespace ivr::twiml {

namespace {

bool holdsLink(std::string_view attribute) {
  return attribute == "action" || attribute == "url" || attribute.ends_with("Url") ||
         attribute.ends_with("Callback");
}

class Collector final : public pugi::xml_tree_walker {
 public:
  bool for_each(pugi::xml_node& node) override {
    const std::string_view element = node.name();
    if (element == "Play" || element == "Redirect") {
      if (const std::string_view url = trimmed(node.child_value()); !url.empty()) {
        links.push_back({.element = std::string{element}, .url = std::string{url}});
      }
    }
    for (const pugi::xml_attribute& attribute : node.attributes()) {
      if (!holdsLink(attribute.name()) || *attribute.value() == '\0') continue;
      links.push_back({.element = std::string{element},
                       .attribute = attribute.name(),
                       .url = attribute.value()});
    }
    return true;
  }

  std::vector<Link> links;
};

}  // namespace

std::vector<Link> linksIn(std::string_view xml) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size())) return {};
  Collector collector;
  document.traverse(collector);
  return std::move(collector.links);
}

}  // namespace ivr::twiml
