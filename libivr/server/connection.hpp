#pragma once
// One client: its requests in, its responses out, in order, and the deadlines for both.
//
// What is kept of the input is at most `maxHeaderBytes` and `maxBodyBytes` together: no more than
// that is read before the request is served or refused.

#include "core/descriptor.hpp"
#include "ivr/http/response.hpp"
#include "ivr/server/server.hpp"
#include "server/connection_limit.hpp"
#include "server/outbox.hpp"
#include "server/request_parser.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ivr::server {

/// What a connection needs of the worker that it belongs to.
class ConnectionHost {
 public:
  virtual ~ConnectionHost() = default;

  /// The answer to a request, if it is there at once; otherwise the host calls `onResponse` when it
  /// comes.
  virtual std::optional<Response> dispatch(Request request, int socket, std::uint64_t serial) = 0;

  /// Asks for `onTurn` to be called soon, after others have had their turn.
  virtual void callAgain(int socket, std::uint64_t serial) = 0;

  [[nodiscard]] virtual const ServerOptions& options() const = 0;
  [[nodiscard]] virtual const std::string& dateHeader() const = 0;
  [[nodiscard]] virtual SteadyTime now() const = 0;
  [[nodiscard]] virtual bool isDraining() const = 0;

  // For the time of one call, and shared by all connections: an idle one has no buffer.
  [[nodiscard]] virtual std::string& readBuffer() = 0;
  [[nodiscard]] virtual std::string& writeBuffer() = 0;
};

/// Owns the socket. Used by one worker thread only. After any call, ask `isClosed`.
class Connection {
 public:
  /// `serial` tells this connection from every other that had or will have the same descriptor.
  Connection(Descriptor socket, std::string peerAddress, std::uint64_t serial,
             ConnectionHost& host);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] std::uint64_t serial() const noexcept { return serial_; }
  [[nodiscard]] bool isClosed() const noexcept { return state_ == State::closed; }

  /// The socket can be read or written, or has failed.
  void onReady();

  /// Others have had their turn.
  void onTurn();

  /// The answer to the request that was dispatched.
  void onResponse(Response response);

  /// Closes, answers 408 or does nothing, depending on the time.
  void onTick();

  /// Since when it has waited for its client: for a request, for the rest of one, or for the answer
  /// to be taken. None while the application works for it.
  [[nodiscard]] std::optional<SteadyTime> waitsSince() const noexcept;

  /// Closes without a word, to make room for others. A request that has come is read before that;
  /// then `waitsSince` changes, and the connection stays.
  void giveWay();

  /// The server stops: what is in flight is finished. A client that has nothing in flight may be
  /// sending the next request at this moment, so it gets `drainIdleDeadline` for a last one.
  void onDrain();

 private:
  enum class State {
    idle,       ///< Between requests.
    header,     ///< In the header of a request.
    body,       ///< In its body.
    answering,  ///< Waiting for the application.
    sending,    ///< Waiting for the client to take the answer.
    lingering,  ///< Answered for the last time; reads on so that the client sees the answer.
    closed,
  };

  [[nodiscard]] bool isReading() const noexcept;
  void readAndServe();
  bool parse();
  bool receive();
  RequestParser::Progress feed(std::string_view bytes, std::size_t& used);
  void act(RequestParser::Progress progress);
  void discard();
  [[nodiscard]] std::size_t room() const;
  [[nodiscard]] bool hasUnreadInput() const;
  [[nodiscard]] std::string_view unused() const noexcept;
  void use(std::size_t bytes);
  void serve();
  void refuse(int status);
  void answer(Response response);
  [[nodiscard]] std::string& headOf(const Response& response);
  void send();
  void waitForTurn();
  void enter(State state, std::chrono::milliseconds deadline);
  void enterIdle();
  void close();

  Descriptor socket_;
  std::string peerAddress_;
  std::uint64_t serial_;
  ConnectionHost& host_;

  State state_ = State::idle;
  SteadyTime since_;  ///< In this state, or since the client took some of the answer.
  SteadyTime deadline_;
  std::string input_;          ///< Received and not yet used, behind what was used.
  std::size_t usedInput_ = 0;  ///< Of `input_`.
  std::optional<RequestParser> parser_;
  Outbox outbox_;
  bool awaitsTurn_ = false;
  bool isHead_ = false;
  bool closesAfter_ = false;
  bool lingers_ = false;
};

}  // namespace ivr::server
