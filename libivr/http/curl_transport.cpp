#include "core/descriptor.hpp"
#include "core/text.hpp"
#include "core/thread.hpp"
#include "http/url.hpp"
#include "ivr/http/transport.hpp"

#include <algorithm>
#include <atomic>
#include <climits>
#include <curl/curl.h>
#include <deque>
#include <mutex>
#include <new>
#include <string_view>
#include <sys/eventfd.h>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ivr::http {

namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;
using Time = Steady::time_point;

constexpr std::size_t kMaxHeaderBytes = 32 << 10;    // libcurl limits a line, not always the sum
constexpr std::size_t kMaxFields = 256;              // each takes far more than its few bytes
constexpr std::size_t kShortAnswer = 16 << 10;       // takes no place of `longAnswers`
constexpr std::chrono::milliseconds kMaxWait = 24h;  // to libcurl, times are an int

template <auto end>
struct End {
  template <class Handle>
  void operator()(Handle* handle) const {
    end(handle);
  }
};
using Easy = std::unique_ptr<CURL, End<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, End<curl_multi_cleanup>>;
using CurlFields = std::unique_ptr<curl_slist, End<curl_slist_free_all>>;

/// The places for long answers. Answers may outlive the transport. Threads: any; one takes places.
class Places : public std::enable_shared_from_this<Places> {
 public:
  explicit Places(std::size_t count) : free_(count) {}

  /// A place, until the last copy is gone; null if none is free.
  [[nodiscard]] std::shared_ptr<const void> take() {
    if (!hasFree()) return nullptr;
    --free_;
    return {this, [self = shared_from_this()](const void*) {
              ++self->free_;
              self->ring();
            }};
  }
  [[nodiscard]] bool hasFree() const noexcept { return free_ > 0; }

  /// Wakes the thread that waits for `bell`.
  void ring() const noexcept { ::eventfd_write(bell.get(), 1); }

  // Not libcurl's own, which ends with its handle.
  const Descriptor bell{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};

 private:
  std::atomic<std::size_t> free_;
};

/// One request, and its progress so far.
struct Exchange {
  OutgoingRequest request;
  std::string host;  // for messages
  Answer<IncomingResponse> answer;
  Time deadline;
  std::size_t maxBodyBytes;
  Places& places;

  CurlFields fields = {};
  Easy easy = {};
  IncomingResponse response = {};
  std::size_t headerBytes = 0;
  bool hasHeaders = false;             // all of them; any more are trailers
  bool isPaused = false;               // until there is a place for it
  const char* endedBecause = nullptr;  // by us
};

/// An outcome, and the answer that it is for.
struct Finished {
  Answer<IncomingResponse> answer;
  Settled<IncomingResponse> outcome;
};

// ---- the request ----

Error usage(std::string message) { return Error{ErrorKind::usage, std::move(message)}; }

bool isToken(std::string_view text) {  // RFC 9110 section 5.6.2
  constexpr std::string_view kSigns = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kSigns.find(c) != std::string_view::npos;
  });
}

bool hasLineEndOrNull(std::string_view text) {
  return text.find_first_of(std::string_view{"\r\n\0", 3}) != std::string_view::npos;
}

void check(const Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (!isToken(name)) throw usage("invalid header name");
    if (hasLineEndOrNull(value)) {
      throw usage("the header field " + std::string{name} +
                  " of a request holds a line end or a null");
    }
    // These say how long the body is and when it is sent, which this code decides.
    for (const char* ours : {"Content-Length", "Transfer-Encoding", "Expect"}) {
      if (equalIgnoringCase(name, ours)) {
        throw usage("the transport sets " + std::string{name} + " itself");
      }
    }
  }
}

void check(const OutgoingRequest::Credentials& credentials) {
  // RFC 7617 section 2: the first colon ends the user.
  if (credentials.user.find(':') != std::string::npos || hasLineEndOrNull(credentials.user) ||
      hasLineEndOrNull(credentials.password)) {
    throw usage("the credentials of a request hold what HTTP cannot send");
  }
}

