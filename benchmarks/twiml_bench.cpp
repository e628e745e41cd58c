// Writing and reading TwiML, compared with the minimum: a document concatenated by hand, and bare
// pugixml. Linting a menu, and the longest documents there are.

#include "ivr/twiml/lint.hpp"
#include "ivr/twiml/reader.hpp"
#include "ivr/twiml/twiml.hpp"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <pugixml.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::size_t allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc{};
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using namespace ivr;

/// pugixml allocates where our `operator new` does not see it.
const bool kCountsPugixml = [] {
  pugi::set_memory_management_functions([](std::size_t size) { return ::operator new(size); },
                                        [](void* memory) { ::operator delete(memory); });
  return true;
}();

/// Counts the allocations of each iteration, beside the time.
class Allocations {
 public:
  explicit Allocations(benchmark::State& state) : state_(state) {}
  ~Allocations() {
    state_.counters["allocations"] = benchmark::Counter(static_cast<double>(allocations - before_),
                                                        benchmark::Counter::kAvgIterations);
  }
  Allocations(const Allocations&) = delete;
  Allocations& operator=(const Allocations&) = delete;

 private:
  benchmark::State& state_;
  std::size_t before_ = allocations;
};

// ---- The document that a caller of the lunch line hears first

const std::string kAction = "https://ivr.example.com/incoming-call-transition-out";
const std::string kWelcome =
    "Welcome to Foo Corp! To hear our lunch specials press one. For our hours, press two.";

Twiml lunchLineEntry() {
  return Twiml{Gather{.action = kAction, .numDigits = 1, .prompt = {Say{kWelcome}}},
               Redirect{kAction, HttpMethod::post}};
}

/// The part of reading that no reader can avoid.
void makeLunchLineEntry(benchmark::State& state) {
  const Allocations count{state};
  for (auto _ : state) {
    Twiml twiml = lunchLineEntry();
    benchmark::DoNotOptimize(twiml);
  }
}
BENCHMARK(makeLunchLineEntry);

std::string escaped(const std::string& text) {
  std::string xml;
  for (const char character : text) {
    switch (character) {
      case '&': xml += "&amp;"; break;
      case '<': xml += "&lt;"; break;
      case '>': xml += "&gt;"; break;
      case '"': xml += "&quot;"; break;
      default: xml += character;
    }
  }
  return xml;
}

std::string lunchLineEntryByHand() {
  std::string xml = R"(<?xml version="1.0" encoding="UTF-8"?><Response><Gather action=")";
  xml += escaped(kAction);
  xml += R"(" numDigits=")";
  xml += std::to_string(1);
  xml += R"("><Say>)";
  xml += escaped(kWelcome);
  xml += R"(</Say></Gather><Redirect method="POST">)";
  xml += escaped(kAction);
  xml += "</Redirect></Response>";
  return xml;
}

void writeLunchLineEntry(benchmark::State& state) {
  const Twiml twiml = lunchLineEntry();
  const Allocations count{state};
  for (auto _ : state) {
    std::string xml = twiml.xml();
    benchmark::DoNotOptimize(xml);
  }
}
BENCHMARK(writeLunchLineEntry);

void concatenateLunchLineEntry(benchmark::State& state) {
  if (lunchLineEntryByHand() != lunchLineEntry().xml()) throw std::logic_error{"not the same"};
  const Allocations count{state};
  for (auto _ : state) {
    std::string xml = lunchLineEntryByHand();
    benchmark::DoNotOptimize(xml);
  }
}
BENCHMARK(concatenateLunchLineEntry);

// ---- Reading: that document, and the flawless ones in tests/vectors/twiml

using Documents = std::vector<std::string>;

const Documents& lunchLine() {
  static const Documents documents{lunchLineEntry().xml()};
  return documents;
}

const Documents& corpus() {
  static const Documents documents = [] {
    std::vector<std::filesystem::path> paths;
    for (const auto& file : std::filesystem::directory_iterator{IVR_TWIML_VECTORS}) {
      paths.push_back(file.path());
    }
    std::ranges::sort(paths);
    Documents texts;
    for (const auto& path : paths) {
      std::ifstream file{path, std::ios::binary};
      std::string text{std::istreambuf_iterator<char>{file}, {}};
      if (twiml::readTwiml(text).findings.empty()) texts.push_back(std::move(text));
    }
    return texts;
  }();
  return documents;
}

