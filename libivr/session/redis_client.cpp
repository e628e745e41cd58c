#include "session/redis_client.hpp"

#include "core/descriptor.hpp"
#include "core/text.hpp"
#include "ivr/core/error.hpp"
#include "ivr/core/log.hpp"
#include "session/redis_lookup.hpp"
#include "session/redis_socket.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <iterator>
#include <mutex>
#include <openssl/evp.h>
#include <optional>
#include <poll.h>
#include <string_view>
#include <sys/eventfd.h>
#include <utility>

namespace ivr::session {

namespace {

using Steady = std::chrono::steady_clock;
using Time = Steady::time_point;
using std::chrono::milliseconds;

/// So that times do not overflow.
constexpr milliseconds kMaxTimeout = std::chrono::hours{24};

/// What may wait for its reply, in bytes of commands. Each counts for a little more than it sends.
constexpr std::size_t kMaxWaitingBytes = 64 << 20;
constexpr std::size_t kCommandBytes = 512;

/// What is handed to the socket at once.
constexpr std::size_t kMaxBatch = 256 << 10;

/// Whether a server says that it cannot serve now, but may be able to a moment later.
bool isPassing(std::string_view text) {
  constexpr std::array<std::string_view, 10> kCodes{
      "LOADING", "BUSY",     "MASTERDOWN",  "READONLY",   "OOM",
      "MISCONF", "TRYAGAIN", "CLUSTERDOWN", "NOREPLICAS", "ERR max number of clients"};
  return std::ranges::any_of(kCodes, [&](auto code) { return text.starts_with(code); });
}

/// A command that waits for its reply.
struct Asked {
  RedisCommand command;
  RedisClient::Receiver receiver;
  Time deadline;
  std::size_t repliesLeft = command.replies;
  std::exception_ptr error = nullptr;  ///< Of the first of its commands that failed.
  bool isAgain = false;                ///< It was sent before.

  [[nodiscard]] std::size_t cost() const noexcept { return command.bytes.size() + kCommandBytes; }
};

bool isAsExpected(const RedisReply& reply, const Asked& asked) {
  using Kind = RedisReply::Kind;
  const bool isText = reply.kind == Kind::text || reply.kind == Kind::nothing;
  if (asked.repliesLeft > 1 || asked.command.reply == Kind::text) return isText;
  return reply.kind == asked.command.reply && reply.size == asked.command.items;
}

/// What is asked on each new connection before anything else.
struct Greeting {
  struct Question {
    const char* name;
    const RedisScript* script = nullptr;
  };
  std::vector<Question> questions = {};
  std::string bytes = {};

  void add(Question question, std::initializer_list<RedisArgument> arguments) {
    questions.push_back(question);
    appendCommand(bytes, arguments);
  }
};

Greeting greetingFor(const RedisAddress& address, const std::vector<RedisScript>& scripts) {
  Greeting greeting;
  if (!address.user.empty()) {
    greeting.add({"AUTH"}, {"AUTH", address.user, address.password});
  } else if (!address.password.empty()) {
    greeting.add({"AUTH"}, {"AUTH", address.password});
  }
  if (address.database != 0) {
    greeting.add({"SELECT"}, {"SELECT", std::to_string(address.database)});
  }
  for (const RedisScript& script : scripts) {
    greeting.add({"SCRIPT", &script}, {"SCRIPT", "LOAD", script.text});
  }
  return greeting;
}

}  // namespace

RedisScript::RedisScript(std::string body) : text(std::move(body)) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) {
    throw Error{ErrorKind::unavailable, "no SHA-1, by which Redis names its scripts"};
  }
  sha = hexText(std::span{digest}.first(size));
}

