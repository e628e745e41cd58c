#include "ivr/test/flow.hpp"

#include <gtest/gtest.h>
#include <pugixml.hpp>
#include <vector>

namespace ivr::test {

namespace {

std::string inQuotes(std::string_view text) { return '"' + std::string{text} + '"'; }

/// Without the blanks by which a document is laid out.
std::string asWritten(std::string_view text) {
  std::string all;
  bool isBlank = false;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      isBlank = true;
      continue;
    }
    if (isBlank && !all.empty()) all += ' ';
    isBlank = false;
    all += c;
  }
  return all;
}

/// The texts of what a path selects; of `true`, an empty one.
std::vector<std::string> selected(const pugi::xml_document& document, std::string_view path) {
  std::vector<std::string> texts;
  const pugi::xpath_query query{std::string{path}.c_str()};
  if (query.return_type() != pugi::xpath_type_node_set) {
    if (query.evaluate_boolean(document)) texts.push_back(query.evaluate_string(document));
    return texts;
  }
  const pugi::xpath_query textOfIt{"string(.)"};
  for (const pugi::xpath_node& node : query.evaluate_node_set(document)) {
    texts.push_back(asWritten(textOfIt.evaluate_string(node)));
  }
  return texts;
}

}  // namespace

void detail::failFlow(const std::string& way, const std::string& why,
                      const std::source_location& where) {
  ADD_FAILURE_AT(where.file_name(), static_cast<int>(where.line())) << way << '\n' << why << '\n';
}

std::optional<std::string> detail::missingIn(const twiml::Twiml& document, std::string_view path,
                                             std::optional<std::string_view> text) {
  const auto heard = [&] { return "\n     got: " + document.xml(twiml::XmlLayout::indented); };
  pugi::xml_document tree;
  const std::string xml = document.xml();
  if (!tree.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata)) {
    return "the document cannot be read" + heard();
  }
  try {
    const auto texts = selected(tree, path);
    if (texts.empty()) return "expected: " + std::string{path} + heard();
    if (!text) return std::nullopt;
    for (const std::string& one : texts) {
      if (one == asWritten(*text)) return std::nullopt;
    }
    return "expected: " + std::string{path} + " with " + inQuotes(*text) + heard();
  } catch (const pugi::xpath_exception& error) {
    return "the XPath " + inQuotes(path) + " is wrong: " + error.what();
  }
}

}  // namespace ivr::test
