#include "ivr/rest/rest_client.hpp"

#include "core/gate.hpp"
#include "core/log_line.hpp"
#include "core/text.hpp"
#include "http/url.hpp"
#include "ivr/http/form.hpp"
#include "ivr/http/headers.hpp"
#include "ivr/http/percent.hpp"
#include "rest/operations.hpp"
#include "rest/request_writer.hpp"
#include "rest/resource_reader.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <random>
#include <type_traits>
#include <utility>

namespace ivr::rest {

namespace {

constexpr std::string_view kVersion = IVR_VERSION;
constexpr int kCreated = 201;
constexpr std::size_t kMaxUri = 8192;
constexpr std::size_t kMaxRetrying = 1000;  // requests that wait for a retry

[[noreturn]] void misconfigured(const std::string& why) { throw Error{ErrorKind::config, why}; }

bool isHostLabel(std::string_view text) {
  return !text.empty() && text.front() != '-' && text.back() != '-' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

std::string providersUrl(const ClientOptions& config) {
  std::string host = "api.";
  for (const std::string* label : {&config.edge, &config.region}) {
    if (!label->empty() && !isHostLabel(*label)) {
      misconfigured("the region or edge of the REST API is not like us1 or dublin");
    }
    if (!label->empty()) host += *label + '.';
  }
  if (!config.edge.empty() && config.region.empty()) host += "us1.";
  return "https://" + host + "twilio.com";
}

[[noreturn]] void refuseBaseUrl(http::Url url, const std::string& why) {
  if (url.userinfo) url.userinfo = "***";
  misconfigured("the base URL of the REST API (baseUrl, or IVR_API_BASE) is " +
                oneLine(url.text()) + ", but " + why);
}

http::Url baseUrl(const ClientOptions& config) {
  std::string text = config.baseUrl.empty() ? providersUrl(config) : config.baseUrl;
  while (text.ends_with('/')) text.pop_back();
  std::optional<http::Url> url = http::Url::parse(text);
  if (!url) {  // and may have a password anywhere
    misconfigured(
        "the base URL of the REST API (baseUrl, or IVR_API_BASE) is not like "
        "https://api.twilio.com");
  }
  const bool isHttps = http::equalIgnoringCase(url->scheme, "https");
  if (url->userinfo) refuseBaseUrl(*url, "the credentials are settings of their own");
  if (url->query || url->fragment) refuseBaseUrl(*url, "it cannot have a query or a fragment");
  if (!isHttps && !(http::equalIgnoringCase(url->scheme, "http") && http::isLoopback(url->host))) {
    refuseBaseUrl(*url,
                  "credentials are sent over https, or over http to this machine alone: 127.0.0.1, "
                  "[::1] or localhost");
  }
  return *std::move(url);
}

void check(const ClientOptions& config) {
  if (config.accountSid.empty())
    misconfigured("the REST client has no account: set accountSid, or TWILIO_ACCOUNT_SID");
  if (!canStandInAPath(config.accountSid)) {
    misconfigured("invalid account SID: see accountSid, or TWILIO_ACCOUNT_SID");
  }
  if (config.secret.empty()) {
    misconfigured("the REST client has neither an auth token nor the secret of an API key");
  }
  if (config.user.find(':') != std::string::npos) {
    misconfigured("the user of the REST API has a colon, which HTTP has no place for");
  }
  if (config.timeout.count() <= 0) misconfigured("the timeout of the REST client is not positive");
  if (config.maxRetries < 0 || config.firstBackoff.count() < 0 || config.maxBackoff.count() < 0 ||
      config.maxRetryAfter.count() < 0) {
    misconfigured("the REST client's retries or their backoff are negative");
  }
}

/// The part of the account's SID that the log shows.
std::string shortened(std::string_view sid) {
  if (sid.size() < 10) return "...";
  return std::string{sid.substr(0, 2)} + "..." + std::string{sid.substr(sid.size() - 4)};
}

int effectivePort(const http::Url& url) {
  if (!url.port.empty()) return std::stoi(url.port);
  return http::equalIgnoringCase(url.scheme, "https") ? 443 : 80;
}

bool isSameServer(const http::Url& left, const http::Url& right) {
  return http::equalIgnoringCase(left.scheme, right.scheme) &&
         http::equalIgnoringCase(left.host, right.host) &&
         effectivePort(left) == effectivePort(right);
}

/// The result of `make`, or a `Later` that failed with the exception of `make`.
template <class Result, class Make>
Result orFailed(Make make) {
  try {
    return make();
  } catch (...) {
    return Result::failed(std::current_exception());
  }
}

/// The error, if it is of type `E`.
template <class E>
std::optional<E> errorIn(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const E& found) {
    return found;
  } catch (...) {
    return std::nullopt;
  }
}

bool isSuccess(int status) { return status >= 200 && status < 300; }

/// What an operation gives; `Deleted` if it answers nothing.
template <OperationName kName>
using AnswerOf = std::conditional_t<std::is_void_v<typename OperationTypes<kName>::Answer>, Deleted,
                                    typename OperationTypes<kName>::Answer>;

/// The resource or the page in the body of a success.
void readInto(Deleted&, std::string_view) {}
template <class Resource>
void readInto(Resource& resource, std::string_view body) {
  resource = resourceFrom<Resource>(body);
}
template <class Resource>
void readInto(Page<Resource>& page, std::string_view body) {
  page = pageFrom<Resource>(body);
}

}  // namespace

ClientOptions ClientOptions::fromEnvironment() {
  ClientOptions config;
  config.accountSid = environment("TWILIO_ACCOUNT_SID");
  config.user = environment("TWILIO_API_KEY");
  config.secret = environment("TWILIO_API_SECRET");
  if (config.user.empty() != config.secret.empty()) {
    misconfigured("of TWILIO_API_KEY and TWILIO_API_SECRET only one is set");
  }
  if (config.user.empty()) {
    const std::string tokens = environment("TWILIO_AUTH_TOKEN");
    config.secret = trimmed(std::string_view{tokens}.substr(0, tokens.find(',')));
  }
  config.region = environment("TWILIO_REGION");
  config.edge = environment("TWILIO_EDGE");
  config.baseUrl = environment("IVR_API_BASE");
  return config;
}

/// What pending requests share with their client. The transport and the timers have threads, so
/// they stand behind a gate (core/gate.hpp) and are released when the client is destroyed.
class Client::Core : public std::enable_shared_from_this<Client::Core> {
 public:
  /// A request, and what is known about it.
  struct Exchange {
    http::OutgoingRequest request;
    std::string name;     ///< For logs and errors: method and path.
    bool isSafe = false;  ///< Changes nothing.
    int tries = 0;
  };

