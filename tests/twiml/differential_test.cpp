// Damaged documents: the reader accepts and refuses the same ones as Expat, and reads the same.
//
//   IVR_MUTATIONS=1000000 build/release/tests/twiml_tests --gtest_filter=*Expat*     as many as
//   these

#include "ivr/twiml/lint.hpp"
#include "ivr/twiml/reader.hpp"
#include "support/xml_judge.hpp"
#include "support/xml_tree.hpp"
#include "twiml/corpus.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <gtest/gtest.h>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::twiml;

constexpr std::array<std::string_view, 30> kPieces{"<",
                                                   ">",
                                                   "/",
                                                   "&",
                                                   "&amp;",
                                                   "&#0;",
                                                   "&#x1F4DE;",
                                                   "&x;",
                                                   "\"",
                                                   "'",
                                                   "=",
                                                   " ",
                                                   "\n",
                                                   "\r",
                                                   "\t",
                                                   "<!--",
                                                   "-->",
                                                   "--",
                                                   "<![CDATA[",
                                                   "]]>",
                                                   "<?",
                                                   "?>",
                                                   "<!DOCTYPE Response>",
                                                   "\xFF",
                                                   "\xED\xA0\x80",
                                                   "\xC3\xBC",
                                                   "\x01",
                                                   "<Say>",
                                                   "</Say>",
                                                   "xml:lang"};

class Damage {
 public:
  explicit Damage(unsigned seed) : random_(seed) {}

  std::string to(std::string text) {
    for (std::size_t left = 1 + below(3); left > 0; --left) {
      const std::size_t at = below(text.size());
      const std::size_t length = 1 + below(std::min<std::size_t>(text.size() - at, 12));
      switch (below(4)) {
        case 0: text.insert(at, kPieces.at(below(kPieces.size()))); break;
        case 1: text.erase(at, length); break;
        case 2: text.insert(below(text.size()), text.substr(at, length)); break;
        default: text[at] = static_cast<char>(text[at] ^ 1 << below(8)); break;
      }
      if (text.empty()) text = "<";
    }
    return text;
  }

 private:
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>{0, limit - 1}(random_);
  }

  std::mt19937 random_;
};

bool isText(const std::variant<std::string, support::XmlTree>& part) {
  return std::holds_alternative<std::string>(part);
}

/// A value as our writer would give it: words of a list with one blank between them, numbers
/// without leading zeros.
std::string normal(const std::string& name, std::string value) {
  static const std::set<std::string> lists{"attempt",
                                           "cardType",
                                           "errorType",
                                           "input",
                                           "recordingStatusCallbackEvent",
                                           "statusCallbackEvent",
                                           "validCardTypes"};
  std::string words;
  if (lists.contains(name)) {
    std::istringstream stream{value};
    for (std::string word; stream >> word;) words += (words.empty() ? "" : " ") + normal("", word);
    return words;
  }
  const bool isNumber = value.find_first_not_of("0123456789") == std::string::npos;
  while (isNumber && value.size() > 1 && value.front() == '0') value.erase(0, 1);
  return value;
}

support::XmlTree normal(support::XmlTree tree) {
  for (auto& [name, value] : tree.attributes) value = normal(name, value);
  if (tree.name == "break") tree.attributes.erase("time");  // in seconds or in milliseconds
  for (auto& part : tree.content) {
    if (auto* const element = std::get_if<support::XmlTree>(&part)) *element = normal(*element);
  }
  return tree;
}

/// Removes whitespace around nouns; in a `Say` it belongs to the text.
void skipWhitespace(support::XmlTree& element) {
  if (element.name == "Say" || std::ranges::all_of(element.content, isText)) return;
  std::erase_if(element.content, [](const auto& inside) {
    const auto* const text = std::get_if<std::string>(&inside);
    return text != nullptr && text->find_first_not_of(" \t\r\n") == std::string::npos;
  });
  for (auto& part : element.content) {
    if (auto* const noun = std::get_if<support::XmlTree>(&part)) skipWhitespace(*noun);
  }
}

/// Without what our reader skips: text between the verbs, and whitespace around nouns.
support::XmlTree withoutWhatIsSkipped(const support::XmlTree& original) {
  support::XmlTree tree = normal(original);
  std::erase_if(tree.content, isText);
  for (auto& verb : tree.content) skipWhitespace(std::get<support::XmlTree>(verb));
  return tree;
}

TEST(TwimlReader, AgreesWithExpatOnDamagedDocuments) {
  constexpr unsigned kSeed = 20250301;
  constexpr std::size_t kUsual = 6000;
  const char* const wanted = std::getenv("IVR_MUTATIONS");
  const std::size_t mutations = wanted == nullptr ? kUsual : std::stoul(wanted);
  const std::size_t rounds = mutations / support::corpus().size() + 1;
  Damage damage{kSeed};
  int read = 0;
  int refused = 0;
  for (const support::CorpusDocument& document : support::corpus()) {
    const std::string xml = document.twiml.xml();
    for (std::size_t round = 0; round < rounds; ++round) {
      const std::string text = damage.to(xml);
      const TwimlReading reading = readTwiml(text);
      const bool isXml = support::isWellFormed(text);
      if (reading.twiml) {
        ++read;
        // Expat follows an older edition of XML, which allows fewer names beyond ASCII.
        const bool isAscii = std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
        EXPECT_TRUE(isXml || !isAscii) << text;
        if (!isXml) continue;
        const std::string written = reading.twiml->xml();
        EXPECT_EQ(readTwiml(written).twiml, reading.twiml) << text;
        // Typed values are written in one of several forms, and text where none belongs is dropped.
        if (!reading.findings.empty()) continue;
        EXPECT_EQ(support::canonical(withoutWhatIsSkipped(support::readXmlTree(written))),
                  support::canonical(withoutWhatIsSkipped(support::readXmlTree(text))))
            << text;
      } else {
        ++refused;
        EXPECT_TRUE(!isXml || support::isRefusedOnPurpose(text, reading.findings.back()))
            << describe(reading.findings.back(), "f") << '\n'
            << text;
      }
    }
  }
  EXPECT_GT(read, 500);
  EXPECT_GT(refused, 500);
}

}  // namespace
