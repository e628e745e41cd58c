#pragma once
// A client of one Redis server: one connection, on which commands do not wait for one another.

#include "core/thread.hpp"
#include "ivr/core/once_function.hpp"
#include "ivr/session/session_store.hpp"
#include "session/redis_protocol.hpp"

#include <exception>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace ivr::session {

/// A script, and the name by which a server that knows it is asked to run it.
struct RedisScript {
  explicit RedisScript(std::string body);
  std::string text;
  std::string sha;
};

/// A reply, or why there is none.
using RedisOutcome = std::variant<RedisReply, std::exception_ptr>;

/// What the server is asked, and how.
struct RedisCommand {
  enum class IfLost { fail, repeat };

  std::string bytes = {};  ///< As sent. If it is several commands, the last reply is the outcome.
  std::size_t replies = 1;
  RedisReply::Kind reply = RedisReply::Kind::number;  ///< Of what kind the outcome is; a text
                                                      ///< may be missing.
  std::size_t items = 0;                              ///< Of the outcome, if it is a list.
  IfLost ifLost = IfLost::repeat;       ///< If the connection is, when it is not new; at most once.
  const RedisScript* script = nullptr;  ///< That it runs; a server that does not know it is told.
};

/// Sends commands in the order in which they are asked, and gives their outcomes in the same order.
///
/// Connects when it is first needed, and again after a failure. Threads: `ask` may be called from
/// any; everything else happens on one thread of the client. The destructor waits for what was
/// asked, at most as long as `RedisAddress::timeout`; on the client's own thread it returns at
/// once, and what was asked is settled afterwards.
class RedisClient {
 public:
  using Receiver = detail::OnceFunction<RedisOutcome>;

  /// `name` is for messages; there is at least one script. Throws `Error{config}` for a file of the
  /// address that cannot be used.
  RedisClient(RedisAddress address, std::string name, std::vector<RedisScript> scripts);
  RedisClient(const RedisClient&) = delete;
  RedisClient& operator=(const RedisClient&) = delete;
  ~RedisClient();

  /// One of the scripts given to the constructor.
  [[nodiscard]] const RedisScript& script(std::size_t number) const noexcept;

  /// The outcome goes to `receiver`, which must be short and must not throw. Throws
  /// `Error{unavailable}` if too much has been asked and not answered.
  void ask(RedisCommand command, Receiver receiver);

 private:
  class Loop;
  const std::shared_ptr<Loop> loop_;
  OwnedThread thread_;
};

}  // namespace ivr::session
