#include "test/texts.hpp"

#include "core/text.hpp"

namespace ivr::test {

std::string asHeard(std::string_view text) {
  std::string heard;
  heard.reserve(text.size());
  bool isBlank = false;
  for (const char c : text) {
    if (kWhitespace.find(c) != std::string_view::npos) {
      isBlank = !heard.empty();
      continue;
    }
    if (isBlank) heard += ' ';
    isBlank = false;
    heard += lowerCase(c);
  }
  return heard;
}

bool isHeardIn(const std::vector<std::string>& texts, std::string_view part) {
  std::string all;
  for (const std::string& text : texts) (all += text) += ' ';
  return asHeard(all).find(asHeard(part)) != std::string::npos;
}

}  // namespace ivr::test
