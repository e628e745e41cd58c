// Each session has a lease, its data, and an answer for each step, as keys that expire by
// themselves. Operations of several commands are scripts, which Redis runs one at a time.

#include "ivr/core/error.hpp"
#include "ivr/core/log.hpp"
#include "ivr/http/percent.hpp"
#include "ivr/session/session_store.hpp"
#include "session/arguments.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <initializer_list>
#include <mutex>
#include <poll.h>
#include <span>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace ivr::session {
namespace {

using SteadyMoment = std::chrono::steady_clock::time_point;
using Arguments = std::vector<std::string_view>;

struct FreeContext {
  void operator()(redisContext* context) const noexcept { redisFree(context); }
};
struct FreeReply {
  void operator()(redisReply* reply) const noexcept { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

struct Script {
  std::size_t number;
  std::string_view text;
};

// KEYS lease data answer; ARGV lease milliseconds
//
// Sent again with the same lease, it succeeds again, so it may be repeated when an answer was lost.
constexpr Script kOpen{0, R"(
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
end
return {redis.call('GET', KEYS[2]), redis.call('GET', KEYS[3])})"};

// KEYS lease; ARGV lease milliseconds
constexpr Script kRenew{1, R"(
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2]))"};

// KEYS lease data answer; ARGV lease dataLifetime data answerLifetime answer
//
// An empty lifetime leaves the value as it is. The lease goes last: a server without free memory
// refuses the first command that needs some, never one after a command that changed something.
constexpr Script kClose{2, R"(
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
for i = 1, 2 do
  local lifetime = ARGV[2 * i]
  if lifetime ~= '' and lifetime ~= '0' then
    redis.call('SET', KEYS[i + 1], ARGV[2 * i + 1], 'PX', lifetime)
  end
end
for i = 1, 2 do
  if ARGV[2 * i] == '0' then redis.call('DEL', KEYS[i + 1]) end
end
redis.call('DEL', KEYS[1])
return 1)"};

constexpr std::array kScripts{kOpen, kRenew, kClose};

/// The connection is gone, so it is unknown what became of the command.
struct ConnectionLost {
  std::string why;
};

std::string_view textOf(const redisReply& reply) {
  return {reply.str, static_cast<std::size_t>(reply.len)};
}

bool isError(const redisReply& reply, std::string_view code) {
  return reply.type == REDIS_REPLY_ERROR && textOf(reply).starts_with(code);
}

/// Whether a server says that it cannot serve now, but may be able to a moment later.
bool isPassing(std::string_view text) {
  constexpr std::array<std::string_view, 10> kCodes{
      "LOADING", "BUSY",     "MASTERDOWN",  "READONLY",   "OOM",
      "MISCONF", "TRYAGAIN", "CLUSTERDOWN", "NOREPLICAS", "ERR max number of clients"};
  return std::ranges::any_of(kCodes, [&](auto code) { return text.starts_with(code); });
}

/// One connection, for one caller at a time.
class RedisConnection {
 public:
  RedisConnection(const RedisAddress& address, const std::string& name) : name_(name) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(address.connectTimeout);
    const std::chrono::microseconds rest = address.connectTimeout - seconds;
    timeval limit{};
    limit.tv_sec = seconds.count();
    limit.tv_usec = rest.count();
    context_.reset(redisConnectWithTimeout(address.host.c_str(), address.port, limit));
    if (!context_) throw Error{ErrorKind::unavailable, name_ + " cannot be reached: no memory"};
    if (context_->err != 0) {
      throw Error{ErrorKind::unavailable, name_ + " cannot be reached: " + context_->errstr};
    }
    ::fcntl(context_->fd, F_SETFD, FD_CLOEXEC);
    greet(address);
  }

  /// True if nothing unrequested has come, not even the end.
  [[nodiscard]] bool isQuiet() const {
    pollfd waiting{.fd = context_->fd, .events = POLLIN, .revents = 0};
    return ::poll(&waiting, 1, 0) == 0;
  }

  [[nodiscard]] Reply ask(const Arguments& arguments, std::chrono::milliseconds timeout) {
    return std::move(askAll({arguments}, timeout).front());
  }

