#pragma once
// Documents as users write them: every verb, noun and attribute, and texts that are hard to get
// right. tests/vectors/twiml holds each as text, NAME.xml, as our writer writes it compactly;
// tests/oracle/twiml.mjs builds the same with Twilio's own library.
//
// After a change, this rewrites the texts; then look at the changes in git:
//
//   IVR_WRITE_VECTORS=1 build/dev/tests/twiml_tests --gtest_filter='*TwimlCorpus.*'

#include "ivr/twiml/twiml.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace ivr::support {

using namespace ivr::twiml;

struct CorpusDocument {
  std::string name;
  Twiml twiml;
};

[[nodiscard]] std::vector<CorpusDocument> menuDocuments();
[[nodiscard]] std::vector<CorpusDocument> dialDocuments();
[[nodiscard]] std::vector<CorpusDocument> connectDocuments();
[[nodiscard]] std::vector<CorpusDocument> startDocuments();
[[nodiscard]] std::vector<CorpusDocument> payDocuments();
[[nodiscard]] std::vector<CorpusDocument> ssmlDocuments();
[[nodiscard]] std::vector<CorpusDocument> textDocuments();
/// Those whose name begins with `unknown_` hold what the provider would warn of.
[[nodiscard]] std::vector<CorpusDocument> unknownDocuments();

struct CorpusPart {
  std::string name;
  std::vector<CorpusDocument> (*documents)();

  friend void PrintTo(const CorpusPart& part, std::ostream* out) { *out << part.name; }
};

/// The corpus by subject, for parameterized tests: one test for each document would take long.
[[nodiscard]] std::vector<CorpusPart> corpusParts();

[[nodiscard]] std::vector<CorpusDocument> corpus();

}  // namespace ivr::support
