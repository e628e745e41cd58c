#pragma once
// A provider as a service: in real time, with its API over HTTP and a page of telephones.
//
// Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html.

#include "ivr/http/handler.hpp"
#include "ivr/phone/crawler.hpp"
#include "ivr/phone/provider.hpp"
#include "ivr/phone/telephone.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace ivr::phone {

/// A number that an application answers, and that telephones of the page can call. A value.
struct ServedNumber {
  std::string number = {};
  std::string name = {};  ///< For people: `The lunch line`.
  NumberSettings settings = {};
};

/// A telephone that plays itself; all others ring on the page. A value.
struct PlayedTelephone {
  std::string number = {};
  Telephone telephone = {};
};

/// A file of the page. A value.
struct PageFile {
  std::string path = {};  ///< `/main.js`; `/` is the page itself.
  std::string type = {};  ///< `text/javascript; charset=utf-8`
  std::string content = {};
};

/// What a service keeps at most. A value.
struct ServiceBounds {
  std::size_t events = 20'000;  ///< For pages that were away, and for `GET /phone/timeline`.
  std::size_t eventBytes = std::size_t{64} << 20;
  std::size_t listeners = 64;  ///< Pages that wait for events; the one that came first gives way.
  std::chrono::milliseconds hold{20'000};  ///< For how long such a page waits.
  std::size_t liveCalls = 500;             ///< Pages make no more calls when there are so many.
  std::size_t endedCalls = 50;             ///< That a new page is shown.
  std::size_t audioBytes = std::size_t{64} << 20;
  CrawlBounds crawl = {.questions = 300, .depth = 30, .calls = 20'000, .documents = 200'000};
};

/// The settings of a service. A value.
struct ServiceOptions {
  /// `onEntry` is called on the service's thread. Time is real, so `waitsForAnswers` means nothing.
  ProviderOptions provider = {};

  std::vector<ServedNumber> numbers = {};
  std::vector<PlayedTelephone> telephones = {};
  std::vector<PageFile> page = {};

  /// The names and addresses that this service is reached by, as in URLs and without ports: other
  /// names may be those of sites that point them here. Empty for any, which takes a token.
  std::vector<std::string> hosts = {"127.0.0.1", "localhost", "[::1]"};

  /// What the page must know, if it is not empty: `/?token=...` once, or `Authorization: Bearer`.
  std::string pageToken = {};

  ServiceBounds bounds = {};
};

/// A provider with a loop, a thread and a handler.
///
/// What the handler answers:
///  - `/2010-04-01/...`: the API of the provider (`Provider::api`).
///  - `GET /`, and the other files of the page.
///  - `GET /phone/events`: server-sent events. The answer ends as soon as something has happened,
///    so a page asks again, with `Last-Event-ID`, and is told what it has missed; if that is no
///    longer known, a `reset` tells what there is.
///  - `POST /phone/{call,answer,refuse,hangUp,press,say,participant,fault,clearFaults,crawl,
///    stopCrawl}`: what people do at the page, with a body of JSON and the header `X-Ivr-Phone: 1`.
///  - `GET /phone/timeline`, or of one call `?call=CA...`: what happened, one JSON object per line.
///    It holds what callers pressed and said.
///  - `GET /phone/audio?url=...`: a file that the provider has fetched for somebody who heard it.
///
/// Other sites cannot drive it through a browser: `Host`, `Origin` and `Sec-Fetch-Site` are
/// checked.
///
/// A resource. Threads: any.
class Service {
 public:
  /// Throws `Error{config}` for settings that cannot be: no token where any host is allowed, or a
  /// number twice.
  explicit Service(ServiceOptions options);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  /// Ends the calls without telling the application. Must not run on one of its own threads.
  ~Service();

  /// Valid for ever; unavailable when the service is gone.
  [[nodiscard]] http::Handler handler() const;

  /// What a server in front says to a request that it cannot read (`ServerOptions::refusal`), in
  /// the form of the API and with its code.
  [[nodiscard]] static http::Response refusalOf(int status);

  /// Answers pages that wait for events, so that a server can drain.
  void stopHolding();

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace ivr::phone
