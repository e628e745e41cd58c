// Each session has a lease, its data, and an answer for each step, as keys that expire by
// themselves, and a list of the keys of its answers, in the order in which they were saved. A mark
// that the data is work is a key too, and lives as long as the data. All marks are found by a
// sorted set, of which the only thing that counts is that none is missing: who reads it takes out
// what has no mark any more.
//
// A session is taken with two plain commands in one round trip: SET, which does nothing if somebody
// has the lease, and MGET, which tells whose it is. Nothing that is read can change in between:
// that takes the lease. What must look at the lease before it changes something is a script, which
// Redis runs as one.

#include "ivr/core/error.hpp"
#include "ivr/http/percent.hpp"
#include "ivr/session/session_store.hpp"
#include "session/arguments.hpp"
#include "session/redis_client.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ivr::session {
namespace {

/// Their numbers in the client.
constexpr std::size_t kRenew = 0;
constexpr std::size_t kClose = 1;
constexpr std::size_t kWork = 2;

// KEYS lease; ARGV lease milliseconds
constexpr std::string_view kRenewText = R"(
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2]))";

// KEYS lease [data mark [answer answers [marks]]]
// ARGV lease [dataLifetime data [answerLifetime answer most [work name]]]
//
// What is left out stays as it is, and so does the data if its lifetime is empty, the answer if its
// is, and the mark if `work` is. A mark without data is forgotten. The lease goes last: a server
// without free memory refuses the first command that needs some, never one after a command that
// changed something.
//
// The list is kept as long as the longest-lived of its answers. An answer that it loses has a key
// which was not announced, but has the same part in braces as the others.
constexpr std::string_view kCloseText = R"(
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local data, answer, work = ARGV[2] or '', ARGV[4] or '', ARGV[7] or ''
if data ~= '' and data ~= '0' then redis.call('SET', KEYS[2], ARGV[3], 'PX', data) end
if answer ~= '' and answer ~= '0' then
  redis.call('SET', KEYS[4], ARGV[5], 'PX', answer)
  redis.call('LREM', KEYS[5], 0, KEYS[4])
  if redis.call('RPUSH', KEYS[5], KEYS[4]) > tonumber(ARGV[6]) then
    redis.call('DEL', redis.call('LPOP', KEYS[5]))
  end
  if redis.call('PTTL', KEYS[5]) < tonumber(answer) then
    redis.call('PEXPIRE', KEYS[5], answer)
  end
end
if work == '1' and data ~= '0' then
  local left = redis.call('PTTL', KEYS[2])
  if left > 0 then
    redis.call('SET', KEYS[3], '1', 'PX', left)
    local time = redis.call('TIME')
    redis.call('ZADD', KEYS[6], 'NX', time[1] .. '.' .. string.format('%06d', time[2]), ARGV[8])
  end
elseif data ~= '' and data ~= '0' and work == '' then
  redis.call('PEXPIRE', KEYS[3], data)
end
if data == '0' then redis.call('DEL', KEYS[2]) end
if data == '0' or work == '0' then redis.call('DEL', KEYS[3]) end
if work == '0' then redis.call('ZREM', KEYS[6], ARGV[8]) end
if answer == '0' then
  redis.call('DEL', KEYS[4])
  redis.call('LREM', KEYS[5], 0, KEYS[4])
end
redis.call('DEL', KEYS[1])
return 1)";

// KEYS marks; ARGV most, what is before and what is after a name in the key of its mark
//
// The keys of the marks are not announced: nobody knows them before.
constexpr std::string_view kWorkText = R"(
local found, most = {}, tonumber(ARGV[1])
while #found < most do
  local names = redis.call('ZRANGE', KEYS[1], #found, most - 1)
  local gone = {}
  for _, name in ipairs(names) do
    local isThere = redis.call('EXISTS', ARGV[2] .. name .. ARGV[3]) == 1
    table.insert(isThere and found or gone, name)
  end
  if #gone == 0 then break end
  redis.call('ZREM', KEYS[1], unpack(gone))
end
return table.concat(found, ' '))";

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
  if (address.certificateFile.empty() != address.keyFile.empty()) {
    refuse("a certificateFile without a keyFile, or a keyFile without a certificateFile");
  }
  if (!address.tls && (!address.caFile.empty() || !address.keyFile.empty())) {
    refuse("a caFile or a certificateFile, but no tls that would use it");
  }
}

/// A number as it is sent.
class Digits {
 public:
  template <class Number>
  explicit Digits(Number number) {
    // NOLINTNEXTLINE(cppcoreguidelines-prefer-member-initializer): `digits_` must be there first
    end_ = std::to_chars(digits_.data(), digits_.data() + digits_.size(), number).ptr;
  }
  Digits(const Digits&) = delete;
  Digits& operator=(const Digits&) = delete;
  [[nodiscard]] std::string_view text() const noexcept {
    return {digits_.data(), static_cast<std::size_t>(end_ - digits_.data())};
  }