/// Throws if this can never be sent; returns host and port for messages.
std::string hostOf(const OutgoingRequest& request) {
  const auto url = Url::parse(request.url);
  if (!url) throw usage("the address of a request is not a URL");
  if (!equalIgnoringCase(url->scheme, "http") && !equalIgnoringCase(url->scheme, "https")) {
    throw usage("the address of a request is neither http nor https: " + url->host);
  }
  if (url->userinfo) {  // where logs would show them
    throw usage("the address of a request holds credentials: " + url->host);
  }
  if (!isToken(request.method)) throw usage("invalid method of a request to " + url->host);
  if (request.method == "HEAD" && !request.body.empty()) {
    throw usage("a HEAD request has no body: " + url->host);
  }
  check(request.headers);
  if (request.credentials) check(*request.credentials);
  return url->port.empty() ? url->host : url->host + ':' + url->port;
}

// ---- libcurl ----

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  // NOLINTNEXTLINE(bugprone-sizeof-expression): of the pointer, and not of what it points to
  static_assert(sizeof(Value) == sizeof(long), "libcurl reads a long or a pointer");
  if (const CURLcode code = curl_easy_setopt(easy, option, value); code != CURLE_OK) {
    throw TransportError{ErrorKind::unavailable,
                         std::string{"libcurl cannot be set up: "} + curl_easy_strerror(code),
                         false};
  }
}

Multi newMulti(std::size_t maxConnections) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  Multi multi{ready == CURLE_OK ? curl_multi_init() : nullptr};
  if (!multi) throw Error{ErrorKind::unavailable, "libcurl cannot be started"};
  const auto most = static_cast<long>(std::min<std::size_t>(maxConnections, INT_MAX));
  curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, most);
  return multi;
}

CurlFields fieldsOf(const OutgoingRequest& request) {
  CurlFields list;
  const auto add = [&list](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc{};
    static_cast<void>(list.release());
    list.reset(longer);
  };
  for (const auto& [name, value] : request.headers) {
    // To libcurl, `Name:` means to send no such field, and `Name;` to send it empty.
    const bool isEmpty = trimmed(value, kBlanks).empty();
    std::string line{name};
    add(isEmpty ? line.append(";") : line.append(": ").append(value));
  }
  add("Expect:");  // nobody here waits for `100 Continue`
  if (!request.headers.find("Content-Type")) add("Content-Type:");  // else libcurl says "a form"
  return list;
}

/// The callbacks of libcurl, which end the exchange by returning another size. An exception must
/// not pass through C.
std::size_t takeBody(char* data, std::size_t, std::size_t size, void* taker) noexcept {
  auto& exchange = *static_cast<Exchange*>(taker);
  std::string& body = exchange.response.body;
  auto& place = exchange.response.place;
  try {
    if (size <= exchange.maxBodyBytes - body.size()) {
      if (!place && exchange.headerBytes + body.size() + size > kShortAnswer) {
        place = exchange.places.take();
        exchange.isPaused = !place;
        if (exchange.isPaused) return CURL_WRITEFUNC_PAUSE;  // libcurl keeps `data`
      }
      body.append(data, size);
      return size;
    }
    exchange.endedBecause = "the answer is too long";
  } catch (...) {
    exchange.endedBecause = "the answer does not fit into memory";
  }
  return size + 1;
}

std::size_t takeHeaderLine(char* data, std::size_t, std::size_t size, void* taker) noexcept {
  auto& exchange = *static_cast<Exchange*>(taker);
  std::string_view line{data, size};
  exchange.headerBytes += size;
  if (exchange.headerBytes > kMaxHeaderBytes || exchange.response.headers.size() > kMaxFields) {
    exchange.endedBecause = "the answer has too many header fields";
    return size + 1;
  }
  if (exchange.hasHeaders) return size;
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  try {
    if (line.empty()) {
      long status = 0;
      curl_easy_getinfo(exchange.easy.get(), CURLINFO_RESPONSE_CODE, &status);
      exchange.hasHeaders = status >= 200;
    } else if (line.starts_with("HTTP/")) {
      exchange.response.headers = {};  // an earlier answer came, such as `103 Early Hints`
    } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
      exchange.response.headers.add(std::string{line.substr(0, colon)},
                                    std::string{trimmed(line.substr(colon + 1), kBlanks)});
    }
  } catch (...) {
    exchange.endedBecause = "the answer does not fit into memory";
    return size + 1;
  }
  return size;
}

void setMethod(CURL* easy, const OutgoingRequest& request) {
  const std::string& method = request.method;
  if (method == "HEAD") return set(easy, CURLOPT_NOBODY, 1L);
  const bool hasBody =
      !request.body.empty() || method == "POST" || method == "PUT" || method == "PATCH";
  if (hasBody) {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.data());  // not copied
  }
  if (method != (hasBody ? "POST" : "GET")) set(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
}