  Core(ClientOptions config, std::shared_ptr<http::Transport> transport,
       std::shared_ptr<Timers> timers, Log log)
      : config_(std::move(config)),
        transport_(std::move(transport)),
        timers_(std::move(timers)),
        log_(std::move(log)) {
    if (!transport_ || !timers_ || !log_) {
      throw Error{ErrorKind::usage, "the REST client has no transport, no timers or no log"};
    }
    check(config_);
    base_ = baseUrl(config_);
  }

  /// Nothing is sent from now on.
  void close() {
    gate_.close();
    transport_.reset();
    timers_.reset();
  }

  /// Asks for what an operation does, with the values for the braces of its path and with its
  /// request, if it has one.
  template <OperationName kName, class... Request>
  Later<AnswerOf<kName>> ask(std::initializer_list<std::string_view> parameters,
                             const Request&... request) {
    static_assert((std::is_same_v<Request, typename OperationTypes<kName>::Request> && ...));
    return orFailed<Later<AnswerOf<kName>>>([&] {
      const Operation& operation = operationOf(kName);
      Form fields;
      ((fields = fieldsOf(request)), ...);
      Exchange exchange = exchangeOf(operation.method, pathOf(kName, parameters));
      exchange.request.onlyOnce = operation.status == kCreated;
      if (operation.method == "POST") {
        exchange.request.headers.add("Content-Type", "application/x-www-form-urlencoded");
        exchange.request.body = fields.encoded();
      } else if (!fields.empty()) {
        exchange.request.url += '?' + fields.encoded();
      }
      return answerAs<AnswerOf<kName>>(std::move(exchange));
    });
  }

