// Replies of a server, in whatever pieces they come.

#include "session/redis_protocol.hpp"

#include <algorithm>
#include <cstddef>
#include <gmock/gmock.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ivr::session;
using Kind = RedisReply::Kind;

/// A reply as text, which outlives the reader.
std::string shown(const RedisReply& reply) {
  switch (reply.kind) {
    case Kind::nothing: return "nothing";
    case Kind::text: return "text " + std::string{reply.text};
    case Kind::number: return "number " + std::to_string(reply.number);
    case Kind::error: return "error " + std::string{reply.text};
    case Kind::list: break;
  }
  std::string all = "list";
  for (std::size_t i = 0; i < reply.size; ++i) {
    all += ' ';
    all += reply.items[i].value_or("-");
  }
  return all;
}

/// The replies in bytes that come `atOnce` at a time.
std::vector<std::string> repliesIn(std::string_view bytes, std::size_t atOnce) {
  RedisReplyReader reader;
  std::vector<std::string> all;
  while (!bytes.empty()) {
    const auto room = reader.room();
    const std::size_t size = std::min({atOnce, bytes.size(), room.size()});
    std::ranges::copy(bytes.substr(0, size), room.begin());
    reader.received(size);
    bytes.remove_prefix(size);
    while (const auto reply = reader.next()) all.push_back(shown(*reply));
  }
  return all;
}

TEST(RedisCommand, IsAListOfTexts) {
  using namespace std::string_literals;
  std::string bytes;
  appendCommand(bytes, {"SET", {"a ", "key"}, std::string_view{"\r\n\0", 3}, ""});
  EXPECT_EQ(bytes, "*4\r\n$3\r\nSET\r\n$5\r\na key\r\n$3\r\n\r\n\0\r\n$0\r\n\r\n"s);
}

TEST(RedisReplies, AreFoundInAnyPieces) {
  const std::string bytes =
      "+OK\r\n:-12\r\n$5\r\na\r\nbc\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n*3\r\n$1\r\na\r\n$-1\r\n"
      "$2\r\nbc\r\n-ERR no\r\n";
  const std::vector<std::string> expected{"text OK", "number -12",  "text a\r\nbc",
                                          "text ",   "nothing",     "nothing",
                                          "list",    "list a - bc", "error ERR no"};
  for (std::size_t atOnce = 1; atOnce <= bytes.size(); ++atOnce) {
    ASSERT_EQ(repliesIn(bytes, atOnce), expected) << atOnce;
  }
}

TEST(RedisReplies, MayBeAsLargeAsWhatIsSaved) {
  const std::string text(RedisReplyReader::kMaxText, 'x');
  const std::string one = '$' + std::to_string(text.size()) + "\r\n" + text + "\r\n";
  const std::string list = "*2\r\n" + one + one;
  const std::vector<std::string> expected{"list " + text + ' ' + text, "number 1",
                                          "list " + text + ' ' + text};
  EXPECT_TRUE(repliesIn(list + ":1\r\n" + list, 10'000) == expected);
}

class RedisNonsenseIn : public testing::TestWithParam<std::string> {};

TEST_P(RedisNonsenseIn, IsRefusedInAnyPieces) {
  for (const std::size_t atOnce : {std::size_t{1}, std::size_t{7}, GetParam().size()}) {
    EXPECT_THROW((void)repliesIn("+OK\r\n" + GetParam(), atOnce), RedisNonsense);
  }
}

INSTANTIATE_TEST_SUITE_P(, RedisNonsenseIn,
                         testing::Values("\r\n", "\n", "+OK\n", "hello\r\n", ":\r\n", ":1a\r\n",
                                         ": 1\r\n", ":+1\r\n", ":9223372036854775808\r\n", "$\r\n",
                                         "$-2\r\n", "$1048577\r\n", "$18446744073709551616\r\n",
                                         "$1\r\nabc", "$1\r\na\n\r", "*5\r\n", "*2147483647\r\n",
                                         "*-2\r\n", "*1\r\n:1\r\n", "*1\r\n*0\r\n",
                                         "*1\r\n$2\r\nabc\r\n", "%1\r\n", "_\r\n",
                                         std::string(20'000, '+'), '*' + std::string(20'000, '1')));

}  // namespace
