#pragma once
// Tries everything that a caller can do at a line, and tells where it leads.

#include "ivr/http/form.hpp"
#include "ivr/phone/event_loop.hpp"
#include "ivr/phone/menu_graph.hpp"
#include "ivr/phone/provider.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ivr::phone {

/// How far a crawl goes. Each bound that is hit is told in `MenuGraph::bounds`. A value.
struct CrawlBounds {
  std::size_t questions = 2000;
  std::size_t depth = 50;  ///< Acts from the beginning of a call.
  std::size_t calls = 100'000;
  std::size_t documents = 2'000'000;  ///< That the application is asked for.
  std::size_t documentsInARow = 100;  ///< Of one call, with nothing asked in between.
};

struct CrawlProgress {
  std::size_t questions = 0;
  std::size_t calls = 0;
  std::size_t waiting = 0;  ///< Calls that are planned.
};

/// The settings of a crawl. A value.
struct CrawlOptions {
  NumberSettings number = {};  ///< `voiceUrl` at least.
  IncomingCall call = {.from = "+14155550100", .to = "+14155550199", .otherFields = {}};

  /// Account, token, transport and origins; the rest is the crawl's own. Without origins, that of
  /// `number.voiceUrl`.
  ProviderOptions provider = {};

  CrawlBounds bounds = {};

  /// That a caller hears nothing for longer is a finding.
  std::chrono::milliseconds silence{10'000};

  /// How often silence, and what makes no sense, is repeated until the question changes.
  int repeats = 5;

  std::string stranger = "Rhubarb, rhubarb.";  ///< Words that fit no question.
  std::vector<std::string> answers =
      {};  ///< Tried where they have the right length, or any will do.

  /// Calls at a time, each at a provider of its own: what happens in one is not seen in another,
  /// unless the application shows it. Over HTTP, several take less time than one.
  std::size_t callsAtOnce = 1;

  bool asksForStates = true;  ///< GET `/.ivr/states`, once.

  /// Kinds of findings that nobody wants to hear of; see `findingKinds`.
  std::vector<std::string> ignored = {};

  /// Called with each provider before its call begins, and then with null; for one who serves its
  /// API.
  std::function<void(Provider*)> onProvider = {};
  /// Called now and then on the thread of the crawl.
  std::function<void(const CrawlProgress&)> onProgress = {};
  /// Ends the crawl early, which is told as a bound.
  std::function<bool()> isStopped = {};
};

/// Crawls a line, breadth first. Each way is a call of its own, from the beginning.
///
/// A question is an address with a document, after everything generated is taken out (SIDs, times,
/// tokens, fingerprints), and which of its Gathers it is. At each one, this is tried: every key
/// alone; where several keys are asked for, an answer of the right length, a short one, one that is
/// finished by `finishOnKey`; each hint and a stranger's words; silence; nonsense; and to hang up.
/// Other telephones are answered once, and once not.
///
/// Runs the loop until it is done, in simulated time usually. Everything that a way orders is
/// ordered. Throws `Error{usage}` for settings that cannot be, and what `EventLoop::run` throws.
[[nodiscard]] MenuGraph crawl(const std::shared_ptr<EventLoop>& loop, CrawlOptions options);

}  // namespace ivr::phone
