#pragma once
// What is said on a connection to Redis: commands, and replies to them.
//
// Protocol: https://redis.io/docs/latest/develop/reference/protocol-spec/ (RESP 2). Of its replies,
// these are read: a text, a number, nothing, an error, and a list of texts. Our commands have no
// others.

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ivr::session {

/// An argument of a command, in two pieces: keys begin alike.
class RedisArgument {
 public:
  constexpr RedisArgument() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): most arguments are one piece
  constexpr RedisArgument(std::string_view whole) : head_(whole) {}
  // NOLINTNEXTLINE(google-explicit-constructor): as above
  constexpr RedisArgument(const char* whole) : head_(whole) {}
  // NOLINTNEXTLINE(google-explicit-constructor): as above
  RedisArgument(const std::string& whole) : head_(whole) {}
  constexpr RedisArgument(std::string_view head, std::string_view tail)
      : head_(head), tail_(tail) {}

  [[nodiscard]] constexpr std::size_t size() const noexcept { return head_.size() + tail_.size(); }
  void appendTo(std::string& bytes) const { bytes.append(head_).append(tail_); }

 private:
  std::string_view head_;
  std::string_view tail_;
};

/// Appends a command as it is sent.
void appendCommand(std::string& bytes, std::span<const RedisArgument> arguments);
void appendCommand(std::string& bytes, std::initializer_list<RedisArgument> arguments);

/// A reply of the server. A value; its texts belong to the reader that gave it.
struct RedisReply {
  enum class Kind { nothing, text, number, error, list };
  static constexpr std::size_t kMaxItems = 4;

  Kind kind = Kind::nothing;
  std::string_view text = {};  ///< Also of an error.
  std::int64_t number = 0;
  std::size_t size = 0;  ///< Of the list.
  std::array<std::optional<std::string_view>, kMaxItems> items = {};
};

/// What was received is no reply that we could have asked for.
struct RedisNonsense {
  const char* why;
};

/// Finds replies in the bytes of a connection.
///
/// A resource of one thread. Holds one reply at most, beside what came with it; one that is longer
/// than any that we could have asked for is refused as soon as it says so.
class RedisReplyReader {
 public:
  static constexpr std::size_t kMaxText = 1 << 20;
  static constexpr std::size_t kMaxLine = 16 << 10;

  /// Where the next bytes go. Ends the texts of all replies before.
  [[nodiscard]] std::span<char> room();
  /// Says how many have been put there.
  void received(std::size_t size) noexcept { end_ += size; }

  /// The next reply, if all of it has come. Throws `RedisNonsense`.
  [[nodiscard]] std::optional<RedisReply> next();

 private:
  static constexpr std::size_t kBuffer = 64 << 10;

  [[nodiscard]] std::string_view unread() const noexcept {
    return std::string_view{buffer_}.substr(begin_, end_ - begin_);
  }

  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace ivr::session