void prepare(Exchange& exchange, const TransportLimits& limits, std::chrono::milliseconds left) {
  CURL* easy = exchange.easy.get();
  const OutgoingRequest& request = exchange.request;

  set(easy, CURLOPT_URL, request.url.c_str());
  set(easy, CURLOPT_PATH_AS_IS, 1L);
  setMethod(easy, request);
  exchange.fields = fieldsOf(request);
  set(easy, CURLOPT_HTTPHEADER, exchange.fields.get());
  if (request.credentials) {
    set(easy, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    set(easy, CURLOPT_USERNAME, request.credentials->user.c_str());
    set(easy, CURLOPT_PASSWORD, request.credentials->password.c_str());
  }
  set(easy, CURLOPT_WRITEFUNCTION, &takeBody);
  set(easy, CURLOPT_WRITEDATA, &exchange);
  set(easy, CURLOPT_HEADERFUNCTION, &takeHeaderLine);
  set(easy, CURLOPT_HEADERDATA, &exchange);

  // Where it goes: only to its URL, whatever the answer, the environment or the home folder say. A
  // proxy that was set for other programs would get our credentials.
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_PROXY, "");
  set(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));  // or newer
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);

  // How long it may take. A name look-up that hangs is abandoned, as waiting for its thread would
  // hold up all other requests.
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_QUICK_EXIT, 1L);
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connectTimeout.count()));

  // Which connection. One that was kept may have ended: libcurl then resends by itself.
  if (request.onlyOnce) set(easy, CURLOPT_FRESH_CONNECT, 1L);
  if (limits.keepAlive.count() > 0) {
    set(easy, CURLOPT_MAXAGE_CONN, static_cast<long>(limits.keepAlive.count()));
  } else {
    set(easy, CURLOPT_FORBID_REUSE, 1L);
  }
}

/// libcurl counts what it has sent, over all connections that it tried.
bool mayHaveArrived(const Exchange& exchange) {
  long sent = 0;
  if (exchange.easy) curl_easy_getinfo(exchange.easy.get(), CURLINFO_REQUEST_SIZE, &sent);
  return sent > 0;
}

std::exception_ptr failure(const Exchange& exchange, ErrorKind kind, std::string_view why) {
  return std::make_exception_ptr(
      TransportError{kind, exchange.host + ": " + std::string{why}, mayHaveArrived(exchange)});
}

Settled<IncomingResponse> outcomeOf(Exchange& exchange, CURLcode code) {
  switch (code) {
    case CURLE_OK: {
      if (!exchange.hasHeaders) {  // libcurl accepts half a head
        return failure(exchange, ErrorKind::unavailable, "the answer ends in its header fields");
      }
      long status = 0;
      curl_easy_getinfo(exchange.easy.get(), CURLINFO_RESPONSE_CODE, &status);
      exchange.response.status = static_cast<int>(status);
      return std::move(exchange.response);
    }
    case CURLE_OPERATION_TIMEDOUT:
      return failure(exchange, ErrorKind::timeout,
                     exchange.isPaused ? "no room for a long answer in time" : "no answer in time");
    case CURLE_URL_MALFORMAT:
      return std::make_exception_ptr(usage(exchange.host + ": the address is not a URL"));
    case CURLE_UNSUPPORTED_PROTOCOL:  // libcurl says so when it reads anything else
      return failure(exchange, ErrorKind::unavailable, "the answer is not HTTP");
    default:
      return failure(exchange, ErrorKind::unavailable,
                     exchange.endedBecause ? exchange.endedBecause : curl_easy_strerror(code));
  }
}

// ---- the thread ----

TransportLimits checked(TransportLimits limits) {
  if (limits.inFlight == 0) throw Error{ErrorKind::config, "a transport needs an exchange"};
  if (limits.longAnswers == 0) {
    throw Error{ErrorKind::config, "a transport needs a place for a long answer"};
  }
  limits.connectTimeout = std::clamp(limits.connectTimeout, 1ms, kMaxWait);
  limits.keepAlive =
      std::clamp(limits.keepAlive, 0s, std::chrono::floor<std::chrono::seconds>(kMaxWait));
  return limits;
}

/// What the thread and the transport share.
class Loop {
 public:
  explicit Loop(const TransportLimits& limits)
      : limits_(checked(limits)),
        places_(std::make_shared<Places>(limits.longAnswers)),
        multi_(newMulti(limits.inFlight)) {
    if (!places_->bell.isOpen())
      throw Error{ErrorKind::unavailable, "no descriptor for a transport"};
  }

