#include "server/connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <utility>

namespace ivr::server {

namespace {

constexpr std::chrono::milliseconds kLingerDeadline{2000};

/// Requests and reads in a row. A client that sends without pause must not keep its thread from the
/// others.
constexpr int kMaxTurns = 64;

/// A body of at most this size is sent with the head, at once if the socket takes it.
constexpr std::size_t kMaxJoinedText = 64 << 10;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

/// Header fields that the server sets: a second one would contradict it.
bool isOurs(std::string_view name) {
  constexpr std::array<std::string_view, 4> kOurs{"Connection", "Content-Length", "Date",
                                                  "Transfer-Encoding"};
  return std::ranges::any_of(
      kOurs, [&](std::string_view own) { return http::equalIgnoringCase(name, own); });
}

bool isLineSafe(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool isBodiless(int status) { return status == 204 || status == 304; }

void appendNumber(std::string& to, std::uint64_t number) {
  std::array<char, 20> text{};
  const char* const end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  to.append(text.data(), static_cast<std::size_t>(end - text.data()));
}

/// The answer to a request that cannot be read, in the application's words if it has any.
Response refusalOf(const ServerOptions& options, int status) {
  if (options.refusal) {
    try {
      Response response = options.refusal(status);
      response.status = status;
      return response;
    } catch (...) {  // the plain words are always there
    }
  }
  return plainText(status, std::string{http::reasonPhrase(status)});
}

}  // namespace

Connection::Connection(Descriptor socket, std::string peerAddress, std::uint64_t serial,
                       ConnectionHost& host)
    : socket_(std::move(socket)),
      peerAddress_(std::move(peerAddress)),
      serial_(serial),
      host_(host) {
  enterIdle();
}

void Connection::enter(State state, std::chrono::milliseconds deadline) {
  state_ = state;
  since_ = host_.now();
  deadline_ = since_ + deadline;
}

void Connection::enterIdle() {
  parser_.reset();
  const ServerOptions& options = host_.options();
  enter(State::idle, host_.isDraining() ? std::min(options.idleDeadline, options.drainIdleDeadline)
                                        : options.idleDeadline);
}

void Connection::close() { state_ = State::closed; }

bool Connection::isReading() const noexcept {
  return state_ == State::idle || state_ == State::header || state_ == State::body;
}

void Connection::onReady() {
  if (awaitsTurn_) return;
  if (state_ == State::sending) send();
  readAndServe();
}

void Connection::onTurn() {
  awaitsTurn_ = false;
  onReady();
}

void Connection::waitForTurn() {
  if (!std::exchange(awaitsTurn_, true)) host_.callAgain(socket_.get(), serial_);
}

void Connection::onResponse(Response response) {
  if (state_ != State::answering) return;
  answer(std::move(response));
  readAndServe();  // what arrived meanwhile raises no event
}

void Connection::onTick() {
  if (state_ == State::answering || host_.now() < deadline_) return;
  if (state_ == State::header || state_ == State::body) {
    refuse(408);
  } else {
    close();
  }
}

std::optional<SteadyTime> Connection::waitsSince() const noexcept {
  if (state_ == State::answering) return std::nullopt;
  return since_;
}

void Connection::giveWay() {
  const auto before = waitsSince();
  onReady();
  if (before && waitsSince() == before) close();
}

void Connection::onDrain() {
  if (state_ == State::idle) enterIdle();
}

/// One request after another: while one is answered, the next waits in the socket.
void Connection::readAndServe() {
  for (int turn = 0; isReading(); ++turn) {
    if (turn == kMaxTurns) return waitForTurn();
    if (!parse() && !receive()) return;
  }
  if (state_ == State::lingering) discard();
}

std::string_view Connection::unused() const noexcept {
  return std::string_view{input_}.substr(usedInput_);
}

/// Moves nothing, so that many requests in one piece take linear time; keeps no empty buffer.
void Connection::use(std::size_t bytes) {
  usedInput_ += bytes;
  if (usedInput_ < input_.size()) return;
  input_.clear();
  input_.shrink_to_fit();  // assigning an empty text would keep the memory
  usedInput_ = 0;
}

/// Uses leftover input. True if that made a request, served or refused; false if more is needed.
bool Connection::parse() {
  if (unused().empty()) return false;
  std::size_t used = 0;
  const RequestParser::Progress progress = feed(unused(), used);
  use(used);
  act(progress);
  return progress != RequestParser::Progress::needsMore;
}

/// How much may be received: what is kept of it has room in the limits.
std::size_t Connection::room() const {
  const ServerOptions& options = host_.options();
  const std::size_t most = host_.readBuffer().size();
  if (!parser_) {  // a request that is not read need not be answered
    return host_.isDraining() ? 1 : std::min(most, options.maxHeaderBytes + options.maxBodyBytes);
  }
  const std::size_t room = std::min(most, parser_->room() - unused().size());
  return host_.isDraining() ? std::min<std::uint64_t>(parser_->bytesToCome(), room) : room;
}

/// True if there was more input; false if the socket has none for now, or never again.
bool Connection::receive() {
  if (!isReading()) return false;
  std::string& buffer = host_.readBuffer();
  ssize_t got = 0;
  do {
    got = ::recv(socket_.get(), buffer.data(), room(), MSG_DONTWAIT);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) {
    if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) close();
    return false;
  }
  const std::string_view received{buffer.data(), static_cast<std::size_t>(got)};
  if (!input_.empty()) {
    input_.erase(0, std::exchange(usedInput_, 0));
    input_ += received;
    return true;
  }
  std::size_t used = 0;
  const RequestParser::Progress progress = feed(received, used);
  input_ = received.substr(used);
  act(progress);
  return true;
}

RequestParser::Progress Connection::feed(std::string_view bytes, std::size_t& used) {
  if (!parser_) {
    parser_.emplace(host_.options().maxHeaderBytes, host_.options().maxBodyBytes);
    enter(State::header, host_.options().headerDeadline);
  }
  return parser_->feed(bytes, used);
}

void Connection::act(RequestParser::Progress progress) {
  switch (progress) {
    case RequestParser::Progress::refused: return refuse(parser_->status());
    case RequestParser::Progress::complete: return serve();
    case RequestParser::Progress::needsMore: break;
  }
  if (state_ != State::header || !parser_->hasHeader()) return;
  enter(State::body, host_.options().bodyDeadline);
  if (parser_->expectsContinue() && unused().empty()) {
    outbox_.add(std::string{kContinue});
    bool progressed = false;
    if (outbox_.sendTo(socket_.get(), progressed) == Outbox::Sent::broken) close();
  }
}

void Connection::discard() {
  std::string& buffer = host_.readBuffer();
  for (int turn = 0; turn < kMaxTurns; ++turn) {
    const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0 || (got < 0 && errno == EINTR)) continue;
    if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) close();
    return;
  }
  waitForTurn();
}