  template <class Resource>
  Later<Page<Resource>> next(const Page<Resource>& page) {
    const std::string& uri = page.nextPageUri;
    if (uri.empty()) throw Error{ErrorKind::usage, "there is no page behind the last one"};
    if (uri.size() > kMaxUri) throw RestError{"the next page", {.message = "its URI is too long"}};
    const bool isAbsolute = uri.find("://") < uri.find_first_of("/?#");
    std::optional<http::Url> url = http::Url::parse(isAbsolute ? uri : base_.text() + uri);
    if (!url || !isSameServer(*url, base_) || url->userinfo || uri.starts_with("//")) {
      throw RestError{"the next page", {.message = "it would be at another host"}};
    }
    std::string_view shown = url->path;
    const std::string ours = base_.path + std::string{kAccountsPath} + account();
    if (shown.starts_with(ours)) shown.remove_prefix(ours.size());
    Exchange exchange = exchangeOf("GET", shown);
    exchange.request.url = url->text();
    return answerAs<Page<Resource>>(std::move(exchange));
  }

 private:
  /// A failed attempt that is retried later. If it never is, because the client or the timers are
  /// gone, its failure is the outcome.
  struct Waiting {
    std::shared_ptr<Core> core;
    std::shared_ptr<const Exchange> exchange;
    Settled<http::IncomingResponse> outcome;
    Answer<http::IncomingResponse> answer;

    Waiting(std::shared_ptr<Core> whose, std::shared_ptr<const Exchange> what,
            Settled<http::IncomingResponse> how, Answer<http::IncomingResponse> who)
        : core(std::move(whose)),
          exchange(std::move(what)),
          outcome(std::move(how)),
          answer(std::move(who)) {
      ++core->retrying_;
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting() {
      --core->retrying_;
      if (exchange) answer.settle(std::move(outcome));
    }
  };

  /// An answer without success is an error from here on, so that little is kept of it.
  Settled<http::IncomingResponse> withoutRefusal(std::string_view name,
                                                 Settled<http::IncomingResponse> outcome) {
    const auto* response = std::get_if<http::IncomingResponse>(&outcome);
    if (response == nullptr || isSuccess(response->status)) return outcome;
    const std::lock_guard lock{readingMutex_};
    return std::make_exception_ptr(
        RestError{name, refusalFrom(response->status, response->headers, response->body)});
  }

  /// What the body of a success says.
  template <class Result>
  Result readBody(std::string_view name, http::IncomingResponse&& given) {
    const http::IncomingResponse response = std::move(given);  // gone when the result goes on
    const std::lock_guard lock{readingMutex_};
    try {
      Result result;
      readInto(result, response.body);
      return result;
    } catch (const Error& error) {
      RestRefusal refusal = refusalFrom(response.status, response.headers, {});
      refusal.message = error.what();
      throw RestError{name, std::move(refusal)};
    }
  }

  template <class Result>
  Later<Result> answerAs(Exchange exchange) {
    const std::string name = exchange.name;
    return answerTo(std::move(exchange))
        .then([self = shared_from_this(), name](http::IncomingResponse&& response) {
          return self->template readBody<Result>(name, std::move(response));
        });
  }

  [[nodiscard]] std::string account() const {
    return http::percentEncode(config_.accountSid, http::PercentKeep::nothing);
  }

  /// A request without a body to a path of the account.
  [[nodiscard]] Exchange exchangeOf(std::string_view method, std::string_view path) const {
    http::OutgoingRequest request{
        .method = std::string{method},
        .url = base_.text() + std::string{kAccountsPath} + account() + std::string{path},
        .headers = {{"User-Agent", "libivr/" + std::string{kVersion}},
                    {"Accept", "application/json"}},
        .credentials =
            http::OutgoingRequest::Credentials{
                .user = config_.user.empty() ? config_.accountSid : config_.user,
                .password = config_.secret},
        .timeout = config_.timeout};
    return {.request = std::move(request),
            .name = std::string{method} + ' ' + oneLine(maskNumbersIn(path)),
            .isSafe = method == "GET"};
  }