 private:
  std::array<char, 20> digits_{};
  char* end_ = nullptr;
};

/// The keys of a session. All have the same part in braces, by which a cluster chooses the machine.
/// Names are encoded so that they contain neither braces nor colons.
class Keys {
 public:
  Keys(const std::string& prefix, std::string_view session)
      : all_(prefix + '{' + http::percentEncode(session, http::PercentKeep::nothing) + "}:"),
        prefixBytes_(prefix.size()) {}

  /// As it is in all keys.
  [[nodiscard]] std::string_view name() const {
    return std::string_view{all_}.substr(prefixBytes_ + 1, all_.size() - prefixBytes_ - 3);
  }

  [[nodiscard]] RedisArgument lease() const { return {all_, "lease"}; }
  [[nodiscard]] RedisArgument data() const { return {all_, "data"}; }
  [[nodiscard]] RedisArgument mark() const { return {all_, "work"}; }
  [[nodiscard]] RedisArgument answers() const { return {all_, "answers"}; }

  /// Until the next one of these.
  [[nodiscard]] RedisArgument answer(std::string_view step) {
    answer_ = "answer:" + http::percentEncode(step, http::PercentKeep::nothing);
    return {all_, answer_};
  }

 private:
  const std::string all_;
  const std::size_t prefixBytes_;
  std::string answer_;
};

class RedisSessionStore final : public SessionStore {
 public:
  explicit RedisSessionStore(RedisAddress address)
      : prefix_(address.prefix), client_(clientOf(std::move(address))) {}

  Later<std::optional<OpenSession>> tryOpen(std::string_view session, std::string_view step,
                                            std::chrono::milliseconds lease) override {
    checkSessionName(session);
    checkStepName(step);
    const Digits duration{leaseDuration(lease).count()};
    const std::uint64_t number = randomLease();
    const Digits digits{number};
    Keys keys{prefix_, session};
    const RedisArgument answer = keys.answer(step);

    // Sent again with the same lease, this succeeds again.
    RedisCommand command{.replies = 2, .reply = RedisReply::Kind::list, .items = 3};
    command.bytes.reserve(512);  // for both
    appendCommand(command.bytes, {"SET", keys.lease(), digits.text(), "NX", "PX", duration.text()});
    appendCommand(command.bytes, {"MGET", keys.lease(), keys.data(), answer});
    return ask<std::optional<OpenSession>>(
        std::move(command), [number](const RedisReply& reply) -> std::optional<OpenSession> {
          const auto& [holder, data, saved, none] = reply.items;
          if (holder != Digits{number}.text()) return std::nullopt;
          OpenSession open{.lease = number, .data = std::string{data.value_or("")}};
          if (saved) open.answer.emplace(*saved);
          return open;
        });
  }

  Later<bool> renew(std::string_view session, std::uint64_t lease,
                    std::chrono::milliseconds duration) override {
    checkSessionName(session);
    const Digits longer{leaseDuration(duration).count()};
    const Digits digits{lease};
    const Keys keys{prefix_, session};
    return run(kRenew, std::array{keys.lease()},
               std::array<RedisArgument, 2>{digits.text(), longer.text()},
               RedisCommand::IfLost::repeat);
  }

  Later<bool> close(const SessionChange& change) override {
    checkChange(change);
    const std::string_view data = change.data.value_or(std::string_view{});
    const Digits lease{change.lease};
    const Digits dataLifetime{data.empty() ? 0 : lifetimeOf(change.dataLifetime).count()};
    const Digits answerLifetime{lifetimeOf(change.answerLifetime).count()};
    const Digits most{kMaxAnswers};
    Keys keys{prefix_, change.session};

    const std::array<RedisArgument, kCloseKeys> names{
        keys.lease(),   keys.data(),
        keys.mark(),    change.answer ? keys.answer(change.step) : RedisArgument{},
        keys.answers(), marks()};
    const std::array<RedisArgument, kCloseValues> values{
        lease.text(),
        change.data ? dataLifetime.text() : std::string_view{},
        data,
        change.answer ? answerLifetime.text() : std::string_view{},
        change.answer.value_or(std::string_view{}),
        most.text(),
        change.hasWork.value_or(false) ? "1" : "0",
        keys.name()};
    const std::size_t namesUsed = change.hasWork ? 6 : change.answer ? 5 : change.data ? 3 : 1;
    const std::size_t valuesUsed = change.hasWork ? 8 : change.answer ? 6 : change.data ? 3 : 1;
    // Not repeated: if the first attempt worked, the second would say that the lease is lost.
    return run(kClose, std::span{names}.first(namesUsed), std::span{values}.first(valuesUsed),
               RedisCommand::IfLost::fail);
  }

