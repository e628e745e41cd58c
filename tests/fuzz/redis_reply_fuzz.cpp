// Bytes of a Redis server give the same replies in whatever pieces they come, and what is no reply
// is refused.

#include "fuzz.hpp"
#include "session/redis_protocol.hpp"

#include <algorithm>
#include <vector>

using namespace ivr::session;
using ivr::fuzz::require;

namespace {

struct Found {
  std::vector<std::string> replies = {};
  bool isRefused = false;
  friend bool operator==(const Found&, const Found&) = default;
};

std::string shown(const RedisReply& reply) {
  require(reply.size <= RedisReply::kMaxItems);
  require(reply.text.size() <= RedisReplyReader::kMaxText);
  std::string all = std::to_string(static_cast<int>(reply.kind)) + ' ' +
                    std::to_string(reply.number) + ' ' + std::string{reply.text};
  for (std::size_t i = 0; i < reply.size; ++i) {
    all += reply.items[i] ? '=' + std::string{*reply.items[i]} : "-";
  }
  return all;
}

Found foundIn(std::string_view bytes, std::size_t atOnce) {
  RedisReplyReader reader;
  Found found;
  try {
    while (!bytes.empty()) {
      const auto room = reader.room();
      require(!room.empty() && room.size() < (16 << 20));
      const std::size_t size = std::min({atOnce, bytes.size(), room.size()});
      std::ranges::copy(bytes.substr(0, size), room.begin());
      reader.received(size);
      bytes.remove_prefix(size);
      while (const auto reply = reader.next()) found.replies.push_back(shown(*reply));
    }
  } catch (const RedisNonsense&) {
    found.isRefused = true;
  }
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const Found whole = foundIn(bytes, size);
  require(whole == foundIn(bytes, 1));
  require(whole == foundIn(bytes, 7));
  return 0;
}