  Later<http::IncomingResponse> answerTo(Exchange exchange) {
    return Later<http::IncomingResponse>{[&](Answer<http::IncomingResponse> answer) {
      send(std::make_shared<const Exchange>(std::move(exchange)), std::move(answer));
    }};
  }

  void send(std::shared_ptr<const Exchange> exchange, Answer<http::IncomingResponse> answer) {
    const auto begin = std::chrono::steady_clock::now();
    auto response = orFailed<Later<http::IncomingResponse>>([&] {
      const Gate::Entry entry = gate_.enter();
      if (!entry) throw Error{ErrorKind::unavailable, "the REST client is gone"};
      return transport_->send(exchange->request);
    });
    std::move(response).receive(
        [self = shared_from_this(), exchange, begin,
         answer = std::move(answer)](Settled<http::IncomingResponse> outcome) {
          outcome = self->withoutRefusal(exchange->name, std::move(outcome));
          const auto retry = self->retryAfter(*exchange, outcome);
          self->report(*exchange, outcome, std::chrono::steady_clock::now() - begin, retry);
          if (!retry) return answer.settle(std::move(outcome));
          self->sendAgain(*retry, exchange, std::move(outcome), answer);
        });
  }

  void sendAgain(std::chrono::milliseconds delay, const std::shared_ptr<const Exchange>& exchange,
                 Settled<http::IncomingResponse> outcome, Answer<http::IncomingResponse> answer) {
    auto again = std::make_shared<Exchange>(*exchange);
    ++again->tries;
    const auto waiting = std::make_shared<Waiting>(shared_from_this(), std::move(again),
                                                   std::move(outcome), std::move(answer));
    const Gate::Entry entry = gate_.enter();
    if (!entry) return;  // `waiting` is destroyed, and settles the answer
    timers_->after(delay, [waiting] {
      if (waiting->core->gate_.isClosed()) return;
      waiting->core->send(std::exchange(waiting->exchange, nullptr), waiting->answer);
    });
  }

  /// When to retry, if that is harmless and may help.
  std::optional<std::chrono::milliseconds> retryAfter(
      const Exchange& exchange, const Settled<http::IncomingResponse>& outcome) {
    const auto* error = std::get_if<std::exception_ptr>(&outcome);
    if (error == nullptr || exchange.tries >= config_.maxRetries || retrying_ >= kMaxRetrying) {
      return std::nullopt;
    }
    std::chrono::milliseconds atLeast{0};
    if (const auto refusal = errorIn<RestError>(*error)) {
      const int status = refusal->status();
      const bool isTrouble = status == 500 || status == 502 || status == 503 || status == 504;
      if (status != 429 && !(isTrouble && exchange.isSafe)) return std::nullopt;
      const auto asked = refusal->retryAfter().value_or(std::chrono::seconds{0});
      if (asked > config_.maxRetryAfter) return std::nullopt;
      atLeast = asked;
    } else {
      const auto failure = errorIn<http::TransportError>(*error);
      if (!failure || (failure->mayHaveArrived() && !exchange.isSafe)) return std::nullopt;
    }
    return atLeast + backoff(exchange.tries);
  }

  /// Exponential with full jitter, so that clients that failed together do not retry together.
  std::chrono::milliseconds backoff(int tries) {
    std::chrono::milliseconds most = std::min(config_.firstBackoff, config_.maxBackoff);
    for (int i = 0; i < tries && most < config_.maxBackoff && most.count() > 0; ++i) {
      most = most > config_.maxBackoff / 2 ? config_.maxBackoff : most * 2;
    }
    const std::lock_guard lock{randomMutex_};
    std::uniform_int_distribution<std::chrono::milliseconds::rep> any{0, most.count()};
    return std::chrono::milliseconds{any(random_)};
  }