void setBytes(benchmark::State& state, const Documents& documents) {
  std::size_t bytes = 0;
  for (const std::string& document : documents) bytes += document.size();
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

void readWithLibivr(benchmark::State& state, const Documents& documents) {
  {
    const Allocations count{state};
    for (auto _ : state) {
      for (const std::string& document : documents) {
        twiml::TwimlReading reading = twiml::readTwiml(document);
        if (!reading.twiml) throw std::logic_error{"not read: " + document};
        benchmark::DoNotOptimize(reading);
      }
    }
  }
  setBytes(state, documents);
}

void readWithPugixml(benchmark::State& state, const Documents& documents) {
  {
    const Allocations count{state};
    for (auto _ : state) {
      for (const std::string& document : documents) {
        pugi::xml_document tree;
        if (!tree.load_buffer(document.data(), document.size(), pugi::parse_default,
                              pugi::encoding_utf8)) {
          throw std::logic_error{"not read: " + document};
        }
        benchmark::DoNotOptimize(tree);
      }
    }
  }
  setBytes(state, documents);
}

void readLunchLineEntry(benchmark::State& state) { readWithLibivr(state, lunchLine()); }
BENCHMARK(readLunchLineEntry);
void readLunchLineEntryWithPugixml(benchmark::State& state) { readWithPugixml(state, lunchLine()); }
BENCHMARK(readLunchLineEntryWithPugixml);
void readCorpus(benchmark::State& state) { readWithLibivr(state, corpus()); }
BENCHMARK(readCorpus);
void readCorpusWithPugixml(benchmark::State& state) { readWithPugixml(state, corpus()); }
BENCHMARK(readCorpusWithPugixml);

// ---- Linting

/// A menu of 400 bytes.
const std::string kMenu = R"(<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <Gather action="https://ivr.example.com/choice" numDigits="1" timeout="5">
    <Say voice="Polly.Joanna" language="en-US">Welcome to Foo Corp! To hear our lunch specials press
    one. For our hours, press two.</Say>
  </Gather>
  <Say voice="Polly.Joanna">We did not hear you.</Say>
  <Redirect method="POST">https://ivr.example.com/menu?turn=2</Redirect>
</Response>
)";

/// As many of `verbs` as a document can hold.
std::string fullOf(std::string_view verbs) {
  std::string text = "<Response>";
  constexpr std::string_view kEnd = "</Response>";
  while (text.size() + verbs.size() + kEnd.size() <= twiml::kMaxTwimlBytes) text += verbs;
  return text.append(kEnd);
}

void lintDocument(benchmark::State& state, const std::string& text) {
  const Allocations count{state};
  for (auto _ : state) {
    std::vector<twiml::Finding> findings = twiml::lintTwiml(text);
    benchmark::DoNotOptimize(findings);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void lintMenu(benchmark::State& state) { lintDocument(state, kMenu); }
BENCHMARK(lintMenu);
void lintLongMenus(benchmark::State& state) {
  lintDocument(state, fullOf(kMenu.substr(kMenu.find("  <Gather"),
                                          kMenu.find("</Response>") - kMenu.find("  <Gather"))));
}
BENCHMARK(lintLongMenus);
void lintUnknownElements(benchmark::State& state) { lintDocument(state, fullOf("<a/>")); }
BENCHMARK(lintUnknownElements);
void lintMisspeltElements(benchmark::State& state) { lintDocument(state, fullOf("<Hangpu/>")); }
BENCHMARK(lintMisspeltElements);
void lintMisspeltAttributes(benchmark::State& state) {
  lintDocument(state, fullOf("<Gather numDigit='' tiemout='' finishKey=''/>"));
}
BENCHMARK(lintMisspeltAttributes);
void lintUnknownVoices(benchmark::State& state) {
  lintDocument(state, fullOf("<Say voice='Polly.Johana' language='en_US'>a</Say>"));
}
BENCHMARK(lintUnknownVoices);
void lintComments(benchmark::State& state) {
  lintDocument(state, fullOf("<!--twiml-lint:ignore unreachable--><a/>"));
}
BENCHMARK(lintComments);
void lintLines(benchmark::State& state) { lintDocument(state, fullOf("\n")); }
BENCHMARK(lintLines);

}  // namespace
