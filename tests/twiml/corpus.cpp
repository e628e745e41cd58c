#include "twiml/corpus.hpp"

#include <utility>

namespace ivr::support {

using namespace ivr::twiml;

std::vector<CorpusPart> corpusParts() {
  return {{"menu", menuDocuments},   {"dial", dialDocuments},      {"connect", connectDocuments},
          {"start", startDocuments}, {"pay", payDocuments},        {"ssml", ssmlDocuments},
          {"text", textDocuments},   {"unknown", unknownDocuments}};
}

std::vector<CorpusDocument> corpus() {
  std::vector<CorpusDocument> all;
  for (const CorpusPart& part : corpusParts()) {
    for (CorpusDocument& document : part.documents()) all.push_back(std::move(document));
  }
  return all;
}

}  // namespace ivr::support