/// What the client and its thread share.
class RedisClient::Loop {
 public:
  Loop(RedisAddress address, std::string name, std::vector<RedisScript> toKnow)
      : scripts(std::move(toKnow)),
        address_(std::move(address)),
        name_(std::move(name)),
        greeting_(greetingFor(address_, scripts)),
        bell_(std::make_shared<const Descriptor>(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))) {
    if (!bell_->isOpen()) throw Error{ErrorKind::unavailable, name_ + ": no descriptor"};
    if (address_.tls) tls_.emplace(address_);
  }

  void ask(RedisCommand command, Receiver receiver) {
    Asked asked{.command = std::move(command),
                .receiver = std::move(receiver),
                .deadline = Steady::now() + timeout_};
    const std::size_t cost = asked.cost();
    if (waitingBytes_.fetch_add(cost) + cost > kMaxWaitingBytes) {
      waitingBytes_ -= cost;
      throw Error{ErrorKind::unavailable, name_ + " has too many questions to answer"};
    }
    const std::lock_guard lock{mutex_};
    asked_.push_back(std::move(asked));
    if (std::exchange(isAsleep_, false)) ring();
  }

  void end() {
    const std::lock_guard lock{mutex_};
    isEnding_ = true;
    ring();
  }

  /// Returns after `end`, when all that was asked is settled.
  void run() {
    while (takeAsked()) {
      try {
        advance();
      } catch (const RedisNonsense& nonsense) {
        onFailure({nonsense.why});
      } catch (const ConnectionLost& lost) {
        onFailure(lost);
      } catch (const Error& refusal) {  // of the greeting
        disconnect();
        failUnsent(refusal);
      }
      expire();
      wait();
    }
  }

  const std::vector<RedisScript> scripts;

 private:
  enum class State { apart, looking, connecting, greeting, serving };

  void ring() const noexcept { ::eventfd_write(bell_->get(), 1); }

  /// False if all is done.
  bool takeAsked() {
    const std::lock_guard lock{mutex_};
    isAsleep_ = false;
    std::ranges::move(asked_, std::back_inserter(unsent_));
    asked_.clear();
    return !isEnding_ || !unsent_.empty() || !sent_.empty();
  }

  /// Waits until there is something to do.
  void wait() {
    int limit = timeUntilNext();
    {
      const std::lock_guard lock{mutex_};
      isAsleep_ = asked_.empty();
      const bool isDone = isEnding_ && unsent_.empty() && sent_.empty();
      if (!isAsleep_ || isDone || mustConnect()) limit = 0;
    }
    std::array<pollfd, 2> waiting{pollfd{.fd = bell_->get(), .events = POLLIN, .revents = 0},
                                  pollfd{.fd = socket_ ? socket_->descriptor() : -1,
                                         .events = socket_ ? socket_->events() : short{0},
                                         .revents = 0}};
    ::poll(waiting.data(), waiting.size(), limit);
    if (waiting[0].revents != 0) {
      eventfd_t rings = 0;
      ::eventfd_read(bell_->get(), &rings);
    }
    isSocketReady_ = waiting[1].revents != 0;
  }

  /// Until the next deadline; for poll().
  [[nodiscard]] int timeUntilNext() const {
    constexpr milliseconds kMax{60'000};
    Time next = Time::max();
    if (!sent_.empty()) next = sent_.front().deadline;
    if (!unsent_.empty()) next = std::min(next, unsent_.front().deadline);
    if (state_ != State::apart && state_ != State::serving) next = std::min(next, stateEnd_);
    if (next == Time::max()) return -1;
    const auto left = std::chrono::ceil<milliseconds>(next - std::min(next, Steady::now()));
    return static_cast<int>(std::min(left, kMax).count());
  }

  // ---- the connection ----

  [[nodiscard]] bool mustConnect() const { return state_ == State::apart && !unsent_.empty(); }

  /// Does all that can be done now.
  void advance() {
    if (mustConnect()) look();
    if (state_ == State::looking) onLookup();
    if (state_ == State::connecting && socket_->connect()) greet();
    if (state_ == State::greeting || state_ == State::serving) {
      // Before sending: a connection that the server has closed is found out here.
      if (isSocketReady_) receive();
      send();
    }
    if (state_ != State::apart && state_ != State::serving && stateEnd_ <= Steady::now()) {
      // A server without TLS may wait for the rest of what it takes for a command.
      const bool mayLackTls = state_ == State::connecting && tls_;
      throw ConnectionLost{mayLackTls ? "no answer with TLS in time" : "no answer in time",
                           ErrorKind::timeout};
    }
  }

  void look() {
    state_ = State::looking;
    stateEnd_ = Steady::now() + std::min(address_.connectTimeout, kMaxTimeout);
    if (const auto address = numericAddress(address_.host, address_.port)) {
      return connectTo({*address});
    }
    // One that took too long the last time may still be under way.
    if (!lookup_) lookup_.emplace(address_.host, address_.port, bell_);
  }

  void onLookup() {
    try {
      auto addresses = lookup_->result();
      if (!addresses) return;
      lookup_.reset();
      connectTo(std::move(*addresses));
    } catch (const ConnectionLost&) {
      lookup_.reset();
      throw;
    }
  }

  void connectTo(std::vector<SocketAddress> addresses) {
    addresses_ = std::move(addresses);
    connectEnd_ = stateEnd_;
    connectToNext();
  }

  /// Each address has its share of the time.
  void connectToNext() {
    state_ = State::connecting;
    const SocketAddress address = addresses_.front();
    const Time now = Steady::now();
    stateEnd_ = now + (connectEnd_ - now) / static_cast<int>(addresses_.size());
    addresses_.erase(addresses_.begin());
    socket_.emplace(address, tls_ ? &*tls_ : nullptr);
  }

  void greet() {
    state_ = State::greeting;
    stateEnd_ = Steady::now() + timeout_;
    hasServed_ = false;
    greeted_ = 0;
    outgoing_ = greeting_.bytes;
    outgoingSent_ = 0;
    send();
  }

  void send() {
    while (fillOutgoing()) {
      const std::size_t size = socket_->send(std::string_view{outgoing_}.substr(outgoingSent_));
      if (size == 0) return;
      outgoingSent_ += size;
    }
  }

  /// False if there is nothing to send.
  bool fillOutgoing() {
    if (outgoingSent_ < outgoing_.size()) return true;
    if (outgoing_.capacity() > 2 * kMaxBatch) outgoing_ = {};
    outgoing_.clear();
    outgoingSent_ = 0;
    if (state_ != State::serving) return false;
    while (!unsent_.empty() && outgoing_.size() < kMaxBatch) {
      outgoing_ += unsent_.front().command.bytes;
      sent_.push_back(std::move(unsent_.front()));
      unsent_.pop_front();
    }
    return !outgoing_.empty();
  }

  void receive() {
    std::size_t size = 0;
    std::size_t room = 0;
    do {
      const auto free = reader_.room();
      room = free.size();
      size = socket_->receive(free);
      reader_.received(size);
      while (const auto reply = reader_.next()) onReply(*reply);
    } while (socket_->mayHaveMore(size, room));
    askAgain();
  }

  void onReply(const RedisReply& reply) {
    if (state_ == State::greeting) return onGreeting(reply);
    if (sent_.empty()) throw ConnectionLost{"an answer that nobody asked for"};
    hasServed_ = true;
    Asked& asked = sent_.front();
    const bool isError = reply.kind == RedisReply::Kind::error;
    if (isError && !asked.error) asked.error = std::make_exception_ptr(refusal(reply.text));
    if (!isError && !isAsExpected(reply, asked)) {
      settle(takeSent(), std::make_exception_ptr(strangeReply()));
      throw ConnectionLost{"an answer that nobody asked for"};
    }
    if (--asked.repliesLeft > 0) return;

    Asked done = takeSent();
    if (isError && reply.text.starts_with("NOSCRIPT") && done.command.script && !done.isAgain) {
      return tellScript(std::move(done));
    }
    RedisOutcome outcome = reply;
    if (done.error) outcome = done.error;
    settle(std::move(done), std::move(outcome));
    // Another machine may have taken over under the name of this one.
    if (isError && reply.text.starts_with("READONLY")) throw ConnectionLost{"it only reads"};
  }

  void onGreeting(const RedisReply& reply) {
    const Greeting::Question& question = greeting_.questions[greeted_];
    if (reply.kind == RedisReply::Kind::error) {
      // Only the code: some servers repeat the command, which may hold a password.
      const auto code = std::string{reply.text.substr(0, reply.text.find(' '))};
      throw Error{isPassing(reply.text) ? ErrorKind::unavailable : ErrorKind::config,
                  name_ + " refuses " + question.name + ": " + oneLine(code, 40)};
    }
    const std::string_view expected =
        question.script ? std::string_view{question.script->sha} : "OK";
    if (reply.kind != RedisReply::Kind::text || reply.text != expected) throw strangeReply();
    if (++greeted_ == greeting_.questions.size()) state_ = State::serving;
  }

  /// Somebody has flushed the scripts of the server. The command has changed nothing, and is asked
  /// again; what was sent behind it is done before it.
  void tellScript(Asked asked) {
    Asked load{.command = {.bytes = {}, .reply = RedisReply::Kind::text},
               .receiver = [](const RedisOutcome&) {},
               .deadline = asked.deadline,
               .isAgain = true};
    appendCommand(load.command.bytes, {"SCRIPT", "LOAD", asked.command.script->text});
    waitingBytes_ += load.cost();
    again_.push_back(std::move(load));
    again_.push_back(repeated(std::move(asked)));
  }

  static Asked repeated(Asked asked) {
    asked.repliesLeft = asked.command.replies;
    asked.error = nullptr;
    asked.isAgain = true;
    return asked;
  }

  /// Before everything that was asked later.
  void askAgain() {
    if (again_.empty()) return;
    unsent_.insert(unsent_.begin(), std::move_iterator{again_.begin()},
                   std::move_iterator{again_.end()});
    again_.clear();
  }

  // ---- failures ----

  void onFailure(const ConnectionLost& lost) {
    if (state_ == State::serving) return onLoss(lost.why);
    const bool wasConnecting = state_ == State::connecting;
    disconnect();
    if (wasConnecting && !addresses_.empty() && lost.kind != ErrorKind::config) {
      try {
        return connectToNext();
      } catch (const ConnectionLost& next) {
        return onFailure(next);
      }
    }
    failUnsent(Error{lost.kind, name_ + " cannot be reached: " + lost.why});
  }

  void failUnsent(const Error& error) {
    for (Asked& asked : std::exchange(unsent_, {})) {
      settle(std::move(asked), std::make_exception_ptr(error));
    }
  }

  /// Nobody knows what became of the commands that were sent.
  void onLoss(const std::string& why) {
    const Time now = Steady::now();
    disconnect();
    for (Asked& asked : std::exchange(sent_, {})) {
      if (asked.deadline <= now) {
        settle(std::move(asked), late());
      } else if (asked.command.ifLost == RedisCommand::IfLost::repeat && hasServed_ &&
                 !asked.isAgain) {
        again_.push_back(repeated(std::move(asked)));
      } else {
        settle(std::move(asked),
               std::make_exception_ptr(Error{ErrorKind::unavailable, name_ + " fails: " + why}));
      }
    }
    askAgain();
  }

  void disconnect() {
    state_ = State::apart;
    socket_.reset();
    reader_ = {};
    outgoing_.clear();
    outgoingSent_ = 0;
    isSocketReady_ = false;
  }

  /// Ends the wait of those whose time is over. Replies come in order, so a connection on which one
  /// is missing is of no more use.
  void expire() {
    if (sent_.empty() && unsent_.empty()) return;
    const Time now = Steady::now();
    if (!sent_.empty() && sent_.front().deadline <= now) onLoss("an answer is missing");
    while (!unsent_.empty() && unsent_.front().deadline <= now) {
      Asked asked = std::move(unsent_.front());
      unsent_.pop_front();
      settle(std::move(asked), late());
    }
  }

  [[nodiscard]] Error strangeReply() const {
    return Error{ErrorKind::remote, name_ + " gives an answer that nobody asked for"};
  }

  [[nodiscard]] std::exception_ptr late() const {
    return std::make_exception_ptr(Error{ErrorKind::timeout, name_ + " does not answer in time"});
  }

  [[nodiscard]] Error refusal(std::string_view text) const {
    // After this, some servers repeat the command, which may hold personal data.
    const std::string_view said = text.substr(0, text.find(", with args"));
    return Error{isPassing(text) ? ErrorKind::unavailable : ErrorKind::remote,
                 name_ + " refuses: " + oneLine(said, 200)};
  }

  Asked takeSent() {
    Asked asked = std::move(sent_.front());
    sent_.pop_front();
    return asked;
  }

  /// Calls the receiver, which may ask or drop the last handle to the client.
  void settle(Asked asked, RedisOutcome outcome) {
    waitingBytes_ -= asked.cost();
    asked.receiver(std::move(outcome));
  }

  const RedisAddress address_;
  const milliseconds timeout_ = std::min(address_.timeout, kMaxTimeout);
  const std::string name_;
  const Greeting greeting_;
  const std::shared_ptr<const Descriptor> bell_;
  std::atomic<std::size_t> waitingBytes_ = 0;

  std::mutex mutex_;
  std::vector<Asked> asked_ = {};
  bool isAsleep_ = false;
  bool isEnding_ = false;

  // Used by the thread alone.
  State state_ = State::apart;
  Time stateEnd_ = {};  // of one that is neither `apart` nor `serving`
  std::optional<RedisTls> tls_ = {};
  std::optional<RedisLookup> lookup_ = {};
  std::vector<SocketAddress> addresses_ = {};  // not tried yet
  Time connectEnd_ = {};
  std::optional<RedisSocket> socket_ = {};
  bool isSocketReady_ = false;
  bool hasServed_ = false;  // on this connection
  std::size_t greeted_ = 0;
  std::string outgoing_ = {};
  std::size_t outgoingSent_ = 0;
  RedisReplyReader reader_ = {};
  std::deque<Asked> unsent_ = {};  // in the order of their deadlines
  std::deque<Asked> sent_ = {};    // in the order of their replies
  std::vector<Asked> again_ = {};  // to be sent before `unsent_`
};

RedisClient::RedisClient(RedisAddress address, std::string name, std::vector<RedisScript> scripts)
    : loop_(std::make_shared<Loop>(std::move(address), std::move(name), std::move(scripts))),
      thread_([loop = loop_] { loop->run(); }) {}

RedisClient::~RedisClient() { loop_->end(); }

const RedisScript& RedisClient::script(std::size_t number) const noexcept {
  return loop_->scripts[number];
}

void RedisClient::ask(RedisCommand command, Receiver receiver) {
  loop_->ask(std::move(command), std::move(receiver));
}

}  // namespace ivr::session