  void report(const Exchange& exchange, const Settled<http::IncomingResponse>& outcome,
              std::chrono::steady_clock::duration took,
              std::optional<std::chrono::milliseconds> retry) const {
    LogLevel level = LogLevel::info;
    LogLine line{PersonalData::masked, "REST"};
    line.add("account", shortened(config_.accountSid)).add("request", exchange.name);
    if (const auto* response = std::get_if<http::IncomingResponse>(&outcome)) {
      line.add("status", response->status);
      line.add("id", oneLine(response->headers.find("Twilio-Request-Id").value_or(""), 64));
      level = LogLevel::debug;
    } else if (const auto refusal = errorIn<RestError>(std::get<std::exception_ptr>(outcome))) {
      line.add("status", refusal->status()).add("id", refusal->requestId());
    } else {
      line.add("outcome", "failed").add(std::get<std::exception_ptr>(outcome));
    }
    line.add("us", std::chrono::duration_cast<std::chrono::microseconds>(took).count());
    if (retry) line.add("again-in-ms", retry->count());
    log_(level, line.text());
  }

  const ClientOptions config_;
  http::Url base_;
  Gate gate_;  ///< Guards the next two.
  std::shared_ptr<http::Transport> transport_;
  std::shared_ptr<Timers> timers_;
  const Log log_;
  std::atomic<std::size_t> retrying_{0};
  std::mutex readingMutex_;  ///< One document is in memory at a time: it is larger than its text.
  std::mutex randomMutex_;
  std::mt19937_64 random_{std::random_device{}()};
};

Client::Client(ClientOptions config, std::shared_ptr<http::Transport> transport,
               std::shared_ptr<Timers> timers, Log log)
    : core_(std::make_shared<Core>(std::move(config), std::move(transport), std::move(timers),
                                   std::move(log))) {}

Client::~Client() { core_->close(); }

// ---- Calls

Later<CallResource> Client::createCall(const CreateCall& call) {
  return core_->ask<OperationName::createCall>({}, call);
}

Later<CallResource> Client::fetchCall(std::string_view callSid) {
  return core_->ask<OperationName::fetchCall>({callSid});
}

Later<Page<CallResource>> Client::listCalls(const ListCalls& filter) {
  return core_->ask<OperationName::listCalls>({}, filter);
}

Later<CallResource> Client::updateCall(std::string_view callSid, const UpdateCall& update) {
  return core_->ask<OperationName::updateCall>({callSid}, update);
}

Later<Deleted> Client::deleteCall(std::string_view callSid) {
  return core_->ask<OperationName::deleteCall>({callSid});
}

// ---- Conferences

Later<Page<ConferenceResource>> Client::listConferences(const ListConferences& filter) {
  return core_->ask<OperationName::listConferences>({}, filter);
}

Later<ConferenceResource> Client::fetchConference(std::string_view conferenceSid) {
  return core_->ask<OperationName::fetchConference>({conferenceSid});
}

Later<ConferenceResource> Client::updateConference(std::string_view conferenceSid,
                                                   const UpdateConference& update) {
  return core_->ask<OperationName::updateConference>({conferenceSid}, update);
}

// ---- Participants

Later<ParticipantResource> Client::createParticipant(std::string_view conference,
                                                     const CreateParticipant& participant) {
  return core_->ask<OperationName::createParticipant>({conference}, participant);
}

Later<Page<ParticipantResource>> Client::listParticipants(std::string_view conferenceSid,
                                                          const ListParticipants& filter) {
  return core_->ask<OperationName::listParticipants>({conferenceSid}, filter);
}

Later<ParticipantResource> Client::fetchParticipant(std::string_view conferenceSid,
                                                    std::string_view participant) {
  return core_->ask<OperationName::fetchParticipant>({conferenceSid, participant});
}

Later<ParticipantResource> Client::updateParticipant(std::string_view conferenceSid,
                                                     std::string_view participant,
                                                     const UpdateParticipant& update) {
  return core_->ask<OperationName::updateParticipant>({conferenceSid, participant}, update);
}

Later<Deleted> Client::removeParticipant(std::string_view conferenceSid,
                                         std::string_view participant) {
  return core_->ask<OperationName::removeParticipant>({conferenceSid, participant});
}

// ---- Queues

Later<QueueResource> Client::createQueue(const CreateQueue& queue) {
  return core_->ask<OperationName::createQueue>({}, queue);
}

Later<Page<QueueResource>> Client::listQueues(const ListQueues& filter) {
  return core_->ask<OperationName::listQueues>({}, filter);
}

Later<QueueResource> Client::fetchQueue(std::string_view queueSid) {
  return core_->ask<OperationName::fetchQueue>({queueSid});
}

Later<QueueResource> Client::updateQueue(std::string_view queueSid, const UpdateQueue& update) {
  return core_->ask<OperationName::updateQueue>({queueSid}, update);
}

Later<Deleted> Client::deleteQueue(std::string_view queueSid) {
  return core_->ask<OperationName::deleteQueue>({queueSid});
}

Later<Page<MemberResource>> Client::listMembers(std::string_view queueSid,
                                                const ListMembers& filter) {
  return core_->ask<OperationName::listMembers>({queueSid}, filter);
}

Later<MemberResource> Client::fetchMember(std::string_view queueSid, std::string_view member) {
  return core_->ask<OperationName::fetchMember>({queueSid, member});
}

Later<MemberResource> Client::dequeueMember(std::string_view queueSid, std::string_view member,
                                            const DequeueMember& leave) {
  return core_->ask<OperationName::dequeueMember>({queueSid, member}, leave);
}

// ---- Recordings

Later<Page<RecordingResource>> Client::listRecordings(const ListRecordings& filter) {
  return core_->ask<OperationName::listRecordings>({}, filter);
}

Later<RecordingResource> Client::fetchRecording(std::string_view recordingSid) {
  return core_->ask<OperationName::fetchRecording>({recordingSid});
}

Later<Deleted> Client::deleteRecording(std::string_view recordingSid) {
  return core_->ask<OperationName::deleteRecording>({recordingSid});
}

Later<RecordingResource> Client::startRecording(std::string_view callSid,
                                                const StartRecording& recording) {
  return core_->ask<OperationName::startRecording>({callSid}, recording);
}

Later<Page<RecordingResource>> Client::listCallRecordings(std::string_view callSid,
                                                          const ListCallRecordings& filter) {
  return core_->ask<OperationName::listCallRecordings>({callSid}, filter);
}

Later<RecordingResource> Client::updateRecording(std::string_view callSid,
                                                 std::string_view recording,
                                                 const UpdateRecording& update) {
  return core_->ask<OperationName::updateRecording>({callSid, recording}, update);
}

// ---- Messages

Later<MessageResource> Client::createMessage(const CreateMessage& message) {
  return core_->ask<OperationName::createMessage>({}, message);
}

Later<MessageResource> Client::fetchMessage(std::string_view messageSid) {
  return core_->ask<OperationName::fetchMessage>({messageSid});
}

// ---- Pages

Later<Page<CallResource>> Client::nextPage(const Page<CallResource>& page) {
  return orFailed<Later<Page<CallResource>>>([&] { return core_->next(page); });
}

Later<Page<ConferenceResource>> Client::nextPage(const Page<ConferenceResource>& page) {
  return orFailed<Later<Page<ConferenceResource>>>([&] { return core_->next(page); });
}

Later<Page<ParticipantResource>> Client::nextPage(const Page<ParticipantResource>& page) {
  return orFailed<Later<Page<ParticipantResource>>>([&] { return core_->next(page); });
}

Later<Page<QueueResource>> Client::nextPage(const Page<QueueResource>& page) {
  return orFailed<Later<Page<QueueResource>>>([&] { return core_->next(page); });
}

Later<Page<MemberResource>> Client::nextPage(const Page<MemberResource>& page) {
  return orFailed<Later<Page<MemberResource>>>([&] { return core_->next(page); });
}

Later<Page<RecordingResource>> Client::nextPage(const Page<RecordingResource>& page) {
  return orFailed<Later<Page<RecordingResource>>>([&] { return core_->next(page); });
}

}  // namespace ivr::rest