  Later<IncomingResponse> send(OutgoingRequest request) {
    return Later<IncomingResponse>{[&](const Answer<IncomingResponse>& answer) {
      std::string host = hostOf(request);
      const auto timeout = std::clamp(request.timeout, 0ms, kMaxWait);
      auto exchange = std::make_unique<Exchange>(Exchange{.request = std::move(request),
                                                          .host = std::move(host),
                                                          .answer = answer,
                                                          .deadline = Steady::now() + timeout,
                                                          .maxBodyBytes = limits_.maxBodyBytes,
                                                          .places = *places_});
      const std::lock_guard lock{mutex_};
      if (ending_) throw refusal(*exchange, "the transport is closed");
      if (taken_ >= limits_.inFlight && taken_ - limits_.inFlight >= limits_.maxWaiting) {
        throw refusal(*exchange, "too many requests wait for their turn");
      }
      arrived_.push_back(std::move(exchange));
      ++taken_;
      places_->ring();
    }};
  }

  void end() {
    const std::lock_guard lock{mutex_};
    ending_ = true;
    places_->ring();
  }

  /// Returns after `end`.
  void run() {
    while (takeArrived()) {
      startWaiting();
      resumePaused();
      int running = 0;
      curl_multi_perform(multi_.get(), &running);
      collectFinished();
      dropLate();
      if (settle()) continue;  // there is room for others
      dropIdleConnections();
      wait();
    }
    endAll();
  }

 private:
  static TransportError refusal(const Exchange& exchange, std::string_view why) {
    return TransportError{ErrorKind::unavailable, exchange.host + ": " + std::string{why}, false};
  }

  /// Waits until libcurl has something to do, the bell rings, or a deadline comes.
  void wait() {
    curl_waitfd ring{.fd = places_->bell.get(), .events = CURL_WAIT_POLLIN, .revents = 0};
    curl_multi_poll(multi_.get(), &ring, 1, timeUntilNext(), nullptr);
    eventfd_t rings = 0;
    ::eventfd_read(places_->bell.get(), &rings);
  }

  bool takeArrived() {
    const std::lock_guard lock{mutex_};
    for (auto& exchange : arrived_) {
      soonest_ = std::min(soonest_, exchange->deadline);
      waiting_.push_back(std::move(exchange));
    }
    arrived_.clear();
    return !ending_;
  }

  void startWaiting() {
    while (!waiting_.empty() && underWay_.size() < limits_.inFlight) {
      auto exchange = std::move(waiting_.front());
      waiting_.pop_front();
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(exchange->deadline - Steady::now());
      if (left.count() <= 0) {
        finishLate(*exchange);
        continue;
      }
      try {
        exchange->easy = takeEasy();
        prepare(*exchange, limits_, left);
        CURL* easy = exchange->easy.get();
        auto& place = underWay_[easy];
        place = std::move(exchange);
        if (const CURLMcode code = curl_multi_add_handle(multi_.get(), easy); code != CURLM_OK) {
          exchange = std::move(place);
          underWay_.erase(easy);
          throw refusal(*exchange, curl_multi_strerror(code));
        }
      } catch (...) {
        finish(*exchange, std::current_exception());
      }
    }
  }

  /// Reads on the long answers that have a place now, the most urgent first.
  void resumePaused() {
    while (places_->hasFree()) {
      auto next = underWay_.end();
      for (auto one = underWay_.begin(); one != underWay_.end(); ++one) {
        const bool isFirst =
            next == underWay_.end() || one->second->deadline < next->second->deadline;
        if (one->second->isPaused && isFirst) next = one;
      }
      if (next == underWay_.end()) return;
      next->second->isPaused = false;
      if (const CURLcode code = curl_easy_pause(next->first, CURLPAUSE_CONT); code != CURLE_OK) {
        conclude(next, code);
      }
    }
  }

