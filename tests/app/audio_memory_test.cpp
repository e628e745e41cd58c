// What slow readers of audio cost a server.

#include "ivr/server/server.hpp"
#include "support/audio_app.hpp"
#include "support/audio_copies.hpp"
#include "support/process.hpp"
#include "support/raw_client.hpp"
#include "support/server.hpp"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

using namespace ivr;
using support::audioCopies;
using support::kIsSanitized;
using support::openConfig;
using support::RawClient;
using testing::HasSubstr;

namespace {

constexpr std::uint64_t kFileBytes = 4 << 20;  // more than sockets take at once
constexpr std::uint64_t kMemory = 16 * kFileBytes;
constexpr std::size_t kFiles = 24;

std::string contentOf(std::size_t number) {
  std::string bytes(kFileBytes, static_cast<char>('a' + number));
  for (std::size_t at = 0; at < bytes.size(); at += 4096) bytes[at] = static_cast<char>(at >> 12);
  return bytes;
}

std::string nameOf(std::size_t number) { return std::to_string(number) + ".mp3"; }

std::string requestFor(std::size_t number) {
  return "GET /static/" + nameOf(number) + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

/// A server with more audio than memory for copies, in threads of this process.
class AudioMemory : public support::Audio {
 protected:
  AudioMemory() {
    for (std::size_t number = 0; number < kFiles; ++number) {
      temp.write("audio/" + nameOf(number), contentOf(number));
    }
    AudioOptions options = folderAt("/static");
    options.memoryLimit = kMemory;
    Config config = openConfig();
    config.executor = nullptr;
    app.emplace(std::move(options), std::move(config));
    server.emplace(app->ivr.handler(), support::quickOptions(), app->ivr.borrower());
  }

  /// Readers that have the head of an answer each, and read no further.
  [[nodiscard]] std::vector<std::unique_ptr<RawClient>> slowReaders(std::size_t ofEach) const {
    std::vector<std::unique_ptr<RawClient>> readers;
    for (std::size_t reader = 0; reader < ofEach * kFiles; ++reader) {
      readers.push_back(std::make_unique<RawClient>(server->port()));
      readers.back()->send(requestFor(reader % kFiles));
      EXPECT_THAT(readers.back()->readUntil("\r\n\r\n"), HasSubstr(" 200 OK"));
    }
    return readers;
  }

  std::optional<support::AudioApp> app;
  std::optional<Server> server;
};

TEST_F(AudioMemory, LimitHoldsWithManySlowReadersOfManyFiles) {
  const auto before = support::residentBytes();
  const auto readers = slowReaders(5);
  EXPECT_LE(audioCopies().bytes, kMemory);
  EXPECT_GE(audioCopies().bytes, kMemory / 2) << "the readers hold the files";
  if (!kIsSanitized) {
    EXPECT_LT(support::residentBytes() - before, 16 << 20);
  }
}

TEST_F(AudioMemory, EveryFileIsServedWholeBesideSlowReaders) {
  const auto readers = slowReaders(1);
  RawClient other{server->port()};
  for (std::size_t number = 0; number < kFiles; ++number) {
    other.send(requestFor(number));
    const std::string response = other.readResponse();
    EXPECT_TRUE(response.ends_with("\r\n\r\n" + contentOf(number))) << number;
  }
}

TEST_F(AudioMemory, FileThatChangesWhileItIsReadFromTheDiskEndsItsAnswerEarly) {
  const auto readers = slowReaders(1);
  RawClient client{server->port()};
  client.send(requestFor(kFiles - 1));  // the last one found no room
  std::string response = client.readUntil("\r\n\r\n");
  temp.overwrite("audio/" + nameOf(kFiles - 1), std::string(kFileBytes, 'X'));
  response += client.readToEnd();
  EXPECT_TRUE(client.isClosed());
  EXPECT_THAT(response, HasSubstr("Content-Length: " + std::to_string(kFileBytes)));
  EXPECT_LT(response.size(), kFileBytes);
  const std::string content = response.substr(response.find("\r\n\r\n") + 4);
  EXPECT_TRUE(contentOf(kFiles - 1).starts_with(content)) << "a mixture of two versions";
}

}  // namespace
