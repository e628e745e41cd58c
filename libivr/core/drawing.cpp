#include "core/drawing.hpp"

namespace ivr {

namespace {

/// `text` with each character replaced that `replace` has something for.
template <class Replace>
std::string replacedIn(std::string_view text, const Replace& replace) {
  std::string all;
  for (const char c : text) {
    if (const std::string_view with = replace(c); !with.empty()) {
      all += with;
    } else {
      all += c;
    }
  }
  return all;
}

}  // namespace

std::string quotedForDot(std::string_view text) {
  return replacedIn(text, [](char c) -> std::string_view {
    switch (c) {
      case '"': return "\\\"";
      case '\\': return "\\\\";
      case '\n': return "\\n";
      default: return "";
    }
  });
}

std::string quotedForMermaid(std::string_view text) {
  return replacedIn(text, [](char c) -> std::string_view {
    switch (c) {
      case '"': return "#quot;";
      case '#': return "#35;";
      case '<': return "#lt;";
      case '>': return "#gt;";
      case '&': return "#amp;";
      case '`': return "'";
      case '|': return "#124;";
      case '\n': return "<br/>";
      default: return "";
    }
  });
}

}  // namespace ivr