  void collectFinished() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;  // the next line ends the message
      conclude(underWay_.find(message->easy_handle), code);
    }
  }

  void dropLate() {
    const Time now = Steady::now();
    if (now < soonest_) return;
    soonest_ = Time::max();
    for (auto& exchange : std::exchange(waiting_, {})) {
      if (exchange->deadline <= now) {
        finishLate(*exchange);
      } else {
        soonest_ = std::min(soonest_, exchange->deadline);
        waiting_.push_back(std::move(exchange));
      }
    }
  }

  void finishLate(Exchange& exchange) {
    finish(exchange, failure(exchange, ErrorKind::timeout, "no turn in time"));
  }

  void finish(Exchange& exchange, Settled<IncomingResponse> outcome) {
    finished_.push_back({std::move(exchange.answer), std::move(outcome)});
  }

  /// Calls the answers, which may do anything but block or throw. False if there are none.
  bool settle() {
    if (finished_.empty()) return false;
    {
      const std::lock_guard lock{mutex_};
      taken_ -= finished_.size();  // first, so that an answered caller can send again
    }
    for (Finished& one : std::exchange(finished_, {})) {
      if (auto* error = std::get_if<std::exception_ptr>(&one.outcome)) {
        one.answer.fail(std::move(*error));
      } else {
        one.answer(std::get<0>(std::move(one.outcome)));
      }
    }
    idleSince_ = Steady::now();
    hasConnections_ = true;
    return true;
  }

  /// libcurl looks at the age of its connections only when it needs one, and closes them only with
  /// the whole handle.
  void dropIdleConnections() {
    if (!isIdle() || Steady::now() < idleSince_ + limits_.keepAlive) return;
    hasConnections_ = false;
    try {
      multi_ = newMulti(limits_.inFlight);
    } catch (const Error&) {  // then they stay until the server closes them
    }
  }

  [[nodiscard]] bool isIdle() const {
    return hasConnections_ && underWay_.empty() && waiting_.empty();
  }

  [[nodiscard]] int timeUntilNext() const {
    Time next = soonest_;
    if (isIdle()) next = idleSince_ + limits_.keepAlive;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(
        std::min<Steady::duration>(next - std::min(next, Steady::now()), kMaxWait));
    return static_cast<int>(left.count());
  }

  void endAll() {
    constexpr const char* kWhy = "the transport was closed";
    while (!underWay_.empty()) {
      const auto exchange = remove(underWay_.begin());
      finish(*exchange, failure(*exchange, ErrorKind::unavailable, kWhy));
    }
    for (auto& exchange : std::exchange(waiting_, {})) {
      finish(*exchange, failure(*exchange, ErrorKind::unavailable, kWhy));
    }
    settle();
  }

  using UnderWay = std::unordered_map<CURL*, std::unique_ptr<Exchange>>;

  std::unique_ptr<Exchange> remove(UnderWay::iterator found) {
    curl_multi_remove_handle(multi_.get(), found->first);
    auto exchange = std::move(found->second);
    underWay_.erase(found);
    return exchange;
  }

  void conclude(UnderWay::iterator found, CURLcode code) {
    const auto exchange = remove(found);
    finish(*exchange, outcomeOf(*exchange, code));
    keepEasy(std::move(exchange->easy));
  }

  Easy takeEasy() {
    if (!free_.empty()) {
      Easy easy = std::move(free_.back());
      free_.pop_back();
      return easy;
    }
    Easy easy{curl_easy_init()};
    if (!easy) throw std::bad_alloc{};
    return easy;
  }

  void keepEasy(Easy easy) {
    curl_easy_reset(easy.get());  // it forgets the credentials too
    free_.push_back(std::move(easy));
  }

  const TransportLimits limits_;

  std::mutex mutex_;
  std::deque<std::unique_ptr<Exchange>> arrived_;
  std::size_t taken_ = 0;  // arrived, waiting or under way
  bool ending_ = false;

  // Its bell is also rung when something has arrived.
  const std::shared_ptr<Places> places_;

  // Used by the thread alone. Handles are destroyed before `multi_`.
  Multi multi_;
  std::deque<std::unique_ptr<Exchange>> waiting_;
  Time soonest_ = Time::max();  // no deadline of `waiting_` is earlier
  UnderWay underWay_;
  std::vector<Easy> free_;
  std::vector<Finished> finished_;
  bool hasConnections_ = false;
  Time idleSince_ = {};
};

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(const TransportLimits& limits)
      : loop_(std::make_shared<Loop>(limits)), thread_([loop = loop_] { loop->run(); }) {}

  ~CurlTransport() override { loop_->end(); }

  Later<IncomingResponse> send(OutgoingRequest request) override {
    return loop_->send(std::move(request));
  }

 private:
  std::shared_ptr<Loop> loop_;
  OwnedThread thread_;
};

}  // namespace

std::shared_ptr<Transport> curlTransport(TransportLimits limits) {
  return std::make_shared<CurlTransport>(limits);
}

}  // namespace ivr::http