void Connection::serve() {
  Request request = parser_->take();
  request.peerAddress = peerAddress_;
  isHead_ = request.method == "HEAD";
  closesAfter_ = !parser_->keepsAlive();
  state_ = State::answering;
  if (auto response = host_.dispatch(std::move(request), socket_.get(), serial_)) {
    answer(std::move(*response));
  }
}

/// Answers an invalid or late request; nothing after it can be trusted.
void Connection::refuse(int status) {
  isHead_ = false;
  closesAfter_ = true;
  lingers_ = true;  // more of it may come
  parser_.reset();
  use(unused().size());
  answer(refusalOf(host_.options(), status));
}

void Connection::answer(Response response) {
  // A request that was read, in part or whole, is answered too.
  closesAfter_ = closesAfter_ || (host_.isDraining() && unused().empty());
  std::string& front = headOf(response);
  const bool hasBody = !isHead_ && !isBodiless(response.status);
  const http::Body& body = response.body;
  if (hasBody && body.front().size() <= kMaxJoinedText) front += body.front();
  const bool isOneText = !hasBody || (body.rest().empty() && body.front().size() <= kMaxJoinedText);
  if (isOneText) {
    outbox_.sendNow(socket_.get(), front);
  } else {
    outbox_.add(front);
    if (body.front().size() > kMaxJoinedText) outbox_.add(body.front());
    for (const http::Body::Part& part : body.rest()) {
      std::visit([&](const auto& piece) { outbox_.add(piece); }, part);
    }
  }
  enter(State::sending, host_.options().stallDeadline);
  send();
}

/// The text before the body.
std::string& Connection::headOf(const Response& response) {
  std::string& head = host_.writeBuffer();
  head.assign("HTTP/1.1 ");
  appendNumber(head, static_cast<std::uint64_t>(response.status));
  head += ' ';
  head.append(http::reasonPhrase(response.status)).append("\r\n");
  for (const auto& [name, value] : response.headers) {
    if (isOurs(name)) continue;
    if (!isLineSafe(name) || !isLineSafe(value)) continue;  // would become other headers
    head.append(name).append(": ").append(value).append("\r\n");
  }
  head.append(host_.dateHeader());
  if (!isBodiless(response.status)) {
    head.append("Content-Length: ");
    appendNumber(head, response.body.size());
    head.append("\r\n");
  }
  head.append(closesAfter_ ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n");
  return head;
}

/// Closing with unread input would reset the connection, and the answer with it.
bool Connection::hasUnreadInput() const {
  int bytes = 0;
  return !unused().empty() || (::ioctl(socket_.get(), FIONREAD, &bytes) == 0 && bytes > 0);
}

void Connection::send() {
  bool progressed = false;
  switch (outbox_.sendTo(socket_.get(), progressed)) {
    case Outbox::Sent::broken: return close();
    case Outbox::Sent::enough: waitForTurn(); [[fallthrough]];
    case Outbox::Sent::blocked:
      if (progressed) enter(State::sending, host_.options().stallDeadline);
      return;
    case Outbox::Sent::all: break;
  }
  if (!closesAfter_) return enterIdle();
  if (!lingers_ && !hasUnreadInput()) return close();
  ::shutdown(socket_.get(), SHUT_WR);
  enter(State::lingering, kLingerDeadline);
}

}  // namespace ivr::server