  Later<std::string> read(std::string_view session) override {
    checkSessionName(session);
    RedisCommand command{.reply = RedisReply::Kind::text};
    appendCommand(command.bytes, {"GET", Keys{prefix_, session}.data()});
    return ask<std::string>(std::move(command),
                            [](const RedisReply& reply) { return std::string{reply.text}; });
  }

  Later<std::vector<std::string>> withWork(std::size_t limit) override {
    const Digits most{std::min(limit, kMaxWork)};
    const std::array names{marks()};
    const RedisArgument before{prefix_, "{"};
    const std::array<RedisArgument, 3> values{most.text(), before, "}:work"};
    return ask<std::vector<std::string>>(
        commandOf(kWork, names, values, RedisCommand::IfLost::repeat, RedisReply::Kind::text),
        [](const RedisReply& reply) {
          std::vector<std::string> found;
          for (std::string_view rest = reply.text; !rest.empty();) {
            const std::string_view name = rest.substr(0, rest.find(' '));
            found.push_back(http::percentDecode(name));
            rest.remove_prefix(std::min(rest.size(), name.size() + 1));
          }
          return found;
        });
  }

  Later<std::uint64_t> nextFence() override {
    // A repeat skips a number, which does no harm.
    RedisCommand command;
    appendCommand(command.bytes, {"INCR", {prefix_, "fence"}});
    return ask<std::uint64_t>(std::move(command), [](const RedisReply& reply) {
      if (reply.number <= 0) throw Error{ErrorKind::remote, "the fence in Redis was set back"};
      return static_cast<std::uint64_t>(reply.number);
    });
  }

  StoreScope scope() const noexcept override { return StoreScope::everyMachine; }

 private:
  static RedisClient clientOf(RedisAddress address) {
    checkAddress(address);
    std::string name =
        "the session store in Redis at " + address.host + ':' + std::to_string(address.port);
    std::vector<RedisScript> scripts;
    for (const std::string_view text : {kRenewText, kCloseText, kWorkText}) {
      scripts.emplace_back(std::string{text});
    }
    return RedisClient{std::move(address), std::move(name), std::move(scripts)};
  }

  /// The most arguments of a script.
  static constexpr std::size_t kCloseKeys = 6;
  static constexpr std::size_t kCloseValues = 8;

  /// The key of the sorted set that finds the marks.
  [[nodiscard]] RedisArgument marks() const { return {prefix_, "work"}; }

  /// Runs a script.
  RedisCommand commandOf(std::size_t number, std::span<const RedisArgument> keys,
                         std::span<const RedisArgument> values, RedisCommand::IfLost ifLost,
                         RedisReply::Kind reply) const {
    const RedisScript& script = client_.script(number);
    const Digits keyCount{keys.size()};
    std::array<RedisArgument, 3 + kCloseKeys + kCloseValues> all{"EVALSHA", script.sha,
                                                                 keyCount.text()};
    const auto end = std::ranges::copy(values, std::ranges::copy(keys, all.begin() + 3).out).out;
    RedisCommand command{.reply = reply, .ifLost = ifLost, .script = &script};
    appendCommand(command.bytes, std::span{all.begin(), end});
    return command;
  }

  /// The outcome of a script that says whether the lease was held.
  Later<bool> run(std::size_t number, std::span<const RedisArgument> keys,
                  std::span<const RedisArgument> values, RedisCommand::IfLost ifLost) {
    return ask<bool>(commandOf(number, keys, values, ifLost, RedisReply::Kind::number),
                     [](const RedisReply& reply) { return reply.number == 1; });
  }

  /// What `read` makes of the reply, perhaps when this store is gone.
  template <class T, class Read>
  Later<T> ask(RedisCommand command, Read read) {
    return Later<T>{[&](Answer<T> answer) {
      client_.ask(std::move(command), [answer = std::move(answer), read](RedisOutcome outcome) {
        if (auto* error = std::get_if<1>(&outcome)) return answer.fail(std::move(*error));
        try {
          answer(read(std::get<0>(outcome)));
        } catch (...) {
          answer.fail(std::current_exception());
        }
      });
    }};
  }

  const std::string prefix_;
  RedisClient client_;
};

}  // namespace

std::shared_ptr<SessionStore> redisSessionStore(RedisAddress address) {
  return std::make_shared<RedisSessionStore>(std::move(address));
}

}  // namespace ivr::session
