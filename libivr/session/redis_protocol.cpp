#include "session/redis_protocol.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace ivr::session {

namespace {

constexpr std::string_view kLineEnd = "\r\n";

/// A letter, a number and a line end.
constexpr std::size_t kMaxHead = 1 + 20 + kLineEnd.size();

void appendHead(std::string& bytes, char kind, std::size_t number) {
  std::array<char, kMaxHead> head;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
  head[0] = kind;
  char* end = std::to_chars(head.data() + 1, head.data() + head.size(), number).ptr;
  *end++ = '\r';
  *end++ = '\n';
  bytes.append(head.data(), end);
}

/// Takes a line from `in`, without its end; nothing if the end has not come.
std::optional<std::string_view> takeLine(std::string_view& in) {
  const std::string_view seen = in.substr(0, RedisReplyReader::kMaxLine);
  const std::size_t end = seen.find('\n');
  if (end == std::string_view::npos) {
    if (seen.size() == RedisReplyReader::kMaxLine) throw RedisNonsense{"a line without an end"};
    return std::nullopt;
  }
  if (end == 0 || in[end - 1] != '\r') throw RedisNonsense{"not the protocol of Redis"};
  in.remove_prefix(end + 1);
  return seen.substr(0, end - 1);
}

std::int64_t numberIn(std::string_view text) {
  const auto number = numberFrom<std::int64_t>(text);
  if (!number) throw RedisNonsense{"not the protocol of Redis"};
  return *number;
}

/// A size, or nothing for -1.
std::optional<std::size_t> sizeIn(std::string_view text, std::size_t most) {
  const std::int64_t size = numberIn(text);
  if (size == -1) return std::nullopt;
  if (size < 0) throw RedisNonsense{"not the protocol of Redis"};
  if (static_cast<std::uint64_t>(size) > most) {
    throw RedisNonsense{"an answer larger than any that was asked for"};
  }
  return static_cast<std::size_t>(size);
}

/// Takes a text whose size the line before has said, into `text`; false if not all has come.
bool takeText(std::string_view& in, std::string_view sizeText,
              std::optional<std::string_view>& text) {
  const auto size = sizeIn(sizeText, RedisReplyReader::kMaxText);
  if (!size) return true;
  if (in.size() < *size + kLineEnd.size()) return false;
  if (in.substr(*size, kLineEnd.size()) != kLineEnd) {
    throw RedisNonsense{"not the protocol of Redis"};
  }
  text = in.substr(0, *size);
  in.remove_prefix(*size + kLineEnd.size());
  return true;
}

/// Takes the items of a list; false if not all have come.
bool takeItems(std::string_view& in, RedisReply& reply) {
  for (std::size_t i = 0; i < reply.size; ++i) {
    const auto line = takeLine(in);
    if (!line) return false;
    if (!line->starts_with('$')) throw RedisNonsense{"an answer that nobody asked for"};
    if (!takeText(in, line->substr(1), reply.items[i])) return false;
  }
  return true;
}

/// Takes a reply from `in`; nothing if not all of it has come.
std::optional<RedisReply> takeReply(std::string_view& in) {
  const auto line = takeLine(in);
  if (!line) return std::nullopt;
  const std::string_view rest = line->substr(line->empty() ? 0 : 1);
  RedisReply reply;
  switch (line->empty() ? '\0' : line->front()) {
    case '+':
      reply.kind = RedisReply::Kind::text;
      reply.text = rest;
      return reply;
    case '-':
      reply.kind = RedisReply::Kind::error;
      reply.text = rest;
      return reply;
    case ':':
      reply.kind = RedisReply::Kind::number;
      reply.number = numberIn(rest);
      return reply;
    case '$': {
      std::optional<std::string_view> text;
      if (!takeText(in, rest, text)) return std::nullopt;
      if (text) reply = {.kind = RedisReply::Kind::text, .text = *text};
      return reply;
    }
    case '*': {
      const auto size = sizeIn(rest, RedisReply::kMaxItems);
      if (!size) return reply;
      reply.kind = RedisReply::Kind::list;
      reply.size = *size;
      if (!takeItems(in, reply)) return std::nullopt;
      return reply;
    }
    default: throw RedisNonsense{"not the protocol of Redis"};
  }
}

}  // namespace

void appendCommand(std::string& bytes, std::span<const RedisArgument> arguments) {
  std::size_t size = kMaxHead;
  for (const RedisArgument& argument : arguments) {
    size += kMaxHead + argument.size() + kLineEnd.size();
  }
  bytes.reserve(bytes.size() + size);
  appendHead(bytes, '*', arguments.size());
  for (const RedisArgument& argument : arguments) {
    appendHead(bytes, '$', argument.size());
    argument.appendTo(bytes);
    bytes.append(kLineEnd);
  }
}

void appendCommand(std::string& bytes, std::initializer_list<RedisArgument> arguments) {
  appendCommand(bytes, std::span{arguments.begin(), arguments.size()});
}

std::span<char> RedisReplyReader::room() {
  const std::size_t held = end_ - begin_;
  if (held == 0 && buffer_.size() > kBuffer) {  // a long reply has gone
    buffer_.clear();
    buffer_.shrink_to_fit();
  }
  if (begin_ > 0) std::memmove(buffer_.data(), buffer_.data() + begin_, held);
  begin_ = 0;
  end_ = held;
  if (held + kBuffer / 2 > buffer_.size()) buffer_.resize(std::max(kBuffer, 2 * buffer_.size()));
  return std::span{buffer_}.subspan(held);
}

std::optional<RedisReply> RedisReplyReader::next() {
  const std::string_view all = unread();
  std::string_view in = all;
  auto reply = takeReply(in);
  if (reply) begin_ += all.size() - in.size();
  return reply;
}

}  // namespace ivr::session