  [[nodiscard]] Reply run(const Script& script, std::initializer_list<std::string_view> keys,
                          std::initializer_list<std::string_view> arguments,
                          std::chrono::milliseconds timeout) {
    const std::string keyCount = std::to_string(keys.size());
    Arguments all{"EVALSHA", shas_[script.number], keyCount};
    all.insert(all.end(), keys);
    all.insert(all.end(), arguments);
    Reply reply = ask(all, timeout);
    if (!isError(*reply, "NOSCRIPT")) return reply;
    all[0] = "EVAL";  // somebody has flushed its scripts; this loads them again
    all[1] = script.text;
    return ask(all, timeout);
  }

 private:
  void greet(const RedisAddress& address) {
    std::vector<Arguments> questions;
    const std::string database = std::to_string(address.database);
    if (!address.user.empty()) {
      questions.push_back({"AUTH", address.user, address.password});
    } else if (!address.password.empty()) {
      questions.push_back({"AUTH", address.password});
    }
    if (address.database != 0) questions.push_back({"SELECT", database});
    const std::size_t scripts = questions.size();
    for (const Script& script : kScripts) questions.push_back({"SCRIPT", "LOAD", script.text});
    std::vector<Reply> replies;
    try {
      replies = askAll(questions, address.timeout);
    } catch (const ConnectionLost& lost) {
      throw Error{ErrorKind::unavailable, name_ + " does not serve: " + lost.why};
    }
    for (std::size_t i = 0; i < replies.size(); ++i) {
      const redisReply& reply = *replies[i];
      const std::string_view text = textOf(reply);
      if (reply.type == REDIS_REPLY_ERROR) {
        // Only the code: some servers repeat the command, which may hold a password.
        const auto code = std::string{text.substr(0, text.find(' '))};
        throw Error{
            isPassing(text) ? ErrorKind::unavailable : ErrorKind::config,
            name_ + " refuses " + std::string{questions[i].front()} + ": " + oneLine(code, 40)};
      }
      if (i >= scripts) shas_[i - scripts] = text;
    }
  }

  /// Sends all, then waits for as many answers.
  std::vector<Reply> askAll(const std::vector<Arguments>& questions,
                            std::chrono::milliseconds timeout) {
    const SteadyMoment end = std::chrono::steady_clock::now() + timeout;
    for (const Arguments& question : questions) send(question, end);
    std::vector<Reply> replies;
    while (replies.size() < questions.size()) replies.push_back(receive(end));
    return replies;
  }

  void send(const Arguments& arguments, SteadyMoment end) {
    std::vector<const char*> starts;
    std::vector<std::size_t> sizes;
    for (const std::string_view argument : arguments) {
      starts.push_back(argument.data() == nullptr ? "" : argument.data());
      sizes.push_back(argument.size());
    }
    char* formatted = nullptr;
    const int size = redisFormatCommandArgv(&formatted, static_cast<int>(arguments.size()),
                                            starts.data(), sizes.data());
    if (size < 0) throw Error{ErrorKind::unavailable, name_ + " cannot be asked: no memory"};
    const std::unique_ptr<char, decltype(&redisFreeCommand)> owner{formatted, redisFreeCommand};
    // By hand, because hiredis would raise SIGPIPE when the server has gone.
    for (std::string_view rest{formatted, static_cast<std::size_t>(size)}; !rest.empty();) {
      const ssize_t sent =
          ::send(context_->fd, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent >= 0) {
        rest.remove_prefix(static_cast<std::size_t>(sent));
      } else {
        waitOrFail(POLLOUT, end);
      }
    }
  }

  Reply receive(SteadyMoment end) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): the socket fills it
    std::array<char, 16384> buffer;
    while (true) {
      void* reply = nullptr;
      if (redisReaderGetReply(context_->reader, &reply) != REDIS_OK) {
        throw ConnectionLost{std::string{"not the protocol of Redis: "} +
                             oneLine(context_->reader->errstr)};
      }
      if (reply != nullptr) return Reply{static_cast<redisReply*>(reply)};
      const ssize_t size = receiveSoon(buffer);
      if (size == 0) throw ConnectionLost{"the server has closed the connection"};
      if (size < 0) {
        waitOrFail(POLLIN, end);
      } else {
        redisReaderFeed(context_->reader, buffer.data(), static_cast<std::size_t>(size));
      }
    }
  }

  /// Like recv() without waiting, but patient for a moment: a nearby server answers sooner than a
  /// sleeping thread wakes. Yields the processor to other threads meanwhile.
  ssize_t receiveSoon(std::span<char> buffer) {
    constexpr std::chrono::microseconds kPatience{100};
    const SteadyMoment sleep = std::chrono::steady_clock::now() + kPatience;
    while (true) {
      const ssize_t size = ::recv(context_->fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
      const bool isEmpty = size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
      if (!isEmpty || std::chrono::steady_clock::now() > sleep) return size;
      std::this_thread::yield();
    }
  }

  /// After a call that has failed: waits if that helps.
  void waitOrFail(short events, SteadyMoment end) {
    if (errno == EINTR) return;
    if (errno != EAGAIN && errno != EWOULDBLOCK)
      throw ConnectionLost{std::generic_category().message(errno)};
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd waiting{.fd = context_->fd, .events = events, .revents = 0};
    const auto limit = std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, 60'000);
    if (::poll(&waiting, 1, static_cast<int>(limit)) != 0 || limit == 60'000) return;
    throw Error{ErrorKind::timeout, name_ + " does not answer in time"};
  }

  const std::string& name_;
  std::unique_ptr<redisContext, FreeContext> context_ = {};
  std::array<std::string, kScripts.size()> shas_ = {};
};

void checkAddress(const RedisAddress& address) {
  const auto refuse = [](const char* what) {
    throw Error{ErrorKind::config, std::string{"the session store in Redis has "} + what};
  };
  const auto isBad = [](unsigned char c) { return c <= 0x20 || c == 0x7f; };
  if (address.host.empty() || std::ranges::any_of(address.host, isBad)) refuse("no host");
  if (address.port < 1 || address.port > 65535) refuse("a port that is not from 1 to 65535");
  if (address.database < 0) refuse("a negative database");
  if (address.connectTimeout <= std::chrono::milliseconds::zero() ||
      address.timeout <= std::chrono::milliseconds::zero()) {
    refuse("a timeout that is not positive");
  }
  if (!address.user.empty() && address.password.empty()) refuse("a user without a password");
}

class RedisSessionStore final : public SessionStore {
 public:
  explicit RedisSessionStore(RedisAddress address)
      : address_(std::move(address)),
        name_("the session store in Redis at " + address_.host + ':' +
              std::to_string(address_.port)) {
    checkAddress(address_);
  }

  std::optional<OpenSession> tryOpen(std::string_view session, std::string_view step,
                                     std::chrono::milliseconds lease) override {
    checkSessionName(session);
    checkStepName(step);
    const std::string duration = std::to_string(leaseDuration(lease).count());
    const Keys keys = keysOf(session);
    const std::string answer = keys.answer(step);
    OpenSession open{.lease = randomLease()};
    const std::string number = std::to_string(open.lease);
    const Reply reply = with(Repeat::onLoss, [&](RedisConnection& connection) {
      return connection.run(kOpen, {keys.lease, keys.data, answer}, {number, duration},
                            address_.timeout);
    });
    if (reply->type == REDIS_REPLY_NIL) return std::nullopt;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) failStrangely();
    open.data = bytesOf(*reply->element[0]).value_or(std::string{});
    open.answer = bytesOf(*reply->element[1]);
    return open;
  }

  bool renew(std::string_view session, std::uint64_t lease,
             std::chrono::milliseconds duration) override {
    checkSessionName(session);
    const std::string longer = std::to_string(leaseDuration(duration).count());
    const std::string number = std::to_string(lease);
    const Keys keys = keysOf(session);
    return isOne(*with(Repeat::onLoss, [&](RedisConnection& connection) {
      return connection.run(kRenew, {keys.lease}, {number, longer}, address_.timeout);
    }));
  }

  bool close(const SessionChange& change) override {
    checkChange(change);
    const Keys keys = keysOf(change.session);
    const std::string answer = keys.answer(change.step);
    const std::string number = std::to_string(change.lease);
    const std::string_view data = change.data.value_or(std::string_view{});
    const std::string dataLifetime = lifetimeText(change.data, change.dataLifetime);
    const std::string answerLifetime = lifetimeText(change.answer, change.answerLifetime);
    // Not repeated: if the first attempt worked, the second would say that the lease is lost.
    return isOne(*with(Repeat::never, [&](RedisConnection& connection) {
      return connection.run(kClose, {keys.lease, keys.data, answer},
                            {number, data.empty() && change.data ? "0" : dataLifetime, data,
                             answerLifetime, change.answer.value_or(std::string_view{})},
                            address_.timeout);
    }));
  }

  std::string read(std::string_view session) override {
    checkSessionName(session);
    const Keys keys = keysOf(session);
    const Reply reply = with(Repeat::onLoss, [&](RedisConnection& connection) {
      return connection.ask({"GET", keys.data}, address_.timeout);
    });
    return bytesOf(*reply).value_or(std::string{});
  }

  std::uint64_t nextFence() override {
    const std::string key = address_.prefix + "fence";
    // A repeat skips a number, which does no harm.
    const Reply reply = with(Repeat::onLoss, [&](RedisConnection& connection) {
      return connection.ask({"INCR", key}, address_.timeout);
    });
    if (reply->type != REDIS_REPLY_INTEGER || reply->integer <= 0) failStrangely();
    return static_cast<std::uint64_t>(reply->integer);
  }

  StoreScope scope() const noexcept override { return StoreScope::everyMachine; }
  bool waitsForNetwork() const noexcept override { return true; }

 private:
  enum class Repeat { never, onLoss };

  /// All keys of a session have the same part in braces, by which a cluster chooses the machine.
  /// Names are encoded so that they contain neither braces nor colons.
  struct Keys {
    std::string all;
    std::string lease = all + "lease";
    std::string data = all + "data";
    [[nodiscard]] std::string answer(std::string_view step) const {
      return all + "answer:" + http::percentEncode(step, http::PercentKeep::nothing);
    }
  };
  [[nodiscard]] Keys keysOf(std::string_view session) const {
    return {.all = address_.prefix + '{' +
                   http::percentEncode(session, http::PercentKeep::nothing) + "}:"};
  }

  template <class Value>
  static std::string lifetimeText(const Value& value, std::chrono::milliseconds lifetime) {
    return value ? std::to_string(lifetimeOf(lifetime).count()) : std::string{};
  }

  using Owned = std::unique_ptr<RedisConnection>;

  /// Runs `work` on a connection, which is kept only if all went well.
  template <class Work>
  Reply with(Repeat repeat, const Work& work) {
    Owned connection = takeIdle();
    const bool isOld = connection != nullptr;
    if (!isOld) connection = std::make_unique<RedisConnection>(address_, name_);
    Reply reply;
    try {
      reply = work(*connection);
    } catch (const ConnectionLost& lost) {
      if (repeat == Repeat::never || !isOld) failUnavailable(lost);
      connection = std::make_unique<RedisConnection>(address_, name_);
      try {
        reply = work(*connection);
      } catch (const ConnectionLost& again) {
        failUnavailable(again);
      }
    }
    if (reply->type == REDIS_REPLY_ERROR) failAs(textOf(*reply));
    giveBack(std::move(connection));
    return reply;
  }

  /// A connection that the server has not closed meanwhile, if there is one.
  Owned takeIdle() {
    while (true) {
      Owned connection;
      {
        const std::lock_guard lock{mutex_};
        if (idle_.empty()) return nullptr;
        connection = std::move(idle_.back());
        idle_.pop_back();
      }
      if (connection->isQuiet()) return connection;
    }
  }

  void giveBack(Owned connection) {
    const std::lock_guard lock{mutex_};
    if (idle_.size() < kMaxIdle) idle_.push_back(std::move(connection));
  }

  [[noreturn]] void failUnavailable(const ConnectionLost& lost) const {
    throw Error{ErrorKind::unavailable, name_ + " fails: " + lost.why};
  }
  [[noreturn]] void failStrangely() const {
    throw Error{ErrorKind::remote, name_ + " gives an answer that nobody asked for"};
  }
  [[noreturn]] void failAs(std::string_view text) const {
    // After this, some servers repeat the command, which may hold personal data.
    const std::string_view said = text.substr(0, text.find(", with args"));
    throw Error{isPassing(text) ? ErrorKind::unavailable : ErrorKind::remote,
                name_ + " refuses: " + oneLine(said, 200)};
  }

  [[nodiscard]] std::optional<std::string> bytesOf(const redisReply& reply) const {
    if (reply.type == REDIS_REPLY_NIL) return std::nullopt;
    if (reply.type != REDIS_REPLY_STRING) failStrangely();
    return std::string{textOf(reply)};
  }
  [[nodiscard]] bool isOne(const redisReply& reply) const {
    if (reply.type != REDIS_REPLY_INTEGER) failStrangely();
    return reply.integer == 1;
  }

  static constexpr std::size_t kMaxIdle = 16;

  const RedisAddress address_;
  const std::string name_;
  std::mutex mutex_ = {};
  std::vector<Owned> idle_ = {};
};

}  // namespace

std::shared_ptr<SessionStore> redisSessionStore(RedisAddress address) {
  return std::make_shared<RedisSessionStore>(std::move(address));
}

}  // namespace ivr::session
